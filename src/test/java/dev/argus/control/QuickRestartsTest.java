package dev.argus.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuickRestartsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void whenAllFallAtOnceOnlySomeRiseAtOnce() {
        var restarts = new QuickRestarts(3, Duration.ofSeconds(1));
        long now = Long.MAX_VALUE - SECOND / 2;

        assertThat(restarts.take(now)).isTrue();
        assertThat(restarts.take(now)).isTrue();
        assertThat(restarts.take(now + 1)).isTrue();
        assertThat(restarts.take(now + 2)).isFalse();
        assertThat(restarts.take(now + SECOND))
                .as("the clock of the machine wraps")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void withinAnyWindowThereAreNoMoreThanAllowedAndNoneIsRefusedWithoutNeed(long seed) {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var restarts = new QuickRestarts(5, Duration.ofSeconds(1));
        List<Long> given = new ArrayList<>();
        long now = random.nextLong();
        for (int i = 0; i < 20_000; i++) {
            now += random.nextLong(SECOND / 3);
            long instant = now;
            long recent = given.stream().filter(time -> instant - time < SECOND).count();
            boolean taken = restarts.take(now);
            assertThat(taken).isEqualTo(recent < 5);
            if (taken) {
                given.add(now);
                given = new ArrayList<>(given.subList(Math.max(0, given.size() - 5), given.size()));
            }
        }
    }
}
