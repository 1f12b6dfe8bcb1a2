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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kill -9} of Argus anywhere in a deployment: the next one finds exactly one release serving, and says what happened. */
final class KilledDeployTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    @BeforeAll
    static void start() {
        argus = RunningArgus.inAHeldProcess(
                directory.resolve("data"), config -> RunningArgus.baking(config, Duration.ofMinutes(5)));
    }

    @AfterAll
    static void end() throws IOException {
        HeldServer.holdNowhere(argus.dataDirectory());
        argus.close();
    }

    /** Where a deployment stands, and the state of its record by then. */
    record Point(StepName step, Moment moment) {
        boolean isBefore(StepName other, Moment when) {
            int order = step.compareTo(other);
            return order < 0 || (order == 0 && moment.compareTo(when) < 0);
        }

        String name() {
            return (step + "-" + moment).toLowerCase(Locale.ROOT);
        }
    }

    static List<Point> everywhere() {
        List<Point> points = new ArrayList<>();
        for (StepName step : StepName.values()) {
            // the bake time goes on, and ends in its own time; the point before STOP is that between the two
            if (step != StepName.BAKE) {
                points.add(new Point(step, Moment.BEGUN));
                if (step == StepName.SWITCH) {
                    points.add(new Point(step, Moment.COMMITTED));
                }
                points.add(new Point(step, Moment.ENDED));
            }
        }
        return points;
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void oneReleaseServesAfterAKill(Point point) throws IOException {
        String name = point.name();
        ServiceRepository repository = ServiceRepository.healthy(directory, name);
        argus.deployed(name, repository);
        long first = argus.pid(name);
        repository.file("version.txt", "two").commit("two");
        HeldServer.holdAt(argus.dataDirectory(), point.step(), point.moment());
        String id = argus.beginDeploy(name, new JsonObject());
        if (!point.isBefore(StepName.BAKE, Moment.ENDED)) {
            // only who deploys again ends the bake time
            argus.live(id);
            argus.beginDeploy(name, new JsonObject());
        }
        await("the deployment is held at " + name)
                .atMost(RunningArgus.PATIENCE)
                .until(() -> Files.exists(HeldServer.reached(argus.dataDirectory())));

        killAndStartAgain();

        JsonObject ended = argus.ended(id);
        boolean live = !point.isBefore(StepName.SWITCH, Moment.COMMITTED);
        assertThat(ended.getString("outcome")).as(ended.encodePrettily()).isEqualTo(live ? "succeeded" : "aborted");
        isExplained(ended);
        servesAlone(name, live ? "two" : "1", live ? 2 : 1);
        if (!live) {
            assertThat(argus.pid(name)).as("the old release was left alone").isEqualTo(first);
            assertThat(ended.getInteger("release")).isNull();
        }
        assertThat(argus.delete("/services/" + name).status()).isEqualTo(200);
        assertThat(argus.processesOf(name)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = StepName.class,
            names = {"CHECKOUT", "BUILD", "START", "VERIFY", "SWITCH"})
    void nothingIsLeftOfAFirstReleaseThatWasCutOff(StepName step) throws IOException {
        String name = "first-" + step.word();
        HeldServer.holdAt(argus.dataDirectory(), step, Moment.BEGUN);
        String id = argus.beginDeploy(
                name, ServiceRepository.healthy(directory, name).body());
        await("the deployment is held")
                .atMost(RunningArgus.PATIENCE)
                .until(() -> Files.exists(HeldServer.reached(argus.dataDirectory())));

        killAndStartAgain();

        JsonObject ended = argus.ended(id);
        assertThat(ended.getString("outcome")).isEqualTo("aborted");
        isExplained(ended);
        assertThat(argus.service(name).getJsonArray("instances")).isEmpty();
        assertThat(argus.service(name).getJsonObject("release")).isNull();
        assertThat(argus.processesOf(name)).isEmpty();
        assertThat(children(argus.serviceDirectory(name).resolve("releases"))).isEmpty();
        JsonObject again = argus.live(argus.beginDeploy(name, new JsonObject()));
        assertThat(again.getString("outcome")).isEqualTo("succeeded");
        assertThat(argus.delete("/services/" + name).status()).isEqualTo(200);
    }

    @Test
    void aBuildThatSaysNothingDoesNotOutliveItsArgusForLong() throws IOException {
        ServiceRepository repository = ServiceRepository.healthy(directory, "builder");
        argus.deployed("builder", repository);
        Path building = directory.resolve("building");
        repository
                .file("build.sh", "#!/bin/sh\ntouch " + building + "\nsetsid sleep 600 &\nexec sleep 600\n")
                .manifestWith("build", "./build.sh")
                .commit("slow");
        String id = argus.beginDeploy("builder", new JsonObject());
        await("the build").atMost(RunningArgus.PATIENCE).until(() -> Files.exists(building));

        killAndStartAgain();

        assertThat(argus.ended(id).getString("cause")).contains("in step build");
        servesAlone("builder", "1", 1);
    }

    @Test
    void aFetchThatHangsIsForgotten() throws IOException {
        argus.deployed("fetcher", ServiceRepository.healthy(directory, "fetcher"));
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String id = argus.beginDeploy(
                    "fetcher",
                    new JsonObject().put("repository", "http://127.0.0.1:" + silent.getLocalPort() + "/x.git"));
            silent.setSoTimeout(20_000);
            silent.accept().close();
            argus.awaitStep(id, "checkout");
            killAndStartAgain();
            assertThat(argus.ended(id).getString("outcome")).isEqualTo("aborted");
        }
        servesAlone("fetcher", "1", 1);
    }

    @Test
    void anInstanceThatDoesNotWantToEndIsEndedByTheNextArgus() throws IOException {
        ServiceRepository repository = ServiceRepository.healthy(directory, "stubborn")
                .file("start.sh", "#!/bin/sh\ntrap '' TERM\nexec " + ServiceRepository.start("$1") + "\n")
                .manifestWith("start", "./start.sh {port}")
                .commit("stubborn");
        argus.deployed("stubborn", repository);
        repository.file("version.txt", "two").commit("two");
        String second = argus.beginDeploy("stubborn", new JsonObject());
        argus.live(second);
        argus.beginDeploy("stubborn", new JsonObject());
        argus.awaitStep(second, "stop");

        killAndStartAgain();

        JsonObject ended = argus.ended(second);
        assertThat(ended.getString("outcome")).isEqualTo("succeeded");
        assertThat(ended.getString("cause")).contains("in step stop");
        servesAlone("stubborn", "two", 2);
    }

    @Test
    void aRollbackThatIsCutOffBeforeItsSwitchLeavesBothReleases() throws IOException {
        ServiceRepository repository = ServiceRepository.healthy(directory, "back");
        argus.deployed("back", repository);
        repository.file("version.txt", "two").commit("two");
        String second = argus.beginDeploy("back", new JsonObject());
        argus.live(second);
        HeldServer.holdAt(argus.dataDirectory(), StepName.VERIFY, Moment.ENDED);
        String id = argus.post("/services/back/rollback")
                .json()
                .getJsonObject("deployment")
                .getString("id");
        await("the rollback is held")
                .atMost(RunningArgus.PATIENCE)
                .until(() -> Files.exists(HeldServer.reached(argus.dataDirectory())));

        killAndStartAgain();

        assertThat(argus.ended(id).getString("outcome")).isEqualTo("aborted");
        servesAlone("back", "two", 2);
        assertThat(argus.get("/services/back/releases").array()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = StepName.class,
            names = {"VERIFY", "SWITCH", "DRAIN", "STOP"})
    void asManyInstancesAsAreWantedRunAfterAScalingWasCutOff(StepName step) throws IOException {
        String name = "scaled-" + step.word();
        boolean up = step == StepName.VERIFY || step == StepName.SWITCH;
        argus.deployed(
                name,
                ServiceRepository.healthy(directory, name)
                        .manifestWith("instances", up ? 1 : 3)
                        .commit("instances"));
        HeldServer.holdAt(argus.dataDirectory(), step, Moment.BEGUN);
        String id = argus.post("/services/" + name + "/scale", new JsonObject().put("instances", up ? 3 : 1))
                .json()
                .getJsonObject("deployment")
                .getString("id");
        await("the scaling is held")
                .atMost(RunningArgus.PATIENCE)
                .until(() -> Files.exists(HeldServer.reached(argus.dataDirectory())));

        killAndStartAgain();

        JsonObject ended = argus.ended(id);
        assertThat(ended.getString("outcome")).isEqualTo(up ? "aborted" : "succeeded");
        isExplained(ended);
        servesAlone(name, "1", 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = StepName.class,
            names = {"START", "VERIFY", "SWITCH", "DRAIN"})
    void aServiceWithAFixedPortServesAfterAKill(StepName step) throws IOException {
        String name = "fixed-" + step.word();
        int port = FreePorts.next();
        ServiceRepository repository = ServiceRepository.healthy(directory, name)
                .manifestWith("port", port)
                .commit("fixed port");
        argus.deployed(name, repository);
        repository.file("version.txt", "two").commit("two");
        HeldServer.holdAt(argus.dataDirectory(), step, Moment.BEGUN);
        String id = argus.beginDeploy(name, new JsonObject());
        await("the deployment is held")
                .atMost(RunningArgus.PATIENCE)
                .until(() -> Files.exists(HeldServer.reached(argus.dataDirectory())));

        killAndStartAgain();

        boolean live = step.compareTo(StepName.SWITCH) > 0;
        assertThat(argus.ended(id).getString("outcome")).isEqualTo(live ? "succeeded" : "aborted");
        servesAlone(name, live ? "two" : "1", live ? 2 : 1);
    }

    private static String baking(String name, ServiceRepository repository) throws IOException {
        argus.deployed(name, repository);
        repository.file("version.txt", "two").commit("two");
        String id = argus.beginDeploy(name, new JsonObject());
        argus.live(id);
        argus.awaitStep(id, "bake");
        return id;
    }

    private static long pidOf(String name, int release) {
        return argus.service(name).getJsonArray("instances").stream()
                .map(JsonObject.class::cast)
                .filter(instance -> instance.getString("id").startsWith(name + "-" + release + "-"))
                .findFirst()
                .orElseThrow()
                .getLong("pid");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReleaseThatCrashesInABakeTimeThatWentOnAfterAKillGivesWayToTheFormerOne(boolean whileArgusIsAway)
            throws Exception {
        String name = "bakes-" + whileArgusIsAway;
        ServiceRepository repository = ServiceRepository.healthy(directory, name);
        String id = baking(name, repository);
        long old = pidOf(name, 1);
        long fresh = pidOf(name, 2);

        argus.kill();
        if (whileArgusIsAway) {
            ProcessHandle.of(fresh).orElseThrow().destroyForcibly();
        }
        argus.begin();
        if (!whileArgusIsAway) {
            assertThat(RunningArgus.step(argus.deployment(id), "bake").getString("state"))
                    .isEqualTo("running");
            assertThat(argus.version(name)).isEqualTo("two");
            assertThat(pidOf(name, 1)).as("the former release stays ready").isEqualTo(old);
            ProcessHandle.of(fresh).orElseThrow().destroyForcibly();
        }

        JsonObject ended = argus.ended(id);
        assertThat(ended.getString("outcome")).as(ended.encodePrettily()).isEqualTo("rolled-back");
        assertThat(ended.getString("cause")).contains("Release 1 serves again");
        assertThat(argus.version(name)).isEqualTo("1");
        assertThat(argus.pid(name)).isEqualTo(old);
    }

    @Test
    void aBakeTimeGoesOnAfterAnOrderlyRestartOfArgus() throws Exception {
        String name = "bakes-restarted";
        String id = baking(name, ServiceRepository.healthy(directory, name));
        long old = pidOf(name, 1);
        long fresh = pidOf(name, 2);

        argus.restart();

        JsonObject deployment = argus.deployment(id);
        assertThat(RunningArgus.step(deployment, "bake").getString("state"))
                .as(deployment.encodePrettily())
                .isEqualTo("running");
        assertThat(argus.version(name)).isEqualTo("two");
        assertThat(pidOf(name, 1)).as("the former release stays ready").isEqualTo(old);
        ProcessHandle.of(fresh).orElseThrow().destroyForcibly();
        assertThat(argus.ended(id).getString("outcome")).isEqualTo("rolled-back");
        servesAlone(name, "1", 1);
    }

    @Test
    void aServiceWithAFixedPortGoesBackInABakeTimeThatWentOnAfterAKill() throws Exception {
        ServiceRepository repository = ServiceRepository.healthy(directory, "bakes-fixed")
                .manifestWith("port", FreePorts.next())
                .commit("fixed port");
        String id = baking("bakes-fixed", repository);

        killAndStartAgain();
        assertThat(argus.delete("/deployments/" + id).status()).isEqualTo(202);

        assertThat(argus.ended(id).getString("outcome")).isEqualTo("cancelled");
        servesAlone("bakes-fixed", "1", 1);
    }

    @Test
    void aBakeTimeThatWentOnAfterAKillEndsWhenItWouldHave() throws Exception {
        Duration bake = Duration.ofSeconds(15);
        RunningArgus own = RunningArgus.inAHeldProcess(
                directory.resolve("short/data"), config -> RunningArgus.baking(config, bake));
        try (own) {
            ServiceRepository repository = ServiceRepository.healthy(directory.resolve("short"), "shop");
            own.deployed("shop", repository);
            repository.file("version.txt", "two").commit("two");
            String id = own.beginDeploy("shop", new JsonObject());
            own.live(id);
            own.awaitStep(id, "bake");
            Instant began =
                    Instant.parse(RunningArgus.step(own.deployment(id), "bake").getString("startedAt"));
            await().atMost(RunningArgus.PATIENCE).until(() -> Instant.now().isAfter(began.plus(bake.dividedBy(3))));
            own.kill();
            Instant killed = Instant.now();
            own.begin();

            JsonObject ended = own.ended(id);

            assertThat(ended.getString("outcome")).as(ended.encodePrettily()).isEqualTo("succeeded");
            JsonObject step = RunningArgus.step(ended, "bake");
            assertThat(step.getString("state")).isEqualTo("succeeded");
            assertThat(Instant.parse(step.getString("finishedAt")))
                    .as("not before its end, nor as if it had begun anew")
                    .isBetween(began.plus(bake).minusMillis(100), killed.plus(bake));
            assertThat(own.service("shop").getJsonArray("instances")).hasSize(1);
            assertThat(own.version("shop")).isEqualTo("two");
        }
    }

    /** HAProxy outlives Argus, and so visitors notice nothing. */
    @Test
    void behindHaproxyVisitorsNoticeNothingOfAKill() throws Exception {
        RunningArgus own = RunningArgus.inAHeldProcess(
                directory.resolve("haproxy/data"),
                config -> RunningArgus.behind(RunningArgus.baking(config, Duration.ofMinutes(5)), "haproxy"));
        try (own) {
            ServiceRepository repository = ServiceRepository.healthy(directory.resolve("haproxy"), "shop");
            own.deployed("shop", repository);
            var visitors = Visitors.of(own, "shop", 4);
            for (Point point : List.of(
                    new Point(StepName.VERIFY, Moment.BEGUN),
                    new Point(StepName.SWITCH, Moment.COMMITTED),
                    new Point(StepName.DRAIN, Moment.ENDED))) {
                repository.file("version.txt", point.name()).commit(point.name());
                HeldServer.holdAt(own.dataDirectory(), point.step(), point.moment());
                String id = own.beginDeploy("shop", new JsonObject());
                await("the deployment is held")
                        .atMost(RunningArgus.PATIENCE)
                        .until(() -> Files.exists(HeldServer.reached(own.dataDirectory())));
                own.kill();
                HeldServer.holdNowhere(own.dataDirectory());
                visitors.awaitMore(50);
                own.begin();
                own.ended(id);
                visitors.awaitMore(50);
                assertThat(visitors.failures()).as(point.name()).isEmpty();
            }
            visitors.leave();
            assertThat(own.version("shop")).isEqualTo("drain-ended");
            assertThat(own.service("shop").getJsonArray("instances")).hasSize(1);
        }
    }

    private static void killAndStartAgain() throws IOException {
        argus.kill();
        HeldServer.holdNowhere(argus.dataDirectory());
        argus.begin();
    }

    private static void isExplained(JsonObject ended) {
        assertThat(ended.getString("cause"))
                .as(ended.encodePrettily())
                .matches("Argus was stopped [^\\n]*\\.")
                .doesNotContain("Exception");
        assertThat(ended.getString("finishedAt")).isNotNull();
        assertThat(ended.getJsonArray("steps").stream()
                        .map(JsonObject.class::cast)
                        .map(step -> step.getString("state")))
                .doesNotContain("running");
    }

    private static void servesAlone(String name, String version, int release) throws IOException {
        await("release " + release + " of " + name + " serves alone")
                .atMost(RunningArgus.PATIENCE)
                .untilAsserted(() -> {
                    JsonObject service = argus.service(name);
                    assertThat(service.getString("status"))
                            .as(service.encodePrettily())
                            .isEqualTo("running");
                    assertThat(service.getJsonArray("instances")).hasSize(1);
                    assertThat(service.getJsonObject("release").getInteger("number"))
                            .isEqualTo(release);
                    assertThat(argus.version(name)).isEqualTo(version);
                });
        Path releases = argus.serviceDirectory(name).resolve("releases");
        for (String other : children(releases)) {
            if (!other.equals(Integer.toString(release))) {
                assertThat(argus.processesOf(name + "/releases/" + other)).isEmpty();
            }
        }
        assertThat(argus.processesOf(name))
                .as("its shim and the service itself")
                .hasSizeLessThanOrEqualTo(2);
        assertThat(children(argus.serviceDirectory(name).resolve("run"))).hasSize(1);
        assertThat(Files.readSymbolicLink(argus.serviceDirectory(name).resolve("current")))
                .endsWithRaw(Path.of(Integer.toString(release)));
        assertThat(children(releases))
                .hasSize(argus.get("/services/" + name + "/releases").array().size());
    }

    private static List<String> children(Path of) throws IOException {
        if (Files.notExists(of)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(of)) {
            return children.map(child -> child.getFileName().toString()).toList();
        }
    }
}
