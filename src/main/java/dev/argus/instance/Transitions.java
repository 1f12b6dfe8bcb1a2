package dev.argus.instance;

import static dev.argus.instance.InstanceState.BACKOFF;
import static dev.argus.instance.InstanceState.LOST;
import static dev.argus.instance.InstanceState.PENDING;
import static dev.argus.instance.InstanceState.RUNNING;
import static dev.argus.instance.InstanceState.STARTING;
import static dev.argus.instance.InstanceState.STOPPED;
import static dev.argus.instance.InstanceState.STOPPING;

import java.util.ArrayList;
import java.util.List;

/**
 * The state machine of an instance: what is so, what happens, what is so then and what is to be done. Pure.
 *
 * <pre>
 * PENDING ──wanted──▶ STARTING ──spawned──▶ RUNNING ──unwanted / unhealthy / restart──▶ STOPPING ──stopped──▶ STOPPED
 *                      ▲    ▲                  │                                           │
 *                      │    └──first time──────┤ exited                                    └──still wanted──▶ STARTING
 *                      └──delay over── BACKOFF ◀┘                                              or BACKOFF
 * after a restart of Argus:  PENDING ──adopted──▶ RUNNING      PENDING ──found gone──▶ LOST ──▶ STARTING or BACKOFF
 *                            PENDING ──found waiting──▶ BACKOFF
 * </pre>
 */
public final class Transitions {
    private final RestartPolicy policy;

    /** The machine with that restart policy. */
    public Transitions(RestartPolicy policy) {
        this.policy = policy;
    }

    /** What is so after a happening, and what is to be done. */
    public record Next(Situation situation, List<Effect> effects) {
        /** Copies the effects. */
        public Next {
            effects = List.copyOf(effects);
        }
    }

    /**
     * The next situation.
     *
     * @param nowNanos monotonic time
     * @param chance from 0 (inclusive) to 1 (exclusive), for the restart policy
     * @throws IllegalStateException when {@code happening} cannot happen in this state: a fault of the caller
     */
    public Next next(Situation now, Happening happening, long nowNanos, double chance) {
        return switch (happening) {
            case Happening.Wanted _ -> wanted(now);
            case Happening.Unwanted h -> unwanted(now, h.reason());
            case Happening.RestartAsked h -> restartAsked(now, h.reason());
            case Happening.Adopted _ -> adopted(now);
            case Happening.FoundGone h -> foundGone(now, h.reason(), nowNanos, chance);
            case Happening.FoundWaiting h -> foundWaiting(now, h);
            case Happening.Spawned h -> isLate(now, h.generation()) ? same(now) : spawned(now);
            case Happening.SpawnFailed h ->
                isLate(now, h.generation()) ? same(now) : gone(now, h.reason(), nowNanos, chance);
            case Happening.Exited h ->
                isLate(now, h.generation()) ? same(now) : gone(now, h.reason(), nowNanos, chance);
            case Happening.Restarted h ->
                isLate(now, h.generation()) ? same(now) : restarted(now, h.reason(), nowNanos, chance);
            case Happening.BecameHealthy h -> isLate(now, h.generation()) ? same(now) : healthy(now, nowNanos, chance);
            case Happening.BecameUnhealthy h -> isLate(now, h.generation()) ? same(now) : unhealthy(now, h.reason());
            case Happening.CannotBeReplaced h -> isLate(now, h.generation()) ? same(now) : leftAlone(now, h.reason());
            case Happening.Stopped h -> isLate(now, h.generation()) ? same(now) : stopped(now, nowNanos, chance);
            case Happening.StopFailed h -> isLate(now, h.generation()) ? same(now) : stuck(now, h.reason());
            case Happening.DelayOver h -> isLate(now, h.generation()) ? same(now) : delayOver(now);
            case Happening.HealthyForLong h -> isLate(now, h.generation()) ? same(now) : forget(now, nowNanos, chance);
        };
    }

    private static boolean isLate(Situation now, int generation) {
        return generation != now.generation();
    }

    private static Next same(Situation now) {
        return new Next(now, List.of());
    }

    private static Next wanted(Situation now) {
        Situation wanting = now.wanting(true);
        return switch (now.state()) {
            case PENDING, STOPPED, LOST ->
                spawn(wanting.counting(Restarts.NONE, false).because(""));
            case STARTING, RUNNING, BACKOFF -> same(wanting);
            case STOPPING -> same(now.wanted() ? wanting : wanting.because("is started again after its stop"));
        };
    }

    /** From here on to have failed means not to end. */
    private static Next unwanted(Situation now, String reason) {
        Situation given = now.wanting(false).counting(now.restarts(), false).because(reason);
        return switch (now.state()) {
            case PENDING, LOST, STOPPED ->
                new Next(
                        given.with(STOPPED)
                                .with(Health.UNKNOWN)
                                .counting(Restarts.NONE, false)
                                .nextGeneration(),
                        List.of());
            case STARTING, RUNNING -> stop(given);
            // what it started may have outlived it, and nobody would look for it later
            case BACKOFF -> stop(given.counting(Restarts.NONE, false));
            case STOPPING -> same(given);
        };
    }

    private static Next restartAsked(Situation now, String reason) {
        Situation wanting = now.wanting(true).counting(Restarts.NONE, false).because(reason);
        return switch (now.state()) {
            case PENDING, LOST, BACKOFF, STOPPED -> spawn(wanting);
            case STARTING, RUNNING -> stop(wanting);
            case STOPPING -> same(wanting);
        };
    }

    private static Next adopted(Situation now) {
        require(now, PENDING);
        Situation running = now.with(RUNNING).nextGeneration();
        return new Next(running, List.of(new Effect.Watch(running.generation())));
    }

