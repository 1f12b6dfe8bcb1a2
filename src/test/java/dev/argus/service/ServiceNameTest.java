package dev.argus.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "go-simple-service",
                "0",
                "a1-b2",
                "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"
            })
    void anOrdinaryNameIsTaken(String text) {
        assertThat(ServiceName.of(text).value()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "a-",
                "A",
                "a/b",
                "../etc",
                "a.b",
                "a b",
                "a\n",
                "a;id",
                "$(id)",
                "ä",
                "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz01"
            })
    void anyOtherNameIsRefusedAndNamesTheField(String text) {
        assertThatThrownBy(() -> ServiceName.of(text))
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        refused -> assertThat(refused.field()).isEqualTo("name"))
                .hasMessageEndingWith(".");
    }

    @Test
    void aRefusalShowsNoControlCharacters() {
        assertThatThrownBy(() -> ServiceName.of("a\u001b[2Jb")).message().doesNotContain("\u001b");
    }
}
