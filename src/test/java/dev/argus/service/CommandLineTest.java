package dev.argus.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private static List<String> argv(String text) {
        return CommandLine.parse("start", text).argv();
    }

    @Test
    void blanksSeparateAndQuotesKeepTogether() {
        assertThat(argv("./app  'a b' \"c d\" e\\ f ''")).containsExactly("./app", "a b", "c d", "e f", "");
        assertThat(argv("./app pre'mid'\"end\"")).containsExactly("./app", "premidend");
        assertThat(argv("./app \"a \\\"b\\\" \\$c\" 'x;y|z$(w)'")).containsExactly("./app", "a \"b\" $c", "x;y|z$(w)");
    }

    @Test
    void thePortMayBeWrittenInAnyUsualWay() {
        CommandLine command =
                CommandLine.parse("start", "./app {port} $PORT -p=${PORT} :${PORT:-8080} \"0.0.0.0:$PORT\"");

        assertThat(command.withPort(20000).argv())
                .containsExactly("./app", "20000", "20000", "-p=20000", ":20000", "0.0.0.0:20000");
    }

    @Test
    void leadingAssignmentsAreEnvironmentAndMayHoldThePort() {
        CommandLine command = CommandLine.parse("start", "ADDR=:$PORT MODE='a b' exec ./app x=y")
                .withPort(7);

        assertThat(command.environment()).containsOnly(Map.entry("ADDR", ":7"), Map.entry("MODE", "a b"));
        assertThat(command.argv()).containsExactly("./app", "x=y");
        assertThat(command.toString()).doesNotContain("MODE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a; b",
                "a && b",
                "a || b",
                "a | b",
                "a > f",
                "a < f",
                "a `id`",
                "a $(id)",
                "a \"$(id)\"",
                "a \"`id`\"",
                "(a)",
                "a & ",
                "a\nb",
                "./app $HOME",
                "./app $PORTS",
                "./app ${OTHER}"
            })
    void whatOnlyAShellCanDoIsRefused(String text) {
        assertThatThrownBy(() -> argv(text))
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        refused -> assertThat(refused.field()).isEqualTo("start"))
                .hasMessageContaining("Argus runs no shell; put it into a script");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "A=b", "exec", "''", "a 'b", "a \"b", "a \\", "a\u0000b"})
    void aCommandWithoutProgramOrWithAnOpenQuoteIsRefused(String text) {
        assertThatThrownBy(() -> argv(text)).isInstanceOf(InvalidValue.class);
    }

    @Test
    void quotedWordsComeBackAsTheyWere() {
        var random = new Random(11);
        String signs = "ab {}$;|&<>()`\"\\\n\tü";
        for (int i = 0; i < 2_000; i++) {
            var word = new StringBuilder();
            for (int j = random.nextInt(12); j > 0; j--) {
                word.append(signs.charAt(random.nextInt(signs.length())));
            }
            assertThat(argv("p '" + word + "'")).containsExactly("p", word.toString());
        }
    }
}
