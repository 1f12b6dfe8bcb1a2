package dev.argus.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfirmationTest {

    @Test
    void ofASecondTheConfirmingProbesBeginAfterAFifthAndBeforeAThird() {
        var confirmation = Confirmation.of(Duration.ofSeconds(1), 3);

        assertThat(confirmation.probes()).isEqualTo(3);
        assertThat(confirmation.pauseAfter(1)).isEqualTo(Duration.ofMillis(200));
        assertThat(confirmation.pauseAfter(2)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void whereOneFailureIsEnoughNothingIsConfirmed() {
        assertThat(Confirmation.of(Duration.ofSeconds(1), 1).probes()).isOne();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverIsAskedForTheLastProbeBeginsBeforeAThirdOfTheTimeOut(long seed) {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 5_000; i++) {
            var timeout = Duration.ofMillis(random.nextInt(1, 60_000));
            var confirmation = Confirmation.of(timeout, random.nextInt(1, 100));
            assertThat(confirmation.probes()).isBetween(1, Confirmation.MOST);
            Duration last = Duration.ZERO;
            for (int asked = 1; asked < confirmation.probes(); asked++) {
                assertThat(confirmation.pauseAfter(asked).toMillis()).isPositive();
                last = last.plus(confirmation.pauseAfter(asked));
            }
            assertThat(last)
                    .isLessThanOrEqualTo(timeout.multipliedBy(3).dividedBy(10).plusMillis(confirmation.probes()));
        }
    }
}
