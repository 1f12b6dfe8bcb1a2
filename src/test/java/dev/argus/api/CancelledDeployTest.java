package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.deploy.Checkpoint.Moment;
import dev.argus.deploy.StepName;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever cancels a deployment sees its end within two seconds, in every step, and the old release serves; here with room for a busy machine. */
final class CancelledDeployTest {
    private static final Duration WITHIN = Duration.ofSeconds(8);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private RunningArgus argus;

    @SuppressWarnings("NullAway.Init")
    private ServiceRepository repository;

    private volatile Hold hold = new Hold(StepName.PRUNE, Moment.COMMITTED);

    /** Where a deployment waits until it is let go. */
    private record Hold(StepName step, Moment moment, CountDownLatch reached, CountDownLatch go) {
        Hold(StepName step, Moment moment) {
            this(step, moment, new CountDownLatch(1), new CountDownLatch(1));
        }
    }

    @BeforeEach
    void start() {
        argus = RunningArgus.passing(
                directory.resolve("data"), this::pass, config -> RunningArgus.baking(config, Duration.ofMinutes(5)));
        repository = ServiceRepository.healthy(directory, "shop");
        argus.deployed("shop", repository);
        repository.file("version.txt", "two").commit("two");
    }

    @AfterEach
    void end() {
        hold.go().countDown();
        argus.close();
    }

