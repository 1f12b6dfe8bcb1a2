package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import dev.argus.config.ServerConfig;
import dev.argus.deploy.Checkpoint.Moment;
import dev.argus.deploy.StepName;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each step of a deployment breaks once: before its release is live the old one serves on, after it the new one. */
final class BrokenDeployTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    private static final Map<StepName, Moment> BREAKING = new ConcurrentHashMap<>();

    @BeforeAll
    static void start() {
        argus = RunningArgus.passing(
                directory.resolve("data"),
                (step, moment) -> {
                    if (moment == BREAKING.get(step)) {
                        throw new ArgusException(ErrorCode.UNAVAILABLE, "The step " + step.word() + " broke.");
                    }
                },
                config -> RunningArgus.baking(config, Duration.ofMillis(300)));
    }

    @AfterAll
    static void end() {
        argus.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = StepName.class,
            names = {"CHECKOUT", "BUILD", "START", "VERIFY", "SWITCH"})
    void untilTheReleaseIsLiveTheOldOneServesOn(StepName step) throws InterruptedException {
        theOldOneServesOn(step, Moment.BEGUN);
    }

    @Test
    void aSwitchThatTheProxyRefusesIsTakenBack() throws InterruptedException {
        theOldOneServesOn(StepName.SWITCH, Moment.COMMITTED);
    }

    private static void theOldOneServesOn(StepName step, Moment moment) throws InterruptedException {
        String name = "old-" + step.word() + "-" + moment.name().toLowerCase(Locale.ROOT);
        ServiceRepository repository = ServiceRepository.healthy(directory, name);
        argus.deployed(name, repository);
        long pid = argus.pid(name);
        repository.file("version.txt", "two").commit("two");
        var visitors = Visitors.of(argus, name, 4);

        JsonObject failed = deployBreaking(name, new JsonObject(), step, moment);

        visitors.awaitMore(20);
        visitors.leave();
        assertThat(visitors.failures()).isEmpty();
        assertThat(failed.getString("outcome")).isEqualTo("failed");
        assertThat(failed.getString("cause")).isEqualTo("The step " + step.word() + " broke.");
        assertThat(failed.getInteger("release")).isNull();
        JsonObject service = argus.service(name);
        assertThat(service.getString("status")).isEqualTo("running");
        assertThat(service.getJsonArray("instances")).hasSize(1);
        assertThat(service.getJsonObject("release").getInteger("number")).isEqualTo(1);
        assertThat(argus.pid(name)).isEqualTo(pid);
        assertThat(argus.version(name)).isEqualTo("1");
        assertThat(argus.get("/services/" + name + "/releases").array()).hasSize(1);
        assertThat(argus.deployed(name, new JsonObject()).getInteger("release")).isEqualTo(3);
        assertThat(argus.version(name)).isEqualTo("two");
    }

    @ParameterizedTest
    @EnumSource(
            value = StepName.class,
            names = {"CHECKOUT", "BUILD", "START", "VERIFY", "SWITCH"})
    void nothingIsLeftOfAFirstRelease(StepName step) {
        nothingIsLeft(step, Moment.BEGUN);
    }

    @Test
    void nothingIsLeftOfAFirstReleaseThatTheProxyRefused() {
        nothingIsLeft(StepName.SWITCH, Moment.COMMITTED);
    }

    private static void nothingIsLeft(StepName step, Moment moment) {
        String name = "first-" + step.word() + "-" + moment.name().toLowerCase(Locale.ROOT);
        JsonObject failed =
                deployBreaking(name, ServiceRepository.healthy(directory, name).body(), step, moment);

        assertThat(failed.getString("outcome")).isEqualTo("failed");
        assertThat(failed.getString("cause")).isEqualTo("The step " + step.word() + " broke.");
        JsonObject service = argus.service(name);
        assertThat(service.getString("status")).isEqualTo("failed");
        assertThat(service.getJsonObject("release")).isNull();
        assertThat(service.getJsonArray("instances")).isEmpty();
        assertThat(service.getString("url")).isNull();
        assertThat(argus.processesOf(name)).isEmpty();
        assertThat(argus.get("/services/" + name + "/releases").array()).isEmpty();
        argus.deployed(name, new JsonObject());
    }

    @ParameterizedTest
    @EnumSource(
            value = StepName.class,
            names = {"DRAIN", "BAKE", "STOP", "PRUNE"})
    void onceTheReleaseIsLiveItServes(StepName step) throws InterruptedException {
        String name = "new-" + step.word();
        ServiceRepository repository = ServiceRepository.healthy(directory, name);
        argus.deployed(name, repository);
        repository.file("version.txt", "two").commit("two");
        var visitors = Visitors.of(argus, name, 4);

        JsonObject ended = deployBreaking(name, new JsonObject(), step, Moment.BEGUN);

        visitors.leave();
        assertThat(visitors.failures()).isEmpty();
        assertThat(ended.getString("outcome")).as(ended.encodePrettily()).isEqualTo("succeeded");
        assertThat(RunningArgus.step(ended, step.word()).getString("state")).isEqualTo("failed");
        assertThat(RunningArgus.step(ended, step.word()).getString("detail"))
                .isEqualTo("The step " + step.word() + " broke.");
        assertThat(argus.version(name)).isEqualTo("two");
        repository.file("version.txt", "three").commit("three");
        argus.deployed(name, new JsonObject());
        assertThat(argus.version(name)).isEqualTo("three");
        assertThat(argus.service(name).getJsonArray("instances"))
                .as("what was not stopped then is stopped now")
                .hasSize(1);
    }

    @Test
    void aSwitchThatFailsLeavesAStoppedServiceStopped() {
        ServiceRepository repository = ServiceRepository.healthy(directory, "resting");
        argus.deployed("resting", repository);
        argus.post("/services/resting/stop");
        argus.awaitStopped("resting");
        deployBreaking("resting", new JsonObject(), StepName.SWITCH, Moment.COMMITTED);
        assertThat(argus.service("resting").getString("desired")).isEqualTo("stopped");
        assertThat(argus.processesOf("resting")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = StepName.class,
            names = {"START", "VERIFY", "SWITCH"})
    void aScalingThatBreaksLeavesAsManyInstancesAsBefore(StepName step) {
        String name = "scaled-" + step.word();
        argus.deployed(name, ServiceRepository.healthy(directory, name));
        BREAKING.put(step, step == StepName.SWITCH ? Moment.COMMITTED : Moment.BEGUN);
        try {
            JsonObject failed =
                    argus.ended(argus.post("/services/" + name + "/scale", new JsonObject().put("instances", 3))
                            .json()
                            .getJsonObject("deployment")
                            .getString("id"));
            assertThat(failed.getString("outcome")).isEqualTo("failed");
        } finally {
            BREAKING.clear();
        }
        assertThat(argus.service(name).getJsonArray("instances")).hasSize(1);
        assertThat(argus.version(name)).isEqualTo("1");
    }

    @Test
    void withoutAFreePortNothingIsStarted() {
        try (var small = RunningArgus.start(directory.resolve("small"), BrokenDeployTest::onePortOnly)) {
            ServiceRepository repository = ServiceRepository.healthy(directory, "crowded");
            small.deployed("crowded", repository);
            long pid = small.pid("crowded");
            JsonObject failed = small.deploy("crowded", new JsonObject());
            assertThat(failed.getString("outcome")).isEqualTo("failed");
            assertThat(RunningArgus.step(failed, "start").getString("state")).isEqualTo("failed");
            assertThat(failed.getString("cause")).contains("port").endsWith(".");
            assertThat(small.pid("crowded")).isEqualTo(pid);
            assertThat(small.version("crowded")).isEqualTo("1");
            assertThat(small.service("crowded").getJsonArray("instances")).hasSize(1);
        }
    }

    private static ServerConfig onePortOnly(ServerConfig config) {
        int first = config.portRange().first();
        return new ServerConfig(
                config.host(),
                config.port(),
                config.dataDirectory(),
                new ServerConfig.PortRange(first, first),
                config.gitProtocols(),
                config.proxy(),
                config.health(),
                config.deploy(),
                config.log());
    }

    private static JsonObject deployBreaking(String name, JsonObject body, StepName step, Moment moment) {
        BREAKING.put(step, moment);
        try {
            JsonObject ended = argus.deploy(name, body);
            await("what was begun is undone")
                    .atMost(RunningArgus.PATIENCE)
                    .until(() -> !"deploying".equals(argus.service(name).getString("status")));
            return ended;
        } finally {
            BREAKING.clear();
        }
    }
}
