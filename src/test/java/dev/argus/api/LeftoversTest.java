package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeftoversTest {
    private static final int KILLS = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private static List<Path> below(Path top) throws IOException {
        try (Stream<Path> found = Files.walk(top)) {
            return found.filter(path -> !path.equals(top)).toList();
        }
    }

    /** What is there once that is gone with which a start practises. */
    private static List<Path> settled(Path cache) {
        return await().atMost(RunningArgus.PATIENCE)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> below(cache), found -> !found.contains(cache.resolve("warm-up")));
    }

    @Test
    void aServerThatIsKilledAgainAndAgainLeavesNothingAmongTemporaryFilesAndNoMoreInItsOwnDirectory() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("temporary"));
        var withTemporary = List.of("env", "JDK_JAVA_OPTIONS=-Djava.io.tmpdir=" + temporary);
        try (RunningArgus argus =
                RunningArgus.inAProcessBy(withTemporary, directory.resolve("data"), config -> config)) {
            Path cache = argus.dataDirectory().resolve("cache");
            // the dashboard and the figures of the machine have libraries and files of their own unpacked
            assertThat(argus.send(argus.request("/")).status()).isEqualTo(200);
            argus.get("/getserverstats");
            int files = settled(cache).size();
            for (int kill = 1; kill <= KILLS; kill++) {
                argus.kill();
                assertThat(below(temporary)).as("after kill %s", kill).isEmpty();
                argus.begin();
                assertThat(argus.send(argus.request("/")).status()).isEqualTo(200);
                argus.get("/getserverstats");
                assertThat(settled(cache)).as("after kill %s", kill).hasSizeLessThanOrEqualTo(files);
            }
            argus.kill();
            assertThat(below(temporary)).isEmpty();
            argus.begin();
        }
    }
}
