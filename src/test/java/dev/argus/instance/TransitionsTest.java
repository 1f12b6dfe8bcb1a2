package dev.argus.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransitionsTest {
    private final Transitions transitions = new Transitions(RestartPolicy.DEFAULT);
    private Situation now = Situation.NEW;
    private List<Effect> effects = List.of();
    private long clock = 0;

    private TransitionsTest after(Happening happening) {
        clock += Duration.ofSeconds(1).toNanos();
        Transitions.Next next = transitions.next(now, happening, clock, 0.5);
        now = next.situation();
        effects = next.effects();
        return this;
    }

    private TransitionsTest running() {
        return after(new Happening.Wanted()).after(new Happening.Spawned(now.generation()));
    }

    @Test
    void aWantedInstanceIsSpawnedThenWatched() {
        after(new Happening.Wanted());
        assertThat(now.state()).isEqualTo(InstanceState.STARTING);
        assertThat(effects).containsExactly(new Effect.Spawn(1));
        after(new Happening.Spawned(1));
        assertThat(now.state()).isEqualTo(InstanceState.RUNNING);
        assertThat(effects).containsExactly(new Effect.Watch(1));
    }

    @Test
    void theFirstCrashIsFollowedByAStartAtOnce() {
        running().after(new Happening.Exited(1, "killed by signal 9 (SIGKILL)"));
        assertThat(now.state()).isEqualTo(InstanceState.STARTING);
        assertThat(effects).containsExactly(new Effect.Spawn(2), new Effect.CountRestart(), new Effect.Unwatch());
        assertThat(now.reason()).isEqualTo("killed by signal 9 (SIGKILL); started again at once.");
    }

    @Test
    void aHealthyInstanceMayBeStartedAgainWithoutAskingOnlyWhenThePolicyWouldDoSoAtOnce() {
        running().after(new Happening.BecameHealthy(1));
        assertThat(effects).containsExactly(new Effect.AllowRestart(1));
        after(new Happening.Restarted(1, "killed by signal 9 (SIGKILL)"));
        assertThat(now.state()).isEqualTo(InstanceState.RUNNING);
        assertThat(now.health()).isEqualTo(Health.UNKNOWN);
        assertThat(now.reason()).isEqualTo("killed by signal 9 (SIGKILL); started again at once.");
        assertThat(effects).containsExactly(new Effect.Unwatch(), new Effect.Watch(2), new Effect.CountRestart());
        after(new Happening.BecameHealthy(2));
        assertThat(effects).containsExactly(new Effect.WaitForReset(2, Duration.ofSeconds(60)));
        after(new Happening.HealthyForLong(2));
        assertThat(effects).containsExactly(new Effect.AllowRestart(2));
    }

    @Test
    void aRestartThatTheStopOvertookIsIgnored() {
        running().after(new Happening.BecameHealthy(1)).after(new Happening.Unwanted("stopped by ann"));
        after(new Happening.Restarted(1, "exit status 1"));
        assertThat(now.state()).isEqualTo(InstanceState.STOPPING);
        assertThat(effects).isEmpty();
        after(new Happening.Stopped(2));
        assertThat(now.state()).isEqualTo(InstanceState.STOPPED);
    }

    @Test
    void theSecondCrashInARowWaits() {
        running().after(new Happening.Exited(1, "exit status 1"));
        after(new Happening.Spawned(2)).after(new Happening.Exited(2, "exit status 1"));
        assertThat(now.state()).isEqualTo(InstanceState.BACKOFF);
        assertThat(effects).containsExactly(new Effect.Unwatch(), new Effect.Wait(3, Duration.ofMillis(500)));
        after(new Happening.DelayOver(3));
        assertThat(now.state()).isEqualTo(InstanceState.STARTING);
    }

    @Test
    void anInstanceThatIsUnhealthyIsStoppedThenStarted() {
        running().after(new Happening.BecameHealthy(1)).after(new Happening.BecameUnhealthy(1, "the probe timed out"));
        assertThat(now.state()).isEqualTo(InstanceState.STOPPING);
        assertThat(effects).containsExactly(new Effect.Unwatch(), new Effect.Stop(2));
        after(new Happening.Exited(1, "killed by signal 15"));
        assertThat(effects).isEmpty();
        after(new Happening.Stopped(2));
        assertThat(now.state()).isEqualTo(InstanceState.STARTING);
    }

    @Test
    void anInstanceThatIsUnhealthyAndCannotBeReplacedIsLeftAloneUntilItRecoversOrCanBe() {
        running().after(new Happening.BecameHealthy(1)).after(new Happening.CannotBeReplaced(1, "it hangs"));
        assertThat(now.state()).isEqualTo(InstanceState.RUNNING);
        assertThat(now.health()).isEqualTo(Health.UNHEALTHY);
        assertThat(effects).isEmpty();
        after(new Happening.BecameHealthy(1));
        assertThat(now.health()).isEqualTo(Health.HEALTHY);
        after(new Happening.CannotBeReplaced(1, "it hangs")).after(new Happening.BecameUnhealthy(1, "it hangs"));
        assertThat(now.state()).isEqualTo(InstanceState.STOPPING);
    }

    @Test
    void aStopDuringTheWaitWins() {
        running()
                .after(new Happening.Exited(1, "x"))
                .after(new Happening.Spawned(2))
                .after(new Happening.Exited(2, "x"));
        after(new Happening.Unwanted("stopped by ann"));
        assertThat(now.state()).isEqualTo(InstanceState.STOPPING);
        assertThat(effects).as("what the crash left behind ends too").contains(new Effect.Stop(4));
        after(new Happening.DelayOver(3));
        assertThat(effects).isEmpty();
        after(new Happening.Stopped(4));
        assertThat(now.state()).isEqualTo(InstanceState.STOPPED);
        assertThat(now.reason()).isEqualTo("stopped by ann");
        assertThat(effects).isEmpty();
    }

    @Test
    void aStartDuringTheStopStartsItAnewOnceItIsStopped() {
        running().after(new Happening.Unwanted("stopped by ann")).after(new Happening.Wanted());
        assertThat(now.state()).isEqualTo(InstanceState.STOPPING);
        after(new Happening.Stopped(2));
        assertThat(now.state()).isEqualTo(InstanceState.STARTING);
    }

    @Test
    void whatComesLateIsIgnored() {
        running().after(new Happening.Exited(1, "x")).after(new Happening.Spawned(2));
        Situation before = now;
        after(new Happening.Exited(1, "x"))
                .after(new Happening.BecameHealthy(1))
                .after(new Happening.DelayOver(1));
        assertThat(now).isEqualTo(before);
    }

    @Test
    void aRestartThatWasAskedForDoesNotCountAgainstTheInstance() {
        running().after(new Happening.RestartAsked("restarted by ann")).after(new Happening.Stopped(2));
        assertThat(now.state()).isEqualTo(InstanceState.STARTING);
        assertThat(now.restarts()).isEqualTo(Restarts.NONE);
        assertThat(effects).containsExactly(new Effect.Spawn(3), new Effect.CountRestart());
    }

    @Test
    void anInstanceFoundGoneWhenArgusComesBackIsStartedAgain() {
        now = Situation.NEW.wanting(true);
        after(new Happening.FoundGone("was gone when Argus came back"));
        assertThat(now.state()).isEqualTo(InstanceState.STARTING);
    }

    @Test
    void aBackOffThatARestartOfArgusInterruptedGoesOnAndItsRestartCountsOnce() {
        now = Situation.NEW.wanting(true).counting(new Restarts(3, List.of(1L, 2L, 3L)), false);
        after(new Happening.FoundWaiting("exit status 7", Duration.ofSeconds(2)));
        assertThat(now.state()).isEqualTo(InstanceState.BACKOFF);
        assertThat(now.restarts().inRow()).isEqualTo(3);
        assertThat(effects).containsExactly(new Effect.Wait(now.generation(), Duration.ofSeconds(2)));

        after(new Happening.DelayOver(now.generation()));
        assertThat(effects).contains(new Effect.CountRestart());
        assertThat(now.restarts().inRow()).isEqualTo(3);
    }

    @Test
    void aBackOffOfAServiceThatWasStoppedMeanwhileIsOver() {
        now = Situation.NEW.wanting(false);
        after(new Happening.FoundWaiting("exit status 7", Duration.ofSeconds(2)));
        assertThat(now.state()).isEqualTo(InstanceState.STOPPED);
        assertThat(effects).isEmpty();
    }

    @Test
    void whatDoesNotEndIsSaidAndNothingIsStartedInItsPlace() {
        after(new Happening.Wanted());
        after(new Happening.Spawned(now.generation()));
        after(new Happening.BecameUnhealthy(now.generation(), "it hangs"));

        after(new Happening.StopFailed(now.generation(), "1 process does not end"));

        assertThat(now.state()).isEqualTo(InstanceState.STOPPING);
        assertThat(now.reason()).isEqualTo("1 process does not end");
        assertThat(now.failed()).isTrue();
        assertThat(effects).isEmpty();
        after(new Happening.StopFailed(now.generation() - 1, "late"));
        assertThat(now.reason()).isEqualTo("1 process does not end");
        after(new Happening.Stopped(now.generation()));
        assertThat(now.state()).isEqualTo(InstanceState.STARTING);
        assertThat(now.failed()).isFalse();
    }

    @Test
    void whatFailedBeforeItWasNotWantedAnyMoreHasNotFailedToEnd() {
        for (InstanceState state : List.of(InstanceState.RUNNING, InstanceState.STARTING, InstanceState.STOPPING)) {
            now = new Situation(state, Health.UNHEALTHY, true, 3, Restarts.NONE, true, "it crashes again and again");

            after(new Happening.Unwanted("stopped by ann"));

            assertThat(now.state()).isEqualTo(InstanceState.STOPPING);
            assertThat(now.failed()).as("after %s", state).isFalse();
        }
    }

    @Test
    void whatDidNotEndForLongAndIsNotWantedIsStoppedAtLastLikeAnyOther() {
        after(new Happening.Wanted());
        after(new Happening.Spawned(now.generation()));
        after(new Happening.Unwanted("stopped by ann"));
        after(new Happening.StopFailed(now.generation(), "1 process does not end"));
        assertThat(now.failed()).isTrue();

        after(new Happening.Stopped(now.generation()));

        assertThat(now.state()).isEqualTo(InstanceState.STOPPED);
        assertThat(now.failed()).isFalse();
    }

    @Test
    void whatCannotHappenIsAFault() {
        assertThatThrownBy(() -> after(new Happening.Stopped(0))).isInstanceOf(IllegalStateException.class);
    }

    /** A world that obeys the effects in random order and lets random things happen. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void overAnyRandomLifeAtMostOneCopyRunsAndWhatIsWantedComesBack(long seed) {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var world = new World();
        for (int i = 0; i < 20_000; i++) {
            world.step(random);
        }
        world.settle();
        assertThat(now.state()).isEqualTo(now.wanted() ? InstanceState.RUNNING : InstanceState.STOPPED);
        assertThat(world.copies).isEqualTo(now.wanted() ? 1 : 0);
    }

    private final class World {
        private final List<Effect> due = new ArrayList<>();
        private int copies;
        private int restartAllowed = -1;

        void step(RandomGenerator random) {
            switch (random.nextInt(10)) {
                case 0 -> happen(new Happening.Wanted());
                case 1 -> happen(new Happening.Unwanted("stopped"));
                case 2 -> happen(new Happening.RestartAsked("restarted"));
                case 3 -> crash();
                case 4 -> happen(new Happening.BecameHealthy(now.generation() - random.nextInt(2)));
                case 5 -> happen(new Happening.BecameUnhealthy(now.generation() - random.nextInt(2), "hung"));
                case 6 -> happen(new Happening.HealthyForLong(now.generation()));
                case 7 -> happen(new Happening.CannotBeReplaced(now.generation() - random.nextInt(2), "hung"));
                default -> obey(random);
            }
            assertThat(copies).isBetween(0, 1);
        }

        private void crash() {
            if (copies == 1 && now.state() == InstanceState.RUNNING) {
                if (restartAllowed == now.generation()) {
                    happen(new Happening.Restarted(now.generation(), "crashed"));
                } else {
                    copies = 0;
                    happen(new Happening.Exited(now.generation(), "crashed"));
                }
            }
        }

        private void obey(RandomGenerator random) {
            if (!due.isEmpty()) {
                // a process is launched and stopped in the order that was asked for; timers come whenever they like
                int index = due.getFirst() instanceof Effect.Wait ? random.nextInt(due.size()) : 0;
                Effect effect = due.remove(due.get(index) instanceof Effect.Wait ? index : 0);
                switch (effect) {
                    case Effect.Spawn spawn -> {
                        copies++;
                        happen(new Happening.Spawned(spawn.generation()));
                    }
                    case Effect.Stop stop
                    when random.nextInt(4) == 0 -> {
                        happen(new Happening.StopFailed(stop.generation(), "it hangs in the kernel"));
                        due.addFirst(stop);
                    }
                    case Effect.Stop stop -> {
                        copies = 0;
                        happen(new Happening.Stopped(stop.generation()));
                    }
                    case Effect.Wait wait -> happen(new Happening.DelayOver(wait.generation()));
                    default -> throw new IllegalStateException("not due: " + effect);
                }
            }
        }

        void settle() {
            while (!due.isEmpty()) {
                obey(RandomGenerator.getDefault());
            }
        }

        private void happen(Happening happening) {
            after(happening);
            for (Effect effect : effects) {
                if (effect instanceof Effect.AllowRestart allow) {
                    restartAllowed = allow.generation();
                }
                if (effect instanceof Effect.Spawn || effect instanceof Effect.Stop || effect instanceof Effect.Wait) {
                    due.add(effect);
                }
            }
        }
    }
}