    private Next foundGone(Situation now, String reason, long nowNanos, double chance) {
        require(now, PENDING);
        Situation lost = now.with(LOST).because(reason);
        return now.wanted() ? again(lost, reason, nowNanos, chance, List.of()) : same(lost.with(STOPPED));
    }

    /** The decision was made already, and counts once. */
    private static Next foundWaiting(Situation now, Happening.FoundWaiting found) {
        require(now, PENDING);
        if (!now.wanted()) {
            return same(now.with(STOPPED));
        }
        Situation waiting = now.with(BACKOFF).because(found.reason()).nextGeneration();
        return new Next(waiting, List.of(new Effect.Wait(waiting.generation(), found.left())));
    }

    private static Next spawned(Situation now) {
        if (now.state() == STOPPING) {
            return same(now);
        }
        require(now, STARTING);
        return new Next(now.with(RUNNING), List.of(new Effect.Watch(now.generation())));
    }

    /** It is gone without having been stopped. */
    private Next gone(Situation now, String reason, long nowNanos, double chance) {
        if (now.state() == STOPPING) {
            return same(now);
        }
        require(now, STARTING, RUNNING);
        List<Effect> first = now.state() == RUNNING ? List.of(new Effect.Unwatch()) : List.of();
        return again(now, reason, nowNanos, chance, first);
    }

    private Next restarted(Situation now, String reason, long nowNanos, double chance) {
        require(now, RUNNING);
        RestartPolicy.Decision decision = policy.decide(now.restarts(), nowNanos, chance);
        Situation running = now.with(Health.UNKNOWN)
                .counting(decision.history(), decision.failed())
                .because(reason + "; " + decision.words() + ".")
                .nextGeneration();
        return new Next(
                running,
                List.of(new Effect.Unwatch(), new Effect.Watch(running.generation()), new Effect.CountRestart()));
    }

    private Next healthy(Situation now, long nowNanos, double chance) {
        if (now.state() != RUNNING) {
            return same(now);
        }
        Situation healthy = now.with(Health.HEALTHY).counting(now.restarts(), false);
        return new Next(
                healthy,
                now.restarts().inRow() == 0
                        ? allowRestart(healthy, nowNanos, chance)
                        : List.of(new Effect.WaitForReset(now.generation(), policy.resetAfter())));
    }

    /** What the policy would have started again at once need not be asked about when it ends. */
    private List<Effect> allowRestart(Situation now, long nowNanos, double chance) {
        return policy.decide(now.restarts(), nowNanos, chance).delay().isZero()
                ? List.of(new Effect.AllowRestart(now.generation()))
                : List.of();
    }

    private static Next unhealthy(Situation now, String reason) {
        return now.state() == RUNNING ? stop(now.with(Health.UNHEALTHY).because(reason)) : same(now);
    }

    /** Slow is better than gone: it may recover, and nothing could take its place. */
    private static Next leftAlone(Situation now, String reason) {
        return now.state() == RUNNING ? same(now.with(Health.UNHEALTHY).because(reason)) : same(now);
    }

    private Next stopped(Situation now, long nowNanos, double chance) {
        require(now, STOPPING);
        Situation ended = now.counting(now.restarts(), false);
        if (!ended.wanted()) {
            return same(ended.with(STOPPED).with(Health.UNKNOWN).nextGeneration());
        }
        return ended.health() == Health.UNHEALTHY
                ? again(ended, ended.reason(), nowNanos, chance, List.of())
                : spawn(ended, new Effect.CountRestart());
    }

    /** Nothing is started in its place before it is gone, and that needs a person. */
    private static Next stuck(Situation now, String reason) {
        require(now, STOPPING);
        return same(now.counting(now.restarts(), true).because(reason));
    }

    private static Next delayOver(Situation now) {
        require(now, BACKOFF);
        return spawn(now, new Effect.CountRestart());
    }

    private Next forget(Situation now, long nowNanos, double chance) {
        if (now.health() != Health.HEALTHY) {
            return same(now);
        }
        Situation calm = now.counting(Restarts.NONE, false).because("");
        return new Next(calm, allowRestart(calm, nowNanos, chance));
    }

    /** Starts again when the policy says so. */
    private Next again(Situation now, String reason, long nowNanos, double chance, List<Effect> first) {
        RestartPolicy.Decision decision = policy.decide(now.restarts(), nowNanos, chance);
        Situation next = now.with(Health.UNKNOWN)
                .counting(decision.history(), decision.failed())
                .because(reason + "; " + decision.words() + ".");
        List<Effect> effects = new ArrayList<>(first);
        if (decision.delay().isZero()) {
            Next spawning = spawn(next, new Effect.CountRestart());
            // the start first: visitors wait for it
            effects.addAll(0, spawning.effects());
            return new Next(spawning.situation(), effects);
        }
        Situation waiting = next.with(BACKOFF).nextGeneration();
        effects.add(new Effect.Wait(waiting.generation(), decision.delay()));
        return new Next(waiting, effects);
    }

    private static Next spawn(Situation now, Effect... first) {
        Situation starting = now.with(STARTING).with(Health.UNKNOWN).nextGeneration();
        List<Effect> effects = new ArrayList<>(List.of(new Effect.Spawn(starting.generation())));
        effects.addAll(List.of(first));
        return new Next(starting, effects);
    }

    private static Next stop(Situation now) {
        Situation stopping = now.with(STOPPING).nextGeneration();
        return new Next(stopping, List.of(new Effect.Unwatch(), new Effect.Stop(stopping.generation())));
    }

    private static void require(Situation now, InstanceState... states) {
        if (!List.of(states).contains(now.state())) {
            throw new IllegalStateException("this cannot happen to an instance that is " + now.state());
        }
    }
}
