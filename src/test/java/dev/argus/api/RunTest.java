package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services run, are started, stopped, restarted, watched, deployed anew, rolled back and removed. */
final class RunTest {
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

    private static boolean lives(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static void signal(String signal, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static long awaitOtherPid(String name, long old) {
        return await("another process of " + name)
                .atMost(RunningArgus.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> {
                            Long pid = argus.instance(name).getLong("pid");
                            return pid == null
                                            || argus.instance(name)
                                                            .getString("health")
                                                            .equals("healthy")
                                                    == false
                                    ? 0L
                                    : pid;
                        },
                        pid -> pid != 0 && pid != old);
    }

    @Test
    void anInstanceSaysWhatItGetsOfTheRequests() {
        argus.deployed("sharing", ServiceRepository.healthy(directory, "sharing"));
        await().atMost(RunningArgus.PATIENCE)
                .until(() -> argus.instance("sharing").getString("traffic").equals("active"));
    }

    @Test
    void secretsAreNamedAndNeverShown() {
        argus.deployed("secretive", ServiceRepository.healthy(directory, "secretive"));
        for (String name : List.of("TOKEN", "PASSWORD")) {
            assertThat(argus.call(
                                    "PUT",
                                    "/services/secretive/secrets/" + name,
                                    argus.adminToken(),
                                    "{\"value\": \"hidden-value\"}")
                            .status())
                    .isEqualTo(204);
        }
        assertThat(argus.get("/services/secretive/secrets").body()).isEqualTo("[\"PASSWORD\",\"TOKEN\"]");
        assertThat(argus.get("/services/secretive").body()).doesNotContain("hidden-value");
    }

    @Test
    void aServiceIsStoppedStartedAndRestarted() {
        argus.deployed("plain", ServiceRepository.healthy(directory, "plain"));
        long first = argus.pid("plain");

        assertThat(argus.post("/services/plain/stop").status()).isEqualTo(202);
        argus.awaitStopped("plain");
        assertThat(lives(first)).isFalse();
        assertThat(argus.service("plain").getString("reason")).contains("tester");

        assertThat(argus.post("/services/plain/start").status()).isEqualTo(202);
        argus.awaitStatus("plain", "running");
        long second = argus.pid("plain");
        assertThat(second).isNotEqualTo(first);
        assertThat(argus.post("/services/plain/start").status()).as("again").isEqualTo(202);
        assertThat(argus.pid("plain")).isEqualTo(second);

        assertThat(argus.post("/services/plain/restart").status()).isEqualTo(202);
        long third = awaitOtherPid("plain", second);
        assertThat(lives(second)).isFalse();
        assertThat(argus.ask("plain", "/pid").body()).isEqualTo(Long.toString(third));
    }

    @Test
    void aKilledServiceIsSoonBackAndItsRestartsAreCounted() throws Exception {
        argus.deployed("killed", ServiceRepository.healthy(directory, "killed"));
        long before = argus.pid("killed");

        signal("KILL", before);

        long after = awaitOtherPid("killed", before);
        argus.awaitStatus("killed", "running");
        assertThat(argus.ask("killed", "/pid").body()).isEqualTo(Long.toString(after));
        assertThat(argus.instance("killed").getInteger("restarts")).isEqualTo(1);
        assertThat(argus.get("/services/killed/why").body()).contains("SIGKILL").contains("started again at once");
        signal("KILL", after);
        awaitOtherPid("killed", after);
        assertThat(argus.instance("killed").getInteger("restarts")).isEqualTo(2);
    }

    @Test
    void aHungServiceIsStoppedAndStartedAgain() throws Exception {
        argus.deployed("hung", ServiceRepository.healthy(directory, "hung"));
        long before = argus.pid("hung");

        signal("STOP", before);

        long after = awaitOtherPid("hung", before);
        assertThat(lives(before)).isFalse();
        assertThat(argus.ask("hung", "/pid").body()).isEqualTo(Long.toString(after));
        assertThat(argus.get("/services/hung/why").body()).contains("did not answer within");
    }

    @Test
    void runningServicesSurviveArgusAndStoppedOnesStayStopped() throws Exception {
        try (var own = RunningArgus.start(directory.resolve("surviving"))) {
            ServiceRepository repository = ServiceRepository.healthy(directory, "survivor");
            own.deployed("survivor", repository);
            own.deployed("sleeper", repository);
            own.post("/services/sleeper/stop");
            own.awaitStopped("sleeper");
            JsonObject before = own.instance("survivor");
            long pid = before.getLong("pid");

            own.end();
            assertThat(lives(pid)).isTrue();
            own.begin();

            own.awaitStatus("survivor", "running");
            JsonObject after = own.instance("survivor");
            assertThat(after.getLong("pid")).isEqualTo(pid);
            assertThat(after.getInteger("port")).isEqualTo(before.getInteger("port"));
            assertThat(after.getInteger("restarts")).isZero();
            assertThat(own.service("sleeper").getString("status")).isEqualTo("stopped");
            assertThat(own.processesOf("sleeper")).isEmpty();

            signal("KILL", pid);
            await().atMost(RunningArgus.PATIENCE).until(() -> {
                Long now = own.instance("survivor").getLong("pid");
                return now != null
                        && now != pid
                        && "running".equals(own.service("survivor").getString("status"));
            });
        }
    }

    @Test
    void aServiceThatDiedWhileArgusWasAwayIsStartedAgain() throws Exception {
        try (var own = RunningArgus.start(directory.resolve("away"))) {
            own.deployed("dying", ServiceRepository.healthy(directory, "dying"));
            long pid = own.pid("dying");
            own.end();
            signal("KILL", pid);
            await().atMost(Duration.ofSeconds(30)).until(() -> !lives(pid));
            own.begin();
            own.awaitStatus("dying", "running");
            assertThat(own.pid("dying")).isNotEqualTo(pid);
            assertThat(own.ask("dying", "/version").body()).isEqualTo("1");
        }
    }

    @Test
    void environmentAndSecretsReachTheServiceAndNoAnswerOrLogTellsASecret() throws IOException {
        ServiceRepository repository = ServiceRepository.healthy(directory, "env");
        argus.deployed("env", repository.body().put("env", new JsonObject().put("GREETING", "hello")));
        assertThat(argus.call("PUT", "/services/env/secrets/KEY", argus.adminToken(), "{\"value\":\"c4nary-s3cret\"}")
                        .status())
                .isEqualTo(204);
        assertThat(argus.call("PATCH", "/services/env/env", argus.adminToken(), "{\"MORE\":\"yes\",\"GREETING\":null}")
                        .json()
                        .getMap())
                .containsOnlyKeys("MORE");
        assertThat(argus.call("PATCH", "/services/env/env", argus.adminToken(), "{\"NUL\":\"a\\u0000b\"}")
                        .status())
                .isEqualTo(400);
        long before = argus.pid("env");
        argus.post("/services/env/restart");
        awaitOtherPid("env", before);

        JsonObject environment = argus.ask("env", "/env").json();
        assertThat(environment.getString("KEY")).isEqualTo("c4nary-s3cret");
        assertThat(environment.getString("MORE")).isEqualTo("yes");
        assertThat(environment.containsKey("GREETING")).isFalse();
        assertThat(environment.getString("PORT"))
                .isEqualTo(argus.instance("env").getInteger("port").toString());
        assertThat(environment.fieldNames()).doesNotContain("JAVA_HOME", "MAVEN_OPTS");

        for (String path : new String[] {
            "/services",
            "/services/env",
            "/services/env/env",
            "/services/env/why",
            "/services/env/logs",
            "/services/env/releases",
            "/deployments",
            "/audit",
            "/tokens"
        }) {
            assertThat(argus.get(path).body()).as(path).doesNotContain("c4nary");
        }
        try (Stream<Path> files = Files.walk(argus.dataDirectory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("c4nary");
            }
        }
        assertThat(argus.delete("/services/env/secrets/KEY").status()).isEqualTo(204);
        assertThat(argus.delete("/services/env/secrets/KEY").status()).isEqualTo(404);
    }

    @Test
    void aServiceThatIsKilledAfterItsEnvironmentWasChangedStartsWithTheNewOne() throws Exception {
        argus.deployed("changed", ServiceRepository.healthy(directory, "changed"));
        long before = argus.pid("changed");
        argus.call("PATCH", "/services/changed/env", argus.adminToken(), "{\"MODE\":\"one\"}");
        argus.call("PUT", "/services/changed/secrets/KEY", argus.adminToken(), "{\"value\":\"two\"}");
        signal("KILL", before);
        awaitOtherPid("changed", before);

        assertThat(argus.ask("changed", "/env").json().getMap())
                .containsEntry("MODE", "one")
                .containsEntry("KEY", "two");
    }

    @Test
    void aServiceWhoseEnvironmentIsChangedBeforeItIsHealthyIsStartedAgainWithTheNewOne() throws Exception {
        int port = FreePorts.next();
        Path sick = Files.createFile(directory.resolve("sick-" + port));
        ServiceRepository repository = ServiceRepository.healthy(directory, "early")
                .manifestWith("port", port)
                .manifestWith(
                        "env",
                        new JsonObject().put("SICK", directory.resolve("sick-").toString()))
                .commit("sick at first");
        String id = argus.beginDeploy("early", repository.body());
        await("its probes")
                .atMost(RunningArgus.PATIENCE)
                .until(() -> argus.get("/services/early/why").body().contains("500"));
        argus.call("PATCH", "/services/early/env", argus.adminToken(), "{\"MODE\":\"one\"}");
        Files.delete(sick);
        assertThat(argus.ended(id).getString("outcome")).isEqualTo("succeeded");
        long before = argus.pid("early");

        signal("KILL", before);
        awaitOtherPid("early", before);

        assertThat(argus.ask("early", "/env").json().getMap()).containsEntry("MODE", "one");
    }

    @Test
    void undeployRemovesEverything() {
        argus.deployed("gone", ServiceRepository.healthy(directory, "gone"));
        long pid = argus.pid("gone");

        Answer answer = argus.delete("/services/gone");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().getBoolean("removed")).isTrue();
        assertThat(lives(pid)).isFalse();
        assertThat(argus.serviceDirectory("gone")).doesNotExist();
        assertThat(argus.get("/services/gone").status()).isEqualTo(404);
        assertThat(argus.get("/deployments?service=gone").array()).isEmpty();
        argus.deployed("gone", ServiceRepository.healthy(directory, "gone-again"));
    }

    @Test
    void undeployKeepsTheDataWhenAskedTo() throws IOException {
        argus.deployed(
                "kept",
                ServiceRepository.healthy(directory, "kept")
                        .manifestWith("data", new io.vertx.core.json.JsonArray().add("uploads"))
                        .commit("with data"));
        Path uploads = argus.serviceDirectory("kept").resolve("data/uploads");
        Files.writeString(argus.serviceDirectory("kept").resolve("current/uploads/a.txt"), "precious");

        assertThat(argus.delete("/services/kept?keepData=true").json().getBoolean("dataKept"))
                .isTrue();

        assertThat(uploads.resolve("a.txt")).hasContent("precious");
        try (Stream<Path> left = Files.list(argus.serviceDirectory("kept"))) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactly("data");
        }
    }

