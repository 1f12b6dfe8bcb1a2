package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example service is built by Go and runs, with no manifest at all and as it is. */
final class GoServiceTest {
    private static final Path EXAMPLE = Path.of("examples/go-simple-service");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void theExampleIsDeployedWithoutAManifestAndThenByItsScript() throws IOException {
        try (var argus = RunningArgus.start(directory.resolve("data"))) {
            ServiceRepository repository = ServiceRepository.empty(directory, "go")
                    .file("go.mod", Files.readString(EXAMPLE.resolve("go.mod")))
                    .file("main.go", Files.readString(EXAMPLE.resolve("main.go")))
                    .commit("no manifest");
            argus.deployed("go-simple-service", repository);
            JsonObject service = argus.service("go-simple-service");
            assertThat(service.getString("status")).isEqualTo("running");
            assertThat(argus.ask("go-simple-service", "/isalive").status()).isEqualTo(200);
            assertThat(argus.ask("go-simple-service", "/api/v1/service").status())
                    .isBetween(200, 405);

            repository
                    .file("script.sh", Files.readString(EXAMPLE.resolve("script.sh")))
                    .commit("with its script");
            argus.deployed("go-simple-service", new JsonObject());
            assertThat(argus.ask("go-simple-service", "/isalive").status()).isEqualTo(200);

            repository
                    .file("main.go", "package main\n\nfunc main() { undefined() }\n")
                    .commit("broken");
            JsonObject failed = argus.deploy("go-simple-service", new JsonObject());
            assertThat(failed.getString("outcome")).isEqualTo("failed");
            assertThat(failed.getString("cause")).contains("undefined").contains("main.go:3");
            assertThat(argus.ask("go-simple-service", "/isalive").status()).isEqualTo(200);
        }
    }
}
