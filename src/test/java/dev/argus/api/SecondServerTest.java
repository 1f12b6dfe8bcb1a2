package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.argus.Argus;
import dev.argus.bus.ArgusException;
import dev.argus.config.ServerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One server at a time has a data directory, and one that cannot start says why and leaves nothing locked. */
final class SecondServerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void aSecondServerIsRefusedAndNamesTheFirst() throws Exception {
        try (var first = RunningArgus.start(directory.resolve("data"))) {
            Path errors = directory.resolve("errors");
            Process second = new ProcessBuilder(
                            System.getProperty("java.home") + "/bin/java",
                            "--enable-native-access=ALL-UNNAMED",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "dev.argus.Main",
                            "serve",
                            "--data-dir",
                            first.dataDirectory().toString(),
                            "--port",
                            "0")
                    .redirectError(errors.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
            } finally {
                second.destroyForcibly();
            }
            assertThat(second.exitValue()).isEqualTo(1);
            assertThat(Files.readString(errors))
                    .contains("pid " + ProcessHandle.current().pid())
                    .contains("--data-dir")
                    .doesNotContain("\tat ");
            assertThat(first.get("/services").status()).isEqualTo(200);
        }
    }

    @Test
    void aSecondServerInTheSameProcessIsRefusedAsWell() {
        try (var first = RunningArgus.start(directory.resolve("data"))) {
            assertThatExceptionOfType(ArgusException.class)
                    .isThrownBy(() -> Argus.start(first.config()))
                    .withMessageContaining("pid " + ProcessHandle.current().pid());
        }
    }

    @Test
    void aServerWhosePortIsTakenSaysSoAndGivesItsDataDirectoryBack() {
        try (var other = RunningArgus.start(directory.resolve("other"))) {
            ServerConfig taken =
                    other.config().keepingIn(directory.resolve("data")).listening("127.0.0.1", other.port());
            assertThatExceptionOfType(ArgusException.class)
                    .isThrownBy(() -> Argus.start(taken))
                    .withMessageContaining("127.0.0.1:" + other.port())
                    .withMessageContaining("--port");
            RunningArgus.start(directory.resolve("data")).close();
        }
    }

    @Test
    void aServerWithADamagedStoreOrKeyDoesNotStart() throws IOException {
        Path data = directory.resolve("data");
        RunningArgus.start(data).close();
        Path key = data.resolve("keys/token-private.pem");
        byte[] good = Files.readAllBytes(key);
        Files.write(key, "nonsense".getBytes(StandardCharsets.UTF_8));
        refused(data, "signing key");
        Files.write(key, good);
        Path store = data.resolve("argus.db");
        byte[] rows = Files.readAllBytes(store);
        Files.write(
                store, "nonsense, and long enough to be looked at ".repeat(100).getBytes(StandardCharsets.UTF_8));
        refused(data, "argus.db");
        Files.write(store, rows);
        RunningArgus.start(data).close();
    }

    private static void refused(Path data, String words) {
        ServerConfig config = ServerConfig.DEFAULT.keepingIn(data).listening("127.0.0.1", 0);
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(() -> Argus.start(config))
                .withMessageContaining(words)
                .withMessageEndingWith(".");
    }
}
