package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    private static final Map<String, String> ARGUS = Map.of(
            "PATH",
            "/opt/bin:/bin",
            "HOME",
            "/home/a",
            "LANG",
            "de_DE.UTF-8",
            "TZ",
            "UTC",
            "USER",
            "a",
            "ARGUS_TOKEN",
            "secret");

    @Test
    void itIsBuiltFromEmpty() {
        assertThat(Environment.of(ARGUS, "shop", "12", "shop-1", OptionalInt.of(20001), Map.of("LOG_LEVEL", "info")))
                .isEqualTo(Map.of(
                        "PATH", "/opt/bin:/bin",
                        "HOME", "/home/a",
                        "LANG", "de_DE.UTF-8",
                        "TZ", "UTC",
                        "USER", "a",
                        "PORT", "20001",
                        "ARGUS_SERVICE", "shop",
                        "ARGUS_RELEASE", "12",
                        "ARGUS_INSTANCE", "shop-1",
                        "LOG_LEVEL", "info"));
    }

    @Test
    void whatArgusItselfLacksIsGivenAUsualValue() {
        var environment = Environment.of(Map.of(), "shop", "1", "shop-1", OptionalInt.empty(), Map.of());

        assertThat(environment)
                .containsEntry("PATH", "/usr/local/bin:/usr/bin:/bin")
                .containsEntry("LANG", "C.UTF-8")
                .containsKeys("HOME", "USER")
                .doesNotContainKeys("TZ", "PORT");
    }

    @Test
    void theServicesOwnVariablesWinButNotOverWhatArgusFindsItBy() {
        var environment = Environment.of(
                ARGUS,
                "shop",
                "1",
                "shop-1",
                OptionalInt.of(1),
                Map.of("PATH", "/own", "PORT", "2", "ARGUS_INSTANCE", "x"));

        assertThat(environment)
                .containsEntry("PATH", "/own")
                .containsEntry("PORT", "1")
                .containsEntry("ARGUS_INSTANCE", "shop-1");
    }

    @Test
    void namesThatAreNoneAreRefusedAndNamed() {
        for (String name : List.of("", "1A", "A-B", "A=B", "A B", "Ä", "A\0", "A\n")) {
            assertThatThrownBy(() -> Environment.of(ARGUS, "s", "1", "s-1", OptionalInt.empty(), Map.of(name, "x")))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + name + "'");
        }
    }

    @Test
    void aValueWithANulIsRefusedWithoutBeingShown() {
        assertThatThrownBy(() -> Environment.check("KEY", "hunter2\0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("KEY")
                .hasMessageNotContaining("hunter2");
    }
}
