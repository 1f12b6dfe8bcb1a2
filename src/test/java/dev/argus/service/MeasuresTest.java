package dev.argus.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeasuresTest {
    @ParameterizedTest
    @CsvSource({"500ms,500", "10s,10000", "2m,120000", "1.5s,1500", "1h,3600000", "30d,2592000000", "0s,0"})
    void lengthsOfTimeAreRead(String text, long millis) {
        assertThat(Durations.parse("interval", text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "1 s", "1.5.2s", "10S", "1e3s", "99999999999s"})
    void whatIsNoLengthOfTimeIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Durations.parse("isalive.interval", text))
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        refused -> assertThat(refused.field()).isEqualTo("isalive.interval"))
                .hasMessageContaining("500ms");
    }

    @Test
    void aLengthOfTimeOutOfBoundsIsRefusedNamingThem() {
        assertThatThrownBy(() -> Durations.parse("grace", "2h", Duration.ZERO, Duration.ofHours(1)))
                .hasMessageContaining("0ms")
                .hasMessageContaining("1h");
    }

    @ParameterizedTest
    @CsvSource({"256MiB,268435456", "1GiB,1073741824", "10MB,10000000", "512Ki,524288", "1.5k,1500", "42,42", "42B,42"})
    void sizesAreRead(String text, long bytes) {
        assertThat(ByteSize.parse("memory", text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "-1", "1XB", "1e9", "999999999999TiB"})
    void whatIsNoSizeIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> ByteSize.parse("resources.memory", text)).hasMessageContaining("256MiB");
    }

    @Test
    void whatIsWrittenIsReadBackAsTheSame() {
        var random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            long number = random.nextLong(1L << random.nextInt(1, 40));
            assertThat(ByteSize.parse("x", new ByteSize(number).toString())).isEqualTo(new ByteSize(number));
            Duration duration = Duration.ofMillis(number % 900_000_000);
            assertThat(Durations.parse("x", Durations.format(duration))).isEqualTo(duration);
        }
    }
}
