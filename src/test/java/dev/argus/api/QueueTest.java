package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deployments that wait, take the place of others, are too many, or are cancelled. The queue of the server has two places. */
final class QueueTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private RunningArgus argus;

    @BeforeEach
    void start() {
        argus = RunningArgus.start(directory.resolve("data"));
    }

    @AfterEach
    void end() throws IOException {
        openGate();
        argus.close();
    }

    /** A service whose build waits until the gate is opened. */
    private ServiceRepository slow(String name) {
        return ServiceRepository.healthy(directory, name)
                .file("wait.sh", "#!/bin/sh\nwhile [ ! -e " + gate() + " ]; do sleep 0.05; done\n")
                .manifestWith("build", "./wait.sh")
                .commit("slow build");
    }

    private Path gate() {
        return directory.resolve("gate");
    }

    private void openGate() throws IOException {
        if (Files.notExists(gate())) {
            Files.createFile(gate());
        }
    }

    @Test
    void aSecondDeploymentOfAServiceWaitsForTheFirst() throws IOException {
        ServiceRepository repository = slow("one");
        String first = argus.beginDeploy("one", repository.body());
        argus.awaitStep(first, "build");
        String second = argus.beginDeploy("one", repository.body());

        assertThat(RunningArgus.step(argus.deployment(second), "checkout").getString("state"))
                .isEqualTo("pending");
        openGate();

        assertThat(argus.ended(first).getString("outcome")).isEqualTo("succeeded");
        JsonObject later = argus.ended(second);
        assertThat(later.getString("outcome")).isEqualTo("succeeded");
        assertThat(later.getInteger("release")).isEqualTo(2);
        assertThat(argus.service("one").getJsonArray("instances")).hasSize(1);
    }

    @Test
    void theNewestWaitingDeploymentTakesThePlaceOfTheOneBefore() throws IOException {
        ServiceRepository repository = slow("one");
        String first = argus.beginDeploy("one", repository.body());
        argus.awaitStep(first, "build");
        String second = argus.beginDeploy("one", repository.body());
        String third = argus.beginDeploy("one", repository.body());

        JsonObject superseded = argus.ended(second);
        assertThat(superseded.getString("outcome")).isEqualTo("superseded");
        assertThat(superseded.getString("cause")).contains(third);
        openGate();
        assertThat(argus.ended(first).getString("outcome")).isEqualTo("succeeded");
        assertThat(argus.ended(third).getString("outcome")).isEqualTo("succeeded");
    }

    @Test
    void aFullQueueIsBusyAndTakesNothingOn() throws IOException {
        for (String name : new String[] {"one", "two", "three"}) {
            argus.beginDeploy(name, slow(name).body());
        }
        Answer refused = argus.post("/services/four/deploy", slow("four").body());

        assertThat(refused.status()).as(refused.body()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("busy");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
        assertThat(argus.get("/services/four").status()).isEqualTo(404);
        assertThat(argus.serviceDirectory("four")).doesNotExist();
        assertThat(argus.get("/deployments?service=four").array()).isEmpty();
        openGate();
        for (Object each : argus.get("/deployments").array()) {
            assertThat(argus.ended(((JsonObject) each).getString("id")).getString("outcome"))
                    .isEqualTo("succeeded");
        }
        argus.deployed("four", slow("four2"));
    }

    @Test
    void aDeploymentIsCancelledWhileItFetches() throws IOException {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String id = argus.beginDeploy(
                    "one", new JsonObject().put("repository", "http://127.0.0.1:" + silent.getLocalPort() + "/x.git"));
            argus.awaitStep(id, "checkout");
            isCancelled(id, "checkout");
        }
    }

    @Test
    void aDeploymentIsCancelledWhileItBuilds() {
        String id = argus.beginDeploy("one", slow("one").body());
        argus.awaitStep(id, "build");
        isCancelled(id, "build");
    }

    @Test
    void aDeploymentIsCancelledWhileItWaitsForABuildPlace() throws IOException {
        String first = argus.beginDeploy("one", slow("one").body());
        argus.awaitStep(first, "build");
        String second = argus.beginDeploy("two", slow("two").body());
        argus.awaitStep(second, "build");
        assertThat(argus.delete("/deployments/" + second).status()).isEqualTo(202);
        assertThat(argus.ended(second).getString("outcome")).isEqualTo("cancelled");
        openGate();
        assertThat(argus.ended(first).getString("outcome")).isEqualTo("succeeded");
    }

    @Test
    void aDeploymentIsCancelledWhileItsHealthIsAwaited() {
        String id = argus.beginDeploy(
                "one",
                ServiceRepository.script(directory, "one", "exec sleep 600").body());
        argus.awaitStep(id, "verify");
        isCancelled(id, "verify");
    }

    @Test
    void aWaitingDeploymentIsCancelledAndTheOneUnderWayGoesOn() throws IOException {
        ServiceRepository repository = slow("one");
        String first = argus.beginDeploy("one", repository.body());
        argus.awaitStep(first, "build");
        String second = argus.beginDeploy("one", repository.body());
        assertThat(argus.delete("/deployments/" + second).status()).isEqualTo(202);
        assertThat(argus.ended(second).getString("outcome")).isEqualTo("cancelled");
        openGate();
        assertThat(argus.ended(first).getString("outcome")).isEqualTo("succeeded");
        Answer again = argus.delete("/deployments/" + first);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.detail()).contains("succeeded");
    }

    @Test
    void undeployCancelsWhatIsUnderWayAndRemovesAll() {
        String id = argus.beginDeploy("one", slow("one").body());
        argus.awaitStep(id, "build");
        Answer removed = argus.delete("/services/one");
        assertThat(removed.status()).as(removed.body()).isEqualTo(200);
        assertThat(argus.get("/services/one").status()).isEqualTo(404);
        assertThat(argus.serviceDirectory("one")).doesNotExist();
        assertThat(argus.processes()).isEmpty();
    }

    @Test
    void aServerThatEndsDuringABuildLeavesItAbortedAndNothingRunning() {
        String id = argus.beginDeploy("one", slow("one").body());
        argus.awaitStep(id, "build");
        argus.restart();
        JsonObject aborted = argus.ended(id);
        assertThat(aborted.getString("outcome")).isIn("aborted", "cancelled");
        assertThat(argus.processes()).isEmpty();
        assertThat(argus.serviceDirectory("one").resolve("releases/1")).doesNotExist();
    }

    private void isCancelled(String id, String step) {
        long begun = System.nanoTime();
        Answer answer = argus.delete("/deployments/" + id);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        JsonObject cancelled = argus.ended(id);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        assertThat(cancelled.getString("outcome"))
                .as(cancelled.encodePrettily())
                .isEqualTo("cancelled");
        assertThat(cancelled.getString("cause")).contains("tester");
        assertThat(RunningArgus.step(cancelled, step).getString("state")).isEqualTo("cancelled");
        JsonObject service = argus.service("one");
        assertThat(service.getJsonArray("instances")).isEmpty();
        assertThat(service.getString("status")).isEqualTo("stopped");
        assertThat(argus.processes()).isEmpty();
        assertThat(argus.serviceDirectory("one").resolve("releases/1")).doesNotExist();
    }
}