    private void pass(StepName step, Moment moment) {
        Hold now = hold;
        if (step == now.step() && moment == now.moment()) {
            now.reached().countDown();
            try {
                assertThat(now.go().await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void inCheckout() throws IOException {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String id = argus.beginDeploy(
                    "shop", new JsonObject().put("repository", "http://127.0.0.1:" + silent.getLocalPort() + "/x.git"));
            argus.awaitStep(id, "checkout");
            isCancelled(id);
        }
    }

    @Test
    void inABuildThatDoesNotWantToEnd() {
        Path building = directory.resolve("building");
        repository
                .file("build.sh", "#!/bin/sh\ntrap '' TERM\ntouch " + building + "\nsleep 600\nsleep 600\n")
                .manifestWith("build", "./build.sh")
                .commit("slow");
        String id = argus.beginDeploy("shop", new JsonObject());
        await("the build").atMost(RunningArgus.PATIENCE).until(() -> Files.exists(building));
        isCancelled(id);
    }

    @ParameterizedTest
    @EnumSource(
            value = StepName.class,
            names = {"CHECKOUT", "BUILD", "START", "VERIFY", "SWITCH", "DRAIN"})
    void betweenTwoSteps(StepName step) throws InterruptedException {
        isCancelledAt(step, Moment.ENDED);
    }

    @Test
    void inStart() throws InterruptedException {
        isCancelledAt(StepName.START, Moment.BEGUN);
    }

    @Test
    void inSwitch() throws InterruptedException {
        isCancelledAt(StepName.SWITCH, Moment.COMMITTED);
    }

    private void isCancelledAt(StepName step, Moment moment) throws InterruptedException {
        hold = new Hold(step, moment);
        String id = argus.beginDeploy("shop", new JsonObject());
        assertThat(hold.reached().await(30, TimeUnit.SECONDS)).isTrue();
        Instant cancelled = Instant.now();
        assertThat(argus.delete("/deployments/" + id).status()).isEqualTo(202);
        hold.go().countDown();
        endedInTime(id, cancelled);
    }

    @Test
    void inVerifyOfAnInstanceThatDoesNotWantToEnd() {
        repository
                .file("run.sh", "#!/bin/sh\ntrap '' TERM\nwhile true; do sleep 600; done\n")
                .manifestWith("start", "./run.sh")
                .commit("never healthy");
        String id = argus.beginDeploy("shop", new JsonObject());
        argus.awaitStep(id, "verify");
        isCancelled(id);
    }

    @Test
    void inDrainAndTheRequestUnderWayIsAnsweredByTheOldRelease() throws Exception {
        Path gate = directory.resolve("gate");
        CompletableFuture<Answer> slow = CompletableFuture.supplyAsync(
                () -> argus.ask("shop", "/until" + gate),
                work -> Thread.ofVirtual().start(work));
        await("the request is under way")
                .atMost(RunningArgus.PATIENCE)
                .until(() -> Files.exists(directory.resolve("gate.asked")));
        String id = argus.beginDeploy("shop", new JsonObject());
        argus.awaitStep(id, "drain");
        isCancelled(id);
        Files.createFile(gate);
        assertThat(slow.get(10, TimeUnit.SECONDS).body()).isEqualTo("now");
    }

    @Test
    void inBake() {
        String id = argus.beginDeploy("shop", new JsonObject());
        argus.live(id);
        assertThat(argus.version("shop")).isEqualTo("two");
        isCancelled(id);
    }

    @Test
    void inBakeWithARequestToTheNewReleaseThatDoesNotEnd() throws Exception {
        String id = argus.beginDeploy("shop", new JsonObject());
        argus.live(id);
        CompletableFuture<Answer> slow = CompletableFuture.supplyAsync(
                () -> argus.ask("shop", "/until" + directory.resolve("never")),
                work -> Thread.ofVirtual().start(work));
        await("the request is under way")
                .atMost(RunningArgus.PATIENCE)
                .until(() -> Files.exists(directory.resolve("never.asked")));
        isCancelled(id);
        assertThat(slow.get(10, TimeUnit.SECONDS).status()).isNotEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(
            value = StepName.class,
            names = {"STOP", "PRUNE"})
    void whatIsInServiceToStayIsNotCancelledAndThatIsSaid(StepName step) throws InterruptedException {
        hold = new Hold(step, Moment.BEGUN);
        String id = argus.beginDeploy("shop", new JsonObject());
        argus.live(id);
        // who deploys again ends the bake time
        String next = argus.beginDeploy("shop", new JsonObject());
        assertThat(hold.reached().await(30, TimeUnit.SECONDS)).isTrue();
        Answer refused = argus.delete("/deployments/" + id);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.detail()).contains("rollback").endsWith(".");
        assertThat(argus.delete("/deployments/" + next).status()).isEqualTo(202);
        hold.go().countDown();
        assertThat(argus.ended(id).getString("outcome")).isEqualTo("succeeded");
        assertThat(argus.ended(next).getString("outcome")).isEqualTo("cancelled");
        assertThat(argus.version("shop")).isEqualTo("two");
    }

    @Test
    void aFirstDeploymentInSwitchLeavesNothing() throws InterruptedException {
        hold = new Hold(StepName.SWITCH, Moment.COMMITTED);
        String id = argus.beginDeploy(
                "new", ServiceRepository.healthy(directory, "new").body());
        assertThat(hold.reached().await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(argus.delete("/deployments/" + id).status()).isEqualTo(202);
        hold.go().countDown();
        assertThat(argus.ended(id).getString("outcome")).isEqualTo("cancelled");
        assertThat(argus.service("new").getJsonArray("instances")).isEmpty();
        assertThat(argus.service("new").getJsonObject("release")).isNull();
        assertThat(argus.processesOf("new")).isEmpty();
    }

    @Test
    void aRollbackInDrainLeavesTheNewerReleaseServing() throws InterruptedException {
        String second = argus.beginDeploy("shop", new JsonObject());
        argus.live(second);
        hold = new Hold(StepName.DRAIN, Moment.BEGUN);
        String id = argus.post("/services/shop/rollback")
                .json()
                .getJsonObject("deployment")
                .getString("id");
        assertThat(hold.reached().await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(argus.delete("/deployments/" + id).status()).isEqualTo(202);
        hold.go().countDown();
        assertThat(argus.ended(id).getString("outcome")).isEqualTo("cancelled");
        assertThat(argus.version("shop")).isEqualTo("two");
        assertThat(argus.service("shop").getJsonArray("instances")).hasSize(1);
        assertThat(argus.get("/services/shop/releases").array()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = StepName.class,
            names = {"VERIFY", "DRAIN"})
    void aScalingLeavesAsManyInstancesAsBefore(StepName step) throws InterruptedException {
        int before = step == StepName.VERIFY ? 1 : 3;
        if (before == 3) {
            argus.ended(scale(3));
        }
        hold = new Hold(step, Moment.BEGUN);
        String id = scale(step == StepName.VERIFY ? 3 : 1);
        assertThat(hold.reached().await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(argus.delete("/deployments/" + id).status()).isEqualTo(202);
        hold.go().countDown();
        assertThat(argus.ended(id).getString("outcome")).isEqualTo("cancelled");
        assertThat(argus.service("shop").getJsonArray("instances")).hasSize(before);
        assertThat(argus.version("shop")).isEqualTo("1");
    }

    private String scale(int instances) {
        return argus.post("/services/shop/scale", new JsonObject().put("instances", instances))
                .json()
                .getJsonObject("deployment")
                .getString("id");
    }

    private void isCancelled(String id) {
        Instant cancelled = Instant.now();
        assertThat(argus.delete("/deployments/" + id).status()).isEqualTo(202);
        endedInTime(id, cancelled);
    }

    private void endedInTime(String id, Instant cancelled) {
        JsonObject ended = argus.ended(id);
        assertThat(ended.getString("outcome")).as(ended.encodePrettily()).isEqualTo("cancelled");
        assertThat(ended.getString("cause")).startsWith("Cancelled by tester.");
        assertThat(Duration.between(cancelled, Instant.parse(ended.getString("finishedAt"))))
                .isLessThan(WITHIN);
        JsonObject service = argus.service("shop");
        assertThat(service.getString("status")).as(service.encodePrettily()).isEqualTo("running");
        assertThat(service.getJsonObject("release").getInteger("number")).isEqualTo(1);
        assertThat(service.getJsonArray("instances")).hasSize(1);
        assertThat(argus.version("shop")).isEqualTo("1");
        assertThat(argus.processesOf("shop/releases/2")).isEmpty();
        assertThat(argus.serviceDirectory("shop").resolve("releases/2")).doesNotExist();
        assertThat(argus.get("/services/shop/releases").array()).hasSize(1);
    }
}
