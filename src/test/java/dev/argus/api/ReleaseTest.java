package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Releases come and go while visitors are served. */
final class ReleaseTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private RunningArgus argus;

    @BeforeEach
    void start() {
        argus = RunningArgus.start(
                directory.resolve("data"), config -> RunningArgus.baking(config, Duration.ofSeconds(60)));
    }

    @AfterEach
    void end() {
        argus.close();
    }

    private static void kill(long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-9", Long.toString(pid)).start().waitFor())
                .isZero();
    }

    private long pidOfRelease(String name, int release) {
        return argus.service(name).getJsonArray("instances").stream()
                .map(JsonObject.class::cast)
                .filter(instance -> instance.getString("id").startsWith(name + "-" + release + "-"))
                .findFirst()
                .orElseThrow()
                .getLong("pid");
    }

    @Test
    void aReleaseThatCrashesInItsBakeTimeGivesWayToTheFormerOne() throws Exception {
        ServiceRepository repository = ServiceRepository.healthy(directory, "shop");
        argus.deployed("shop", repository);
        String first = argus.version("shop");
        repository.file("version.txt", "two\n").commit("two");
        String id = argus.beginDeploy("shop", new JsonObject());
        argus.live(id);
        assertThat(argus.version("shop")).isEqualTo("two");
        assertThat(argus.service("shop").getString("status")).isEqualTo("running");

        kill(pidOfRelease("shop", 2));

        JsonObject ended = argus.ended(id);
        assertThat(ended.getString("outcome")).isEqualTo("rolled-back");
        assertThat(ended.getString("cause")).contains("SIGKILL", "Release 1 serves again");
        assertThat(argus.version("shop")).isEqualTo(first);
        assertThat(argus.service("shop").getJsonArray("instances")).hasSize(1);
        assertThat(argus.service("shop").getJsonObject("release").getInteger("number"))
                .isEqualTo(1);
    }

    @Test
    void releasesAreListedWithWhoBuiltThemAndWhatBecomesOfThem() {
        ServiceRepository repository = ServiceRepository.healthy(directory, "shop");
        for (int i = 1; i <= 4; i++) {
            repository.file("version.txt", "v" + i + "\n").commit("The version " + i);
            argus.live(argus.beginDeploy("shop", i == 1 ? repository.body() : new JsonObject()));
        }

        assertThat(argus.get("/services/shop/releases").array().stream()
                        .map(JsonObject.class::cast)
                        .map(release -> release.getInteger("number") + " " + release.getString("state") + " "
                                + release.getString("subject") + " " + release.getString("by")))
                .containsExactly(
                        "4 live The version 4 tester",
                        "3 warm The version 3 tester",
                        "2 kept The version 2 tester",
                        "1 kept The version 1 tester");
    }

    @Test
    void aReleaseThatDidNotServeIsListedAsFailedUntilItServes() throws Exception {
        ServiceRepository repository = ServiceRepository.healthy(directory, "shop");
        argus.deployed("shop", repository);
        repository.file("version.txt", "two\n").commit("two");
        String second = argus.beginDeploy("shop", new JsonObject());
        argus.live(second);
        assertThat(states("shop")).containsExactly("2 live", "1 warm");

        kill(pidOfRelease("shop", 2));
        argus.ended(second);
        assertThat(states("shop")).containsExactly("2 failed", "1 live");

        String back = argus.post("/services/shop/rollback", new JsonObject().put("release", 2))
                .json()
                .getJsonObject("deployment")
                .getString("id");
        assertThat(argus.ended(back).getString("outcome")).isEqualTo("succeeded");
        assertThat(states("shop")).containsExactly("2 live", "1 kept");
    }

    private List<String> states(String name) {
        return argus.get("/services/" + name + "/releases").array().stream()
                .map(JsonObject.class::cast)
                .map(release -> release.getInteger("number") + " " + release.getString("state"))
                .toList();
    }

    @Test
    void whatRunsIsNeverPruned() {
        ServiceRepository repository = ServiceRepository.healthy(directory, "shop");
        argus.deployed("shop", repository);
        for (int i = 2; i <= 5; i++) {
            repository.file("version.txt", "v" + i + "\n").commit("v" + i);
            argus.ended(argus.post("/services/shop/build")
                    .json()
                    .getJsonObject("deployment")
                    .getString("id"));
        }
        assertThat(numbers("shop"))
                .as("three are kept, and the one that serves")
                .containsExactly(5, 4, 3, 1);
        assertThat(argus.version("shop")).isEqualTo("1");
        argus.post("/services/shop/restart");
        assertThat(argus.version("shop")).isEqualTo("1");
    }

    private List<Integer> numbers(String name) {
        return argus.get("/services/" + name + "/releases").array().stream()
                .map(JsonObject.class::cast)
                .map(release -> release.getInteger("number"))
                .toList();
    }

    @Test
    void hostsWithPathsAreReachedAndTheLongestPathWins() {
        argus.deployed(
                "whole",
                ServiceRepository.healthy(directory, "whole")
                        .file("version.txt", "whole")
                        .manifestWith("hosts", List.of("example.org"))
                        .commit("hosts"));
        argus.deployed(
                "part",
                ServiceRepository.healthy(directory, "part")
                        .file("version.txt", "part")
                        .manifestWith("env", new JsonObject().put("ALIVE", "/isalive,/version/x"))
                        .commit("part")
                        .body()
                        .put("hosts", List.of("Example.org/version/x")));
        assertThat(visit("example.org", "/version").body()).isEqualTo("whole");
        assertThat(visit("example.org", "/version/x").body()).isEqualTo("ok");
        assertThat(visit("example.org", "/version/xy").status()).isEqualTo(404);
        assertThat(argus.post("/services/part/deploy", new JsonObject().put("hosts", List.of("a/../b")))
                        .status())
                .isEqualTo(400);
    }

    private Answer visit(String host, String path) {
        int port = URI.create(argus.service("whole").getString("url")).getPort();
        return argus.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Host", host)
                .timeout(Duration.ofSeconds(15)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "haproxy"})
    void noRequestIsLostInARestartByHand(String kind) throws InterruptedException {
        argus.close();
        argus = RunningArgus.start(directory.resolve(kind), config -> RunningArgus.behind(config, kind));
        argus.deployed(
                "shop",
                ServiceRepository.healthy(directory, "shop")
                        .manifestWith("instances", 3)
                        .commit("three"));
        Set<Long> before = pids("shop");
        var visitors = Visitors.of(argus, "shop", 8);
        visitors.awaitMore(50);

        assertThat(argus.post("/services/shop/restart").status()).isEqualTo(202);
        assertThat(argus.post("/services/shop/restart").status()).isEqualTo(409);

        await("all are restarted")
                .atMost(RunningArgus.PATIENCE)
                .until(() -> pids("shop").size() == 3 && Collections.disjoint(before, pids("shop")));
        visitors.awaitMore(50);
        visitors.leave();
        assertThat(visitors.failures()).isEmpty();
        argus.awaitStatus("shop", "running");
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "haproxy"})
    void whatFailsItsProbesGetsNoRequestsWhenItIsStopped(String kind) throws Exception {
        argus.close();
        argus = RunningArgus.start(directory.resolve(kind), config -> RunningArgus.behind(config, kind));
        argus.deployed(
                "shop",
                ServiceRepository.healthy(directory, "shop")
                        .manifestWith("instances", 2)
                        .manifestWith(
                                "env",
                                new JsonObject()
                                        .put("ALIVE", "/isalive,/page")
                                        .put("SICK", directory.resolve("sick-").toString()))
                        .commit("two"));
        var visitors = Visitors.of(argus, "shop", "/page", 8);
        visitors.awaitMore(50);
        JsonObject instance = argus.instance("shop");
        Path sick = Files.createFile(directory.resolve("sick-" + instance.getInteger("port")));

        await("its restart")
                .atMost(RunningArgus.PATIENCE)
                .until(() -> !pids("shop").contains(instance.getLong("pid")));
        Files.delete(sick);
        await("both are well")
                .atMost(RunningArgus.PATIENCE)
                .until(() -> pids("shop").size() == 2
                        && "running".equals(argus.service("shop").getString("status")));
        visitors.awaitMore(50);
        visitors.leave();
        assertThat(visitors.failures()).isEmpty();
    }

    @Test
    void aRequestUnderWayIsAnsweredBeforeARestartByHand() throws Exception {
        argus.deployed("shop", ServiceRepository.healthy(directory, "shop"));
        long pid = argus.pid("shop");
        Path gate = directory.resolve("gate");
        CompletableFuture<Answer> slow = CompletableFuture.supplyAsync(
                () -> argus.ask("shop", "/until" + gate),
                work -> Thread.ofVirtual().start(work));
        await("the request").atMost(RunningArgus.PATIENCE).until(() -> Files.exists(directory.resolve("gate.asked")));

        argus.post("/services/shop/restart");
        Files.createFile(gate);

        assertThat(slow.get(10, TimeUnit.SECONDS).body()).isEqualTo("now");
        await("a new process")
                .atMost(RunningArgus.PATIENCE)
                .until(() -> pids("shop").size() == 1 && !pids("shop").contains(pid));
    }

    private Set<Long> pids(String name) {
        return argus.service(name).getJsonArray("instances").stream()
                .map(JsonObject.class::cast)
                .filter(instance -> instance.getLong("pid") != null)
                .map(instance -> instance.getLong("pid"))
                .collect(Collectors.toSet());
    }

    @Test
    void whoCancelsInTheBakeTimeGoesBack() throws Exception {
        ServiceRepository repository = ServiceRepository.healthy(directory, "shop");
        argus.deployed("shop", repository);
        String first = argus.version("shop");
        repository.file("version.txt", "two\n").commit("two");
        String id = argus.beginDeploy("shop", new JsonObject());
        argus.live(id);

        assertThat(argus.delete("/deployments/" + id).status()).isEqualTo(202);

        assertThat(argus.ended(id).getString("outcome")).isEqualTo("cancelled");
        assertThat(argus.version("shop")).isEqualTo(first);
    }

    @Test
    void theNextDeploymentEndsTheBakeTimeOfTheOneBefore() throws Exception {
        ServiceRepository repository = ServiceRepository.healthy(directory, "shop");
        argus.deployed("shop", repository);
        repository.file("version.txt", "two\n").commit("two");
        String second = argus.beginDeploy("shop", new JsonObject());
        argus.live(second);
        repository.file("version.txt", "three\n").commit("three");
        String third = argus.beginDeploy("shop", new JsonObject());
        assertThat(argus.ended(second).getString("outcome")).isEqualTo("succeeded");
        argus.live(third);
        assertThat(argus.version("shop")).isEqualTo("three");
    }

    @Test
    void anArgusThatEndsInABakeTimeLeavesBothReleasesToTheNextOne() throws Exception {
        ServiceRepository repository = ServiceRepository.healthy(directory, "shop");
        argus.deployed("shop", repository);
        long former = pidOfRelease("shop", 1);
        repository.file("version.txt", "two\n").commit("two");
        String id = argus.beginDeploy("shop", new JsonObject());
        argus.live(id);
        argus.awaitStep(id, "bake");
        long pid = pidOfRelease("shop", 2);
        argus.restart();
        assertThat(argus.deployment(id).getString("outcome")).isNull();
        assertThat(argus.version("shop")).isEqualTo("two");
        assertThat(pidOfRelease("shop", 1)).isEqualTo(former);
        assertThat(pidOfRelease("shop", 2)).isEqualTo(pid);
        // only who deploys again ends the bake time
        argus.live(argus.beginDeploy("shop", new JsonObject()));
        assertThat(argus.ended(id).getString("outcome")).isEqualTo("succeeded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "haproxy"})
    void noRequestIsLostInDeploymentsFailuresRollbacksAndScaling(String kind) throws Exception {
        argus.close();
        argus = RunningArgus.start(
                directory.resolve(kind),
                config -> RunningArgus.behind(RunningArgus.baking(config, Duration.ofSeconds(60)), kind));
        ServiceRepository repository = ServiceRepository.healthy(directory, "shop");
        argus.deployed("shop", repository);
        var visitors = Visitors.of(argus, "shop", 16);
        for (int i = 2; i <= 5; i++) {
            repository.file("version.txt", "v" + i + "\n").commit("v" + i);
            argus.live(argus.beginDeploy("shop", new JsonObject()));
        }
        repository
                .file("version.txt", "bad\n")
                .file("server.py", "import sys\nsys.exit(3)\n")
                .commit("bad");
        assertThat(argus.deploy("shop", new JsonObject()).getString("outcome")).isEqualTo("failed");
        assertThat(argus.ended(argus.post("/services/shop/rollback")
                                .json()
                                .getJsonObject("deployment")
                                .getString("id"))
                        .getString("outcome"))
                .isEqualTo("succeeded");
        for (int count : new int[] {4, 1}) {
            assertThat(argus.ended(argus.post("/services/shop/scale", new JsonObject().put("instances", count))
                                    .json()
                                    .getJsonObject("deployment")
                                    .getString("id"))
                            .getString("outcome"))
                    .isEqualTo("succeeded");
            assertThat(argus.service("shop").getJsonArray("instances")).hasSize(count);
        }
        // a crash of the only instance: visitors wait a moment
        kill(argus.pid("shop"));
        visitors.awaitMore(100);
        visitors.leave();
        assertThat(visitors.failures()).isEmpty();
        assertThat(visitors.answers()).isGreaterThan(500);
    }
}
