package dev.argus.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestartPolicyTest {
    private static final double NO_JITTER = 0.5;
    private final RestartPolicy policy = RestartPolicy.DEFAULT;

    @Test
    void theFirstRestartIsAtOnceAndTheNextOnesDoubleFromHalfASecondToThirty() {
        List<Duration> delays = new ArrayList<>();
        Restarts history = Restarts.NONE;
        for (int i = 0; i < 10; i++) {
            var decision = policy.decide(history, Duration.ofHours(i).toNanos(), NO_JITTER);
            delays.add(decision.delay());
            history = decision.history();
        }
        assertThat(delays)
                .containsExactly(
                        Duration.ZERO,
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(16),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30));
    }

    @Test
    void fiveRestartsInTwoMinutesAreCalledFailedAndAreTriedOnAtTheLongestDelay() {
        Restarts history = Restarts.NONE;
        for (int i = 0; i < 4; i++) {
            var decision = policy.decide(history, Duration.ofSeconds(i).toNanos(), NO_JITTER);
            assertThat(decision.failed()).isFalse();
            history = decision.history();
        }
        var fifth = policy.decide(history, Duration.ofSeconds(119).toNanos(), NO_JITTER);
        assertThat(fifth.failed()).isTrue();
        assertThat(fifth.delay()).isEqualTo(Duration.ofSeconds(30));
        assertThat(fifth.words()).isEqualTo("5 restarts within 120 s, tried again in 30.0 s");
    }

    @Test
    void restartsThatLieFurtherApartAreNotCalledFailed() {
        Restarts history = Restarts.NONE;
        for (int i = 0; i < 20; i++) {
            var decision = policy.decide(history, Duration.ofSeconds(31L * i).toNanos(), NO_JITTER);
            assertThat(decision.failed()).isFalse();
            history = decision.history();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void overAnyRandomLifeDelaysStayWithinTheirBoundsAndMemoryStaysSmall(long seed) {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Restarts history = Restarts.NONE;
        long now = 0;
        for (int i = 0; i < 5_000; i++) {
            now += random.nextLong(Duration.ofSeconds(90).toNanos());
            if (random.nextInt(10) == 0) {
                history = Restarts.NONE;
            }
            var decision = policy.decide(history, now, random.nextDouble());
            history = decision.history();
            assertThat(decision.delay()).isBetween(Duration.ZERO, Duration.ofMillis(37_500));
            assertThat(history.recentNanos()).hasSizeLessThanOrEqualTo(5).isSorted();
            assertThat(decision.delay().isZero()).isEqualTo(history.inRow() == 1 && !decision.failed());
        }
    }
}
