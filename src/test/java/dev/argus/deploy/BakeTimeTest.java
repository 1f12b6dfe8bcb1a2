package dev.argus.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.instance.Health;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BakeTimeTest {
    private static final Duration WHOLE = Duration.ofMinutes(2);
    private static final Instant BEGUN = Instant.parse("2026-11-23T12:00:00Z");

    private static Instance instance(InstanceState state, int restarts) {
        return new Instance(
                "shop-1",
                "shop",
                1,
                state,
                Health.UNKNOWN,
                1L,
                20_000,
                restarts,
                BEGUN,
                false,
                true,
                "",
                "",
                false,
                List.of());
    }

    @Test
    void whatIsLeftIsCountedFromTheBeginning() {
        assertThat(BakeTime.left(BEGUN, WHOLE, BEGUN.plusSeconds(45))).isEqualTo(Duration.ofSeconds(75));
    }

    @Test
    void whereverTheClockWasSetToItIsNeverMoreThanTheWholeNorLessThanAMoment() {
        var random = new SplittableRandom(20261123);
        for (int i = 0; i < 2_000; i++) {
            Instant now = BEGUN.plusSeconds(random.nextLong(-400_000, 400_000));
            assertThat(BakeTime.left(BEGUN, WHOLE, now)).isBetween(Duration.ofSeconds(5), WHOLE);
        }
        assertThat(BakeTime.left(BEGUN, Duration.ofSeconds(1), BEGUN.plusSeconds(9)))
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aNewInstanceThatEndedOrWasStartedAnewIsTrouble() {
        assertThat(BakeTime.meanwhile(List.of(instance(InstanceState.RUNNING, 0))))
                .isEmpty();
        assertThat(BakeTime.meanwhile(List.of(instance(InstanceState.RUNNING, 1))))
                .contains("shop-1 ended");
        assertThat(BakeTime.meanwhile(List.of(instance(InstanceState.BACKOFF, 0))))
                .contains("shop-1 ended");
    }

    @Test
    void afterARestartOfTheMachineThereIsNobodyToGoBackTo() {
        assertThat(BakeTime.canGoBack(List.of(instance(InstanceState.STOPPED, 0)), false))
                .isFalse();
        assertThat(BakeTime.canGoBack(List.of(instance(InstanceState.RUNNING, 0)), false))
                .isTrue();
        assertThat(BakeTime.canGoBack(List.of(instance(InstanceState.STOPPED, 0)), true))
                .isTrue();
        assertThat(BakeTime.canGoBack(List.of(), true)).isFalse();
    }
}
