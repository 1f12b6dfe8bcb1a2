package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A deployment that fails says where and why, and leaves nothing but what ran before. */
final class FailedDeployTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    @BeforeAll
    static void start() {
        argus = RunningArgus.start(
                directory.resolve("data"), config -> RunningArgus.healthyWithin(config, Duration.ofSeconds(8)));
    }

    @AfterAll
    static void end() {
        argus.close();
    }

    /** What can be wrong, the step that finds it, and what the cause must tell. */
    enum Fault {
        UNREACHABLE("checkout", "127.0.0.1"),
        NO_SUCH_REF("checkout", "no-such-branch"),
        UNKNOWN_FIELD_IN_MANIFEST("checkout", "strat"),
        NO_WAY_TO_START("checkout", "start"),
        NOT_BUILDING("build", "status 3"),
        NO_SUCH_PROGRAM("build", "no-such-program"),
        EXITING("verify", "status 7"),
        KILLED("verify", "SIGKILL"),
        NOT_ANSWERING("verify", "not healthy within 8 s"),
        ANSWERING_500("verify", "500");

        final String step;
        final String cause;

        Fault(String step, String cause) {
            this.step = step;
            this.cause = cause;
        }

        JsonObject body(String name) throws IOException {
            return switch (this) {
                case UNREACHABLE ->
                    new JsonObject().put("repository", "http://joe:s3cr3t-canary@127.0.0.1:" + closedPort() + "/x.git");
                case NO_SUCH_REF ->
                    ServiceRepository.healthy(directory, name).body().put("ref", "no-such-branch");
                case UNKNOWN_FIELD_IN_MANIFEST ->
                    ServiceRepository.healthy(directory, name)
                            .manifestWith("strat", "./x")
                            .commit("typo")
                            .body();
                case NO_WAY_TO_START ->
                    ServiceRepository.empty(directory, name)
                            .file("README", "nothing to run")
                            .commit("first")
                            .body();
                case NOT_BUILDING ->
                    ServiceRepository.healthy(directory, name)
                            .file("build.sh", "#!/bin/sh\necho the compiler is unhappy >&2\nexit 3\n")
                            .manifestWith("build", "./build.sh")
                            .commit("broken")
                            .body();
                case NO_SUCH_PROGRAM ->
                    ServiceRepository.healthy(directory, name)
                            .manifestWith("build", "no-such-program")
                            .commit("broken")
                            .body();
                case EXITING ->
                    ServiceRepository.script(directory, name, "echo going; exit 7")
                            .body();
                case KILLED ->
                    ServiceRepository.script(directory, name, "kill -9 $$").body();
                case NOT_ANSWERING ->
                    ServiceRepository.script(directory, name, "exec sleep 600").body();
                case ANSWERING_500 ->
                    ServiceRepository.healthy(directory, name)
                            .file("server.py", """
                                    import sys
                                    from http.server import BaseHTTPRequestHandler, HTTPServer
                                    class Handler(BaseHTTPRequestHandler):
                                        def do_GET(self):
                                            self.send_error(500)
                                    HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
                                    """)
                            .commit("broken")
                            .body();
            };
        }
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String serviceName(String kind, Fault fault) {
        return kind + "-" + fault.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    @ParameterizedTest
    @EnumSource
    void aFirstDeploymentThatFailsLeavesNothing(Fault fault) throws IOException {
        String name = serviceName("new", fault);
        JsonObject failed = argus.deploy(name, fault.body(name));

        isExplained(failed, fault);
        assertThat(failed.getInteger("release")).isNull();
        JsonObject service = argus.service(name);
        assertThat(service.getString("status")).isEqualTo("failed");
        assertThat(service.getString("reason")).isEqualTo(failed.getString("cause"));
        assertThat(service.getJsonArray("instances")).isEmpty();
        assertThat(service.getJsonObject("release")).isNull();
        assertThat(service.getString("url")).isNull();
        assertThat(argus.processesOf(name)).isEmpty();
        assertThat(releases(name)).isEmpty();
        assertThat(runs(name)).isEmpty();
        assertThat(argus.get("/services/" + name + "/why").body())
                .contains(failed.getString("id"))
                .doesNotContain("s3cr3t");
        assertThat(argus.post("/services/" + name + "/start").status()).isEqualTo(409);
    }

    @ParameterizedTest
    @EnumSource
    void aLaterDeploymentThatFailsLeavesTheOlderReleaseAlone(Fault fault) throws IOException {
        String name = serviceName("old", fault);
        argus.deployed(name, ServiceRepository.healthy(directory, name + "-good"));
        JsonObject before = argus.instance(name);

        JsonObject failed = argus.deploy(name, fault.body(name));

        isExplained(failed, fault);
        JsonObject after = argus.service(name);
        assertThat(after.getString("status")).isEqualTo("running");
        assertThat(after.getJsonArray("instances")).hasSize(1);
        assertThat(argus.instance(name).getLong("pid")).isEqualTo(before.getLong("pid"));
        assertThat(argus.instance(name).getInteger("restarts")).isZero();
        assertThat(after.getJsonObject("release").getInteger("number")).isEqualTo(1);
        assertThat(argus.ask(name, "/version").body()).isEqualTo("1");
        assertThat(argus.processesOf(name)).contains(before.getLong("pid"));
        assertThat(releases(name)).containsExactly("1");
        assertThat(runs(name)).containsExactly(before.getString("id"));
        assertThat(argus.get("/services/" + name + "/releases").array()).hasSize(1);
        assertThat(argus.get("/services/" + name + "/why").body()).contains(failed.getString("id"));
    }

    private static void isExplained(JsonObject failed, Fault fault) {
        assertThat(failed.getString("outcome")).as(failed.encodePrettily()).isEqualTo("failed");
        assertThat(failed.getString("cause"))
                .contains(fault.cause)
                .doesNotContain("\n")
                .doesNotContain("Exception")
                .doesNotContain("s3cr3t");
        assertThat(failed.encode()).doesNotContain("s3cr3t");
        assertThat(RunningArgus.step(failed, fault.step).getString("state"))
                .as(failed.encodePrettily())
                .isEqualTo("failed");
        assertThat(failed.getJsonArray("steps").stream()
                        .map(JsonObject.class::cast)
                        .filter(step -> "failed".equals(step.getString("state"))))
                .hasSize(1);
        assertThat(RunningArgus.step(failed, "switch").getString("state")).isNotIn("running", "succeeded", "failed");
        assertThat(failed.getString("finishedAt")).isNotNull();
    }

    @Test
    void aFailedDeploymentOfAStoppedServiceLeavesItStopped() {
        argus.deployed("resting", ServiceRepository.healthy(directory, "resting-good"));
        argus.post("/services/resting/stop");
        argus.awaitStopped("resting");

        JsonObject failed = argus.deploy(
                "resting",
                ServiceRepository.script(directory, "resting-bad", "exit 7").body());

        assertThat(failed.getString("outcome")).isEqualTo("failed");
        JsonObject service = argus.service("resting");
        assertThat(service.getString("desired")).isEqualTo("stopped");
        assertThat(service.getString("status")).isEqualTo("stopped");
        assertThat(argus.processesOf("resting")).isEmpty();
    }

    @Test
    void aFixedPortServiceIsPutBackWhenItsNewReleaseFails() throws IOException {
        int port = FreePorts.next();
        ServiceRepository repository = ServiceRepository.healthy(directory, "fixed")
                .manifestWith("port", port)
                .commit("fixed port");
        argus.deployed("fixed", repository);
        long before = argus.pid("fixed");

        JsonObject failed = argus.deploy(
                "fixed",
                repository
                        .file("server.py", "import sys; sys.exit(9)")
                        .commit("broken")
                        .body());

        assertThat(failed.getString("outcome")).isEqualTo("failed");
        assertThat(failed.getString("cause")).contains("status 9");
        argus.awaitStatus("fixed", "running");
        assertThat(argus.pid("fixed")).as("it had to make room").isNotEqualTo(before);
        assertThat(argus.instance("fixed").getInteger("port")).isEqualTo(port);
        assertThat(argus.ask("fixed", "/version").body()).isEqualTo("1");
        assertThat(releases("fixed")).containsExactly("1");
    }

    @Test
    void theOutputOfAFailedBuildIsInTheCauseOrTheStream() throws IOException {
        String id = argus.beginDeploy("told", Fault.NOT_BUILDING.body("told"));
        argus.ended(id);
        assertThat(argus.get("/deployments/" + id + "/events").body()).contains("the compiler is unhappy");
    }

    private static List<String> releases(String name) throws IOException {
        return children(argus.serviceDirectory(name).resolve("releases"));
    }

    private static List<String> runs(String name) throws IOException {
        return children(argus.serviceDirectory(name).resolve("run"));
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
