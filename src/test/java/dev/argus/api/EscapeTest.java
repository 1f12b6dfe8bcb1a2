package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a service has started ends with it, also where its stop comes at an awkward moment. */
final class EscapeTest {
    private static final String NAME = "escaping";
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    /** Has a process of its own beside the one that answers. */
    private ServiceRepository withACompanion() {
        return SmallService.repository(directory, NAME)
                .file("start.sh", "#!/bin/sh\nsleep 1000 &\nexec /usr/bin/python3 -I -S server.py \"$1\"\n")
                .manifestWith("start", "sh start.sh {port}")
                .commit("with a companion");
    }

    private void awaitABackOffWithACompanion(RunningArgus argus, ServiceRepository repository) {
        argus.deploy(NAME, repository.body().put("env", new JsonObject().put("CRASH_AFTER", "1.5")));
        await().atMost(RunningArgus.PATIENCE)
                .until(() -> argus.service(NAME).getJsonArray("instances").stream()
                        .anyMatch(instance ->
                                ((JsonObject) instance).getString("state").equals("backoff")));
        assertThat(argus.processesOf(NAME)).as("the companion").isNotEmpty();
    }

    @Test
    void aStopWhileAServiceWaitsToBeStartedAgainEndsWhatItsCrashLeftBehind() {
        try (RunningArgus argus = RunningArgus.start(directory.resolve("data"))) {
            awaitABackOffWithACompanion(argus, withACompanion());

            argus.post("/services/" + NAME + "/stop");

            argus.awaitStopped(NAME);
        }
    }

    @Test
    void anUndeployWhileAServiceWaitsToBeStartedAgainEndsWhatItsCrashLeftBehind() {
        try (RunningArgus argus = RunningArgus.start(directory.resolve("data"))) {
            awaitABackOffWithACompanion(argus, withACompanion());
            List<Long> left = argus.processesOf(NAME);

            assertThat(argus.delete("/services/" + NAME).status()).isLessThan(300);

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(left)
                            .noneMatch(pid -> ProcessHandle.of(pid).isPresent()));
        }
    }

    @Test
    void aServiceThatCrashedWhileArgusWasAwayIsStartedAgainAndNotTakenForItsCompanion() {
        try (RunningArgus argus = RunningArgus.inAProcess(directory.resolve("data"), config -> config)) {
            argus.deployed(NAME, withACompanion());
            List<Long> before = argus.processesOf(NAME);
            long crashed = argus.pid(NAME);
            argus.kill();
            ProcessHandle.of(crashed).orElseThrow().destroyForcibly();
            await().atMost(SOON).until(() -> ProcessHandle.of(crashed).isEmpty());

            argus.begin();

            await().atMost(SOON)
                    .until(() -> SmallService.ask(argus.instance(NAME).getInteger("port")) > 0);
            assertThat(argus.instance(NAME).getInteger("restarts")).isEqualTo(1);
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(argus.processesOf(NAME)).isNotEmpty().doesNotContainAnyElementsOf(before));
        }
    }

    /** The release whose directory a process works in; empty when the process is gone. */
    private static Optional<String> release(long pid) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")))
                    .map(Path::toString)
                    .filter(works -> works.contains("/releases/"))
                    .map(works -> works.replaceAll(".*/releases/([0-9]+).*", "$1"));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static List<String> releases(RunningArgus argus) {
        return argus.processesOf(NAME).stream()
                .flatMap(pid -> release(pid).stream())
                .distinct()
                .toList();
    }

    @Test
    void aStartWhileTheFormerReleaseIsBeingStoppedDoesNotBringItBack() {
        try (RunningArgus argus = RunningArgus.start(directory.resolve("data"))) {
            ServiceRepository repository = SmallService.repository(directory, NAME)
                    .manifestWith("stopTimeout", "3s")
                    .commit("slow to stop");
            JsonObject deaf = repository.body().put("env", new JsonObject().put("DEAF", "1"));
            argus.deployed(NAME, deaf);
            assertThat(releases(argus)).containsExactly("1");
            repository.file("other.txt", "x").commit("second");
            String id = argus.beginDeploy(NAME, deaf);
            await().atMost(RunningArgus.PATIENCE)
                    .until(() -> argus.service(NAME).getJsonArray("instances").stream()
                            .map(JsonObject.class::cast)
                            .anyMatch(instance -> instance.getInteger("release") == 1
                                    && instance.getString("state").equals("stopping")));

            assertThat(argus.post("/services/" + NAME + "/start").status()).isLessThan(300);

            assertThat(argus.ended(id).getString("outcome")).isEqualTo("succeeded");
            await("nobody but the new release works")
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(releases(argus)).containsExactly("2"));
            await("and it stays so")
                    .during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> releases(argus).equals(List.of("2")));
        }
    }

    @Test
    void aRemovalThatWasCutOffGoesOnBehindTheStartOfTheNextArgus() {
        try (RunningArgus argus = RunningArgus.inAProcess(directory.resolve("data"), config -> config)) {
            ServiceRepository repository = SmallService.repository(directory, NAME)
                    .manifestWith("stopTimeout", "10s")
                    .commit("slow to stop");
            argus.deployed(NAME, repository.body().put("env", new JsonObject().put("DEAF", "1")));
            long pid = argus.pid(NAME);
            Thread asking = Thread.ofVirtual().start(() -> {
                try {
                    argus.delete("/services/" + NAME);
                } catch (RuntimeException cutOff) {
                    // with the server
                }
            });
            await().atMost(RunningArgus.PATIENCE)
                    .until(() -> argus.get("/services/" + NAME).status() == 404);
            argus.kill();

            argus.begin();

            assertThat(argus.get("/services").status()).isEqualTo(200);
            assertThat(ProcessHandle.of(pid)).as("its stop has not ended yet").isPresent();
            await().atMost(SOON).until(() -> Files.notExists(argus.serviceDirectory(NAME)));
            assertThat(ProcessHandle.of(pid)).isEmpty();
            asking.interrupt();
        }
    }
}