    @Test
    void redeployRetiresTheOldProcessAndRollbackBringsTheFormerReleaseBack() {
        ServiceRepository repository = ServiceRepository.healthy(directory, "moving");
        argus.deployed("moving", repository);
        long first = argus.pid("moving");
        repository.file("version.txt", "2").commit("second");

        JsonObject second = argus.deployed("moving", new JsonObject());

        assertThat(second.getInteger("release")).isEqualTo(2);
        await().atMost(RunningArgus.PATIENCE).until(() -> !lives(first));
        assertThat(argus.service("moving").getJsonArray("instances")).hasSize(1);
        assertThat(argus.ask("moving", "/version").body()).isEqualTo("2");
        assertThat(argus.serviceDirectory("moving").resolve("current/version.txt"))
                .hasContent("2");

        Answer back = argus.post("/services/moving/rollback");
        assertThat(back.status()).as(back.body()).isEqualTo(202);
        JsonObject rollback =
                argus.ended(back.json().getJsonObject("deployment").getString("id"));
        assertThat(rollback.getString("outcome")).as(rollback.encodePrettily()).isEqualTo("succeeded");
        assertThat(argus.ask("moving", "/version").body()).isEqualTo("1");
        assertThat(argus.service("moving").getJsonObject("release").getInteger("number"))
                .isEqualTo(1);
        assertThat(argus.post("/services/moving/rollback").status())
                .as("nothing before the first")
                .isEqualTo(409);
        assertThat(argus.post("/services/moving/rollback", new JsonObject().put("release", 77))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aDeploymentStartsAStoppedServiceAgain() {
        ServiceRepository repository = ServiceRepository.healthy(directory, "woken");
        argus.deployed("woken", repository);
        argus.post("/services/woken/stop");
        argus.awaitStopped("woken");
        argus.deployed("woken", repository);
        JsonObject service = argus.awaitStatus("woken", "running");
        assertThat(service.getString("desired")).isEqualTo("running");
    }

    @Test
    void onlyTheLastReleasesAreKept() throws IOException {
        ServiceRepository repository = ServiceRepository.healthy(directory, "pruned");
        for (int i = 1; i <= 5; i++) {
            argus.deployed("pruned", repository);
        }
        try (Stream<Path> kept = Files.list(argus.serviceDirectory("pruned").resolve("releases"))) {
            assertThat(kept.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("3", "4", "5");
        }
        assertThat(argus.get("/services/pruned/releases").array()).hasSize(3);
    }

    @Test
    void aServiceThatAScriptPutsIntoTheBackgroundIsOwnedWatchedAndStopped() throws Exception {
        argus.deployed(
                "script",
                ServiceRepository.healthy(directory, "script")
                        .without("argus.json")
                        .file("script.sh", """
                                #!/bin/sh
                                case "$1" in
                                start) nohup /usr/bin/python3 -S server.py "$PORT" >out.txt 2>&1 & echo $! >pid.txt ;;
                                stop) kill "$(cat pid.txt)"; echo stopped by the script ;;
                                esac
                                """)
                        .commit("script"));
        long pid = Long.parseLong(argus.ask("script", "/pid").body());
        signal("KILL", pid);
        await().atMost(RunningArgus.PATIENCE)
                .ignoreExceptions()
                .until(() -> !argus.ask("script", "/pid").body().equals(Long.toString(pid)));

        argus.awaitStatus("script", "running");
        argus.post("/services/script/stop");
        argus.awaitStopped("script");
        assertThat(argus.get("/services/script/logs").body()).contains("stopped by the script");
        argus.post("/services/script/start");
        argus.awaitStatus("script", "running");
    }

    @Test
    void theWebLineOfAProcfileStartsTheService() {
        argus.deployed(
                "procfile",
                ServiceRepository.healthy(directory, "procfile")
                        .without("argus.json")
                        .file("Procfile", "web: /usr/bin/python3 -S server.py $PORT\n")
                        .commit("procfile"));
        assertThat(argus.ask("procfile", "/version").body()).isEqualTo("1");
    }

    @Test
    void aServiceWithAFixedPortIsDeployedAnewOnTheSamePort() throws IOException {
        int port = FreePorts.next();
        ServiceRepository repository = ServiceRepository.healthy(directory, "fixed")
                .manifestWith("port", port)
                .commit("fixed port");
        argus.deployed("fixed", repository);
        assertThat(argus.instance("fixed").getInteger("port")).isEqualTo(port);
        repository.file("version.txt", "2").commit("second");
        argus.deployed("fixed", repository);
        assertThat(argus.instance("fixed").getInteger("port")).isEqualTo(port);
        assertThat(argus.ask("fixed", "/version").body()).isEqualTo("2");
    }

    @Test
    void aServiceThatListensElsewhereIsFound() {
        argus.deployed(
                "elsewhere",
                ServiceRepository.healthy(directory, "elsewhere")
                        .manifestWith("start", ServiceRepository.start("0"))
                        .commit("port of its own"));
        assertThat(argus.ask("elsewhere", "/version").body()).isEqualTo("1");
        assertThat(argus.get("/services/elsewhere/why").body()).contains("not on the port it was given");
    }

    @Test
    void anotherUsualPathIsFoundWhenIsaliveIsMissing() {
        argus.deployed(
                "healthz",
                ServiceRepository.healthy(directory, "healthz")
                        .manifestWith("env", new JsonObject().put("ALIVE", "/healthz"))
                        .commit("healthz"));
        assertThat(argus.get("/services/healthz/why").body()).contains("/healthz is probed");
    }

    @Test
    void anOpenPortCountsWhereEveryPathIsMissingAndWhySaysSo() throws Exception {
        argus.deployed(
                "bare",
                ServiceRepository.healthy(directory, "bare")
                        .manifestWith("env", new JsonObject().put("ALIVE", "/none"))
                        .commit("no health path"));
        assertThat(argus.get("/services/bare/why").body()).contains("its open port counts as alive");
        long pid = argus.pid("bare");
        signal("KILL", pid);
        awaitOtherPid("bare", pid);
    }

    @Test
    void aStrangerOnTheFixedPortIsNotTakenForTheService() throws IOException {
        try (var stranger = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerAlive(stranger));
            JsonObject failed = argus.deploy(
                    "usurped",
                    ServiceRepository.script(directory, "usurped", "exec sleep 600")
                            .manifestWith("port", stranger.getLocalPort())
                            .commit("port")
                            .body());
            assertThat(failed.getString("outcome")).as(failed.encodePrettily()).isEqualTo("failed");
            assertThat(failed.getString("cause"))
                    .contains("pid " + ProcessHandle.current().pid())
                    .contains("not the service");
        }
    }

    private static void answerAlive(ServerSocket socket) {
        try {
            while (true) {
                try (var connection = socket.accept()) {
                    connection.getInputStream().read(new byte[1_000]);
                    connection
                            .getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }
}
