package dev.argus.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "512,512",
        "256MiB,268435456",
        "1GiB,1073741824",
        "1.5KiB,1536",
        "2 TiB,2199023255552",
        "5MB,5000000"
    })
    void sizesAreReadAsPeopleWriteThem(String text, long bytes) {
        assertThat(Units.size(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "-1", "1.2.3MiB", "5 apples", "."})
    void whatIsNoSizeIsNone(String text) {
        assertThat(Units.size(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1024,1.0 KiB", "1572864,1.5 MiB", "1099511627776,1.0 TiB"})
    void bytesAreWrittenShortly(long bytes, String text) {
        assertThat(Units.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"40,0.0 s", "1250,1.3 s", "65000,1 min 5 s", "3720000,1 h 2 min", "180000000,2 d 2 h"})
    void durationsAreWrittenShortly(long millis, String text) {
        assertThat(Units.duration(millis)).isEqualTo(text);
    }

    @Test
    void timesThatAreNoneAreLeftOut() {
        assertThat(Units.between("2026-11-23T00:00:00Z", "2026-11-23T00:00:01.5Z"))
                .isEqualTo(1500);
        assertThat(Units.between("yesterday", "2026-11-23T00:00:01Z")).isNull();
        assertThat(Units.between(null, null)).isNull();
        assertThat(Units.moment("2026-11-23T02:20:35.123Z")).isEqualTo("2026-11-23 02:20:35");
        assertThat(Units.moment("soon")).isEqualTo("soon");
        assertThat(Units.moment(null)).isEmpty();
    }
}
