package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.auth.Role;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a deployment said can be read after its end, also when nothing else is left of it. */
final class DeploymentLogTest {
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

    private static List<String> lines(String id, String query) {
        return argus.get("/deployments/" + id + "/log" + query).json().getJsonArray("lines").stream()
                .map(JsonObject.class::cast)
                .map(line -> line.getString("source") + " | " + line.getString("text"))
                .toList();
    }

    @Test
    void ofAFirstBuildThatFailsTheOutputIsKept() throws IOException {
        String id = argus.beginDeploy(
                "unbuilt",
                ServiceRepository.healthy(directory, "unbuilt")
                        .file(
                                "build.sh",
                                "#!/bin/sh\nseq -f 'building %.0f' 1 3000\necho the compiler: is unhappy\nexit 3\n")
                        .manifestWith("build", "./build.sh")
                        .commit("broken")
                        .body());
        assertThat(argus.ended(id).getString("outcome")).isEqualTo("failed");

        assertThat(lines(id, "")).hasSize(1_000).contains("build | the compiler: is unhappy", "build | building 3000");
        List<String> last = lines(id, "?tail=50");
        assertThat(last).hasSize(50).contains("build | the compiler: is unhappy");
        Answer text = argus.send(argus.request("/api/v1/deployments/" + id + "/log?tail=3")
                .header("Authorization", "Bearer " + argus.adminToken())
                .header("Accept", "text/plain"));
        assertThat(text.header("Content-Type")).startsWith("text/plain");
        assertThat(text.body()).contains("the compiler: is unhappy\n").doesNotContain("build |");
        // and it is nobody else's business
        String other = argus.token(Role.VIEWER, "something-else");
        assertThat(argus.call("GET", "/deployments/" + id + "/log", other, null).status())
                .isEqualTo(404);
        assertThat(argus.get("/deployments/d1/log").status()).isEqualTo(404);
        assertThat(argus.get("/deployments/" + id + "/log?tail=0").status()).isEqualTo(400);
    }

    @Test
    void ofAFirstReleaseThatNeverLivedTheLastWordsAreKeptThoughItsFilesAreNot() throws IOException {
        String id = argus.beginDeploy(
                "stillborn",
                ServiceRepository.script(directory, "stillborn", "seq -f 'going %.0f' 1 500; echo oh no; exit 7")
                        .file("build.sh", "#!/bin/sh\necho built\n")
                        .manifestWith("build", "./build.sh")
                        .commit("exits")
                        .body());
        JsonObject ended = argus.ended(id);
        assertThat(ended.getString("outcome")).isEqualTo("failed");
        assertThat(ended.getInteger("release")).isNull();

        List<String> all = lines(id, "");
        assertThat(all).hasSizeBetween(200, 210).contains("build | built");
        assertThat(all.getLast()).matches("stillborn-1-\\S+ \\| oh no");
        assertThat(lines(id, "?tail=50")).hasSize(50).allMatch(line -> line.startsWith("stillborn-1-"));
        try (Stream<Path> files = Files.list(argus.serviceDirectory("stillborn").resolve("logs"))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()))).containsExactly("failed-" + id + ".log");
        }
        // nor are they the log of the service
        assertThat(argus.get("/services/stillborn/logs").json().getJsonArray("lines"))
                .isEmpty();
    }

    @Test
    void aRollbackThatFailsAndADeploymentThatSucceedsHaveTheirsToo() throws IOException {
        ServiceRepository repository = ServiceRepository.healthy(directory, "turned")
                .file("build.sh", "#!/bin/sh\necho built well\n")
                .manifestWith("build", "./build.sh")
                .commit("builds");
        JsonObject first = argus.deployed("turned", repository);
        assertThat(lines(first.getString("id"), ""))
                .contains("build | built well")
                .noneMatch(line -> line.contains("listens"));

        repository.file("version.txt", "2").commit("second");
        argus.deployed("turned", repository);
        Files.delete(argus.serviceDirectory("turned").resolve("releases/1/server.py"));
        String id = argus.post("/services/turned/rollback", new JsonObject().put("release", 1))
                .json()
                .getJsonObject("deployment")
                .getString("id");
        assertThat(argus.ended(id).getString("outcome")).isEqualTo("failed");
        assertThat(lines(id, "?tail=20")).anyMatch(line -> line.startsWith("turned-1-") && line.contains("server.py"));
    }

    @Test
    void onlyTheLastTenAreKept() throws IOException {
        var repository = ServiceRepository.script(directory, "often", "true")
                .file("build.sh", "#!/bin/sh\necho no; exit 1\n")
                .manifestWith("build", "./build.sh")
                .commit("broken");
        List<String> ids = IntStream.range(0, 12)
                .mapToObj(i -> argus.deploy("often", repository.body()).getString("id"))
                .toList();

        try (Stream<Path> files = Files.list(argus.serviceDirectory("often").resolve("logs"))) {
            assertThat(files).hasSize(10);
        }
        assertThat(lines(ids.getFirst(), "")).isEmpty();
        assertThat(lines(ids.getLast(), "")).contains("build | no");
        argus.delete("/services/often");
        assertThat(argus.serviceDirectory("often")).doesNotExist();
    }
}
