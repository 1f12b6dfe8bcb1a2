package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service whose port is fixed cannot run twice: it stops and starts, and visitors wait meanwhile. */
final class FixedPortTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private RunningArgus argus;

    @SuppressWarnings("NullAway.Init")
    private ServiceRepository repository;

    @BeforeEach
    void start() throws IOException {
        argus = RunningArgus.start(
                directory.resolve("data"),
                config -> RunningArgus.baking(
                        RunningArgus.healthyWithin(config, Duration.ofSeconds(4)), Duration.ofMinutes(5)));
        repository = ServiceRepository.healthy(directory, "fixed")
                .manifestWith("port", FreePorts.next())
                .commit("fixed port");
        argus.deployed("fixed", repository);
        repository.file("version.txt", "two").commit("two");
    }

    @AfterEach
    void end() {
        argus.close();
    }

    @Test
    void visitorsWaitWhileTheNewReleaseTakesThePort() throws InterruptedException {
        var visitors = Visitors.of(argus, "fixed", 8);
        visitors.awaitMore(50);
        JsonObject live = argus.live(argus.beginDeploy("fixed", new JsonObject()));
        assertThat(live.getString("outcome")).as(live.encodePrettily()).isNull();
        visitors.awaitMore(50);
        visitors.leave();
        assertThat(visitors.failures()).isEmpty();
        assertThat(argus.version("fixed")).isEqualTo("two");
    }

    @Test
    void aRequestUnderWayIsAnsweredBeforeTheOldReleaseMakesRoom() throws Exception {
        Path gate = directory.resolve("gate");
        CompletableFuture<Answer> slow = CompletableFuture.supplyAsync(
                () -> argus.ask("fixed", "/until" + gate),
                work -> Thread.ofVirtual().start(work));
        await("the request").atMost(RunningArgus.PATIENCE).until(() -> Files.exists(directory.resolve("gate.asked")));
        String id = argus.beginDeploy("fixed", new JsonObject());
        await("the build is over")
                .atMost(RunningArgus.PATIENCE)
                .until(() -> "succeeded"
                        .equals(RunningArgus.step(argus.deployment(id), "build").getString("state")));
        Files.createFile(gate);
        assertThat(slow.get(10, TimeUnit.SECONDS).body()).isEqualTo("now");
        argus.live(id);
        assertThat(argus.version("fixed")).isEqualTo("two");
    }

    @Test
    void aReleaseThatDoesNotBecomeHealthyGivesThePortBack() throws InterruptedException {
        repository.manifestWith("start", "sleep 600").commit("never");
        var visitors = Visitors.of(argus, "fixed", 8);
        visitors.awaitMore(50);
        JsonObject failed = argus.deploy("fixed", new JsonObject());
        assertThat(failed.getString("outcome")).isEqualTo("failed");
        visitors.awaitMore(50);
        visitors.leave();
        assertThat(visitors.failures()).isEmpty();
        servesAlone();
    }

    @Test
    void aReleaseThatCrashesInItsBakeTimeGivesThePortBack() throws Exception {
        String id = argus.beginDeploy("fixed", new JsonObject());
        argus.live(id);
        assertThat(argus.version("fixed")).isEqualTo("two");
        long pid = argus.service("fixed").getJsonArray("instances").stream()
                .map(JsonObject.class::cast)
                .filter(instance -> instance.getInteger("release") == 2)
                .findFirst()
                .orElseThrow()
                .getLong("pid");
        var visitors = Visitors.of(argus, "fixed", 8);
        visitors.awaitMore(50);

        assertThat(new ProcessBuilder("kill", "-9", Long.toString(pid)).start().waitFor())
                .isZero();

        JsonObject ended = argus.ended(id);
        assertThat(ended.getString("outcome")).isEqualTo("rolled-back");
        assertThat(ended.getString("cause")).contains("SIGKILL", "Release 1 serves again.");
        visitors.awaitMore(50);
        visitors.leave();
        assertThat(visitors.failures()).isEmpty();
        servesAlone();
    }

    @Test
    void whoCancelsInTheBakeTimeGetsTheOldReleaseBackAndDoesNotWaitForItsEnd() throws InterruptedException {
        String id = argus.beginDeploy("fixed", new JsonObject());
        argus.live(id);
        var visitors = Visitors.of(argus, "fixed", 8);
        visitors.awaitMore(50);
        long begun = System.nanoTime();
        assertThat(argus.delete("/deployments/" + id).status()).isEqualTo(202);
        assertThat(argus.ended(id).getString("outcome")).isEqualTo("cancelled");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        visitors.awaitMore(50);
        visitors.leave();
        assertThat(visitors.failures()).isEmpty();
        servesAlone();
    }

    @Test
    void whoCancelsInVerifyGetsTheOldReleaseBack() {
        repository.manifestWith("start", "sleep 600").commit("never");
        String id = argus.beginDeploy("fixed", new JsonObject());
        argus.awaitStep(id, "verify");
        assertThat(argus.delete("/deployments/" + id).status()).isEqualTo(202);
        assertThat(argus.ended(id).getString("outcome")).isEqualTo("cancelled");
        servesAlone();
    }

    private void servesAlone() {
        argus.awaitStatus("fixed", "running");
        assertThat(argus.version("fixed")).isEqualTo("1");
        assertThat(argus.service("fixed").getJsonArray("instances")).hasSize(1);
        assertThat(argus.service("fixed").getJsonObject("release").getInteger("number"))
                .isEqualTo(1);
    }
}
