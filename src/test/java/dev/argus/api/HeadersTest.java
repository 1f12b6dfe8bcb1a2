package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers are told about every answer, whoever asks and whatever becomes of it. */
final class HeadersTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    @BeforeAll
    static void start() {
        argus = RunningArgus.start(directory.resolve("data"));
    }

    @AfterAll
    static void end() {
        argus.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/index.html",
                "/no-such-page",
                "/openapi.yaml",
                "/isalive",
                "/healthz",
                "/metrics",
                "/api/v1/services",
                "/api/v1/no-such-route",
                "/api/v1/login"
            })
    void everyAnswerKeepsForeignScriptsFramesAndGuessesOut(String path) {
        Answer answer = argus.send(argus.request(path));
        assertThat(answer.header("Content-Security-Policy"))
                .contains("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'")
                .doesNotContain("unsafe")
                .doesNotContain("*")
                .doesNotContain("data:");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Access-Control-Allow-Origin"))
                .as("no foreign page may read it")
                .isEmpty();
        assertThat(answer.header("Server"))
                .as("nothing tells what it is made of")
                .isEmpty();
    }
}
