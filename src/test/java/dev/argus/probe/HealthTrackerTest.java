package dev.argus.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthTrackerTest {
    private static final ProbeResult ALIVE = new ProbeResult.Alive();
    private static final ProbeResult FAILED = new ProbeResult.Failed("answered 503", false, 503);
    private static final Duration EARLY = Duration.ofSeconds(1);
    private static final Duration LATE = Duration.ofSeconds(31);

    private HealthTracker tracker = HealthTracker.starting(Duration.ofSeconds(2), 3, Duration.ofSeconds(30));

    private HealthTracker.@Nullable Change probe(ProbeResult result, Duration sinceStart) {
        var judgement = tracker.after(result, sinceStart);
        tracker = judgement.tracker();
        return judgement.change();
    }

    @Test
    void twoAnswersInARowMakeItHealthyAndThatIsSaidOnce() {
        assertThat(probe(ALIVE, EARLY)).isNull();
        assertThat(probe(ALIVE, EARLY)).isEqualTo(HealthTracker.Change.HEALTHY);
        assertThat(probe(ALIVE, EARLY)).isNull();
    }

    @Test
    void failuresWithinTheGraceDoNotCount() {
        for (int i = 0; i < 50; i++) {
            assertThat(probe(FAILED, EARLY)).isNull();
        }
        assertThat(probe(FAILED, LATE)).isNull();
        assertThat(probe(FAILED, LATE)).isNull();
        assertThat(probe(FAILED, LATE)).isEqualTo(HealthTracker.Change.UNHEALTHY);
    }

    @Test
    void onceHealthyThreeFailuresInARowMakeItUnhealthyEvenWithinTheGrace() {
        probe(ALIVE, EARLY);
        probe(ALIVE, EARLY);
        probe(FAILED, EARLY);
        probe(FAILED, EARLY);
        probe(ALIVE, EARLY);
        probe(FAILED, EARLY);
        assertThat(probe(FAILED, EARLY)).isNull();
        assertThat(probe(FAILED, EARLY)).isEqualTo(HealthTracker.Change.UNHEALTHY);
    }

    @Test
    void aProbeThatCouldNotBeMadeSaysNothingWhateverCameBefore() {
        ProbeResult notMade = new ProbeResult.NotMade("could not be made (Too many open files)");
        probe(ALIVE, EARLY);
        probe(ALIVE, EARLY);
        probe(FAILED, EARLY);
        probe(FAILED, EARLY);
        for (int i = 0; i < 10; i++) {
            assertThat(probe(notMade, EARLY)).isNull();
        }
        assertThat(probe(FAILED, EARLY)).isEqualTo(HealthTracker.Change.UNHEALTHY);
        assertThat(probe(notMade, EARLY)).isNull();
        assertThat(probe(ALIVE, EARLY)).isNull();
        assertThat(probe(notMade, EARLY)).isNull();
        assertThat(probe(ALIVE, EARLY)).isEqualTo(HealthTracker.Change.HEALTHY);
    }

    @Test
    void probesComeQuicklyUntilItIsHealthyThenAtTheInterval() {
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            delays.add(tracker.nextDelay().toMillis());
            probe(FAILED, EARLY);
        }
        assertThat(delays).startsWith(4L, 5L, 6L, 7L, 9L, 12L, 15L).isSorted().endsWith(250L, 250L, 250L);
        probe(ALIVE, EARLY);
        probe(ALIVE, EARLY);
        assertThat(tracker.nextDelay()).isEqualTo(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void healthyAndUnhealthyAlternateWhateverTheProbesFind(long seed) {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        HealthTracker.Change last = null;
        for (int i = 0; i < 10_000; i++) {
            var change = probe(random.nextInt(3) == 0 ? FAILED : ALIVE, LATE);
            if (change != null) {
                assertThat(change).isNotEqualTo(last);
                last = change;
            }
        }
    }

    /** The rules once more, told by looking back over all results instead of counting. */
    private static HealthTracker.@Nullable Change expected(
            List<ProbeResult> counted, boolean healthyNow, boolean sickNow) {
        int size = counted.size();
        boolean twoAnswers =
                size >= 2 && counted.subList(size - 2, size).stream().allMatch(ProbeResult.Alive.class::isInstance);
        boolean threeFailures =
                size >= 3 && counted.subList(size - 3, size).stream().allMatch(ProbeResult.Failed.class::isInstance);
        if (twoAnswers && !healthyNow) {
            return HealthTracker.Change.HEALTHY;
        }
        return threeFailures && !sickNow ? HealthTracker.Change.UNHEALTHY : null;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void overAnyRandomSequenceItJudgesAsTheRulesSay(long seed) {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int life = 0; life < 300; life++) {
            tracker = HealthTracker.starting(Duration.ofSeconds(2), 3, Duration.ofSeconds(30));
            List<ProbeResult> counted = new ArrayList<>();
            boolean healthy = false;
            boolean sick = false;
            boolean ever = false;
            double illness = random.nextDouble();
            long sinceStart = 0;
            for (int i = 0; i < 60; i++) {
                sinceStart += random.nextInt(2_000);
                ProbeResult result = random.nextDouble() < illness ? FAILED : ALIVE;
                boolean forgiven = result.equals(FAILED) && !ever && sinceStart < 30_000;
                if (forgiven) {
                    counted.clear();
                } else {
                    counted.add(result);
                }
                var change = expected(counted, healthy, sick);
                assertThat(probe(result, Duration.ofMillis(sinceStart))).isEqualTo(change);
                if (change != null) {
                    healthy = change == HealthTracker.Change.HEALTHY;
                    sick = !healthy;
                    ever |= healthy;
                }
                assertThat(tracker.failuresLeft()).isBetween(1, 3);
            }
        }
    }
}
