package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.auth.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with services is kept with its evidence, explained in words and told in one timeline. */
final class WhyTest {
    /** Does on demand what services do by themselves in the night. */
    private static final String PATIENT = """
            import faulthandler, os, signal, sys, threading, time
            from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

            faulthandler.register(signal.SIGQUIT, all_threads=True)
            state = {"alive": 200}
            if os.path.exists("broken"):
                sys.exit(3)

            class Handler(BaseHTTPRequestHandler):
                def do_GET(self):
                    if self.path == "/crash":
                        print("panic: the database is gone", flush=True)
                        os._exit(2)
                    if self.path == "/break":
                        open("broken", "w").close()
                        os._exit(3)
                    if self.path == "/sick":
                        state["alive"] = 503
                    if self.path == "/well":
                        state["alive"] = 200
                    if self.path == "/hang":
                        state["alive"] = 0
                    if self.path == "/isalive" and state["alive"] == 0:
                        threading.Event().wait()
                    self.send_response(state["alive"] if self.path == "/isalive" else 200)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

                def log_message(self, *args):
                    pass

            ThreadingHTTPServer.allow_reuse_address = True
            server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
            print("ready to serve", flush=True)
            server.serve_forever()
            """;

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

    private static ServiceRepository patient(String name) {
        return ServiceRepository.healthy(directory, name)
                .file("server.py", PATIENT)
                .commit("patient");
    }

    private static JsonObject why(String name) {
        Answer answer = argus.get("/services/" + name + "/why");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static String details(String name) {
        return String.join(
                "\n",
                why(name).getJsonArray("details").stream().map(Object::toString).toList());
    }

    private static Stream<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast);
    }

    private static List<JsonObject> timeline(String name) {
        return objects(argus.get("/services/" + name + "/timeline").array()).toList();
    }

    private static JsonObject awaitEntry(String name, Predicate<JsonObject> wanted) {
        return await("entry of " + name)
                .atMost(RunningArgus.PATIENCE)
                .until(() -> timeline(name).stream().filter(wanted).findFirst(), found -> found.isPresent())
                .orElseThrow();
    }

    private static Predicate<JsonObject> ofType(String type) {
        return entry -> entry.getString("type").equals(type);
    }

    /** The newest incident with its evidence, when there is one. */
    private static JsonObject awaitIncident(String name, String kind) {
        JsonObject incident = await("incident of " + name)
                .atMost(RunningArgus.PATIENCE)
                .until(
                        () -> objects(argus.get("/services/" + name + "/incidents")
                                        .array())
                                .filter(each -> each.getString("kind").equals(kind))
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
        assertThat(incident.containsKey("evidence")).isFalse();
        return argus.get("/services/" + name + "/incidents/" + incident.getString("id"))
                .json();
    }

    private static void awaitRestarted(String name, int restarts) {
        await("restart of " + name)
                .atMost(RunningArgus.PATIENCE)
                .until(() -> argus.instance(name).getInteger("restarts") >= restarts
                        && argus.instance(name).getString("health").equals("healthy"));
    }

    private static void signal(String signal, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Asks the instance itself: the proxy would ask the next one too, which would end as well. */
    private static void poke(String name, String path) {
        try {
            argus.send(HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + argus.instance(name).getInteger("port") + path)));
        } catch (java.io.UncheckedIOException expected) {
            // a service that ends by the request does not answer it
            assertThat(path).isIn("/crash", "/break");
        }
    }

    @Test
    void anUnhealthyInstanceIsLookedAtBeforeItIsStopped() throws Exception {
        argus.deployed("hung", patient("hung"));
        long pid = argus.pid("hung");
        signal("STOP", pid);

        JsonObject incident = awaitIncident("hung", "unhealthy");

        assertThat(incident.getString("reason")).contains("did not answer within 2 s", "3 times in a row");
        assertThat(incident.getJsonArray("findings").encode())
                .contains("Process " + pid)
                .contains("was stopped by a signal such as SIGSTOP");
        JsonObject evidence = incident.getJsonObject("evidence");
        assertThat(evidence.getLong("pid")).isEqualTo(pid);
        JsonObject process = objects(evidence.getJsonArray("processes"))
                .filter(each -> each.getLong("pid") == pid)
                .findFirst()
                .orElseThrow();
        assertThat(process.getString("state")).isEqualTo("stopped");
        assertThat(process.getString("command")).contains("server.py");
        assertThat(process.getInteger("threads")).isPositive();
        assertThat(process.getLong("rssBytes")).isGreaterThan(1_000_000);
        assertThat(process.getInteger("openFiles")).isGreaterThanOrEqualTo(4);
        assertThat(process.getJsonObject("files").fieldNames()).contains("socket", "file");
        assertThat(process.getInteger("oomScore")).isNotNull();
        assertThat(process.getJsonArray("sockets").getJsonObject(0).getString("state"))
                .isEqualTo("LISTEN");
        assertThat(evidence.getJsonArray("log")).contains("ready to serve");
        assertThat(objects(evidence.getJsonArray("probes")).map(probe -> probe.getString("failure")))
                .contains((String) null)
                .anyMatch(failure -> failure != null && failure.contains("did not answer within"));
        awaitRestarted("hung", 1);
        assertThat(timeline("hung").reversed())
                .extracting(entry -> entry.getString("type"))
                .containsSubsequence("created", "deployment-started", "healthy", "deployment-finished")
                .containsSubsequence("healthy", "unhealthy", "restarted", "healthy");
        assertThat(awaitEntry("hung", ofType("incident")).getString("incident")).isEqualTo(incident.getString("id"));
        assertThat(why("hung").getJsonObject("incident").getString("id")).isEqualTo(incident.getString("id"));
    }

    @Test
    void aThreadDumpIsTakenWhereItIsAskedFor() {
        argus.deployed(
                "dumping",
                patient("dumping")
                        .manifestWith("isalive", new JsonObject().put("dump", true))
                        .commit("dump"));
        poke("dumping", "/hang");

        JsonObject evidence = awaitIncident("dumping", "unhealthy").getJsonObject("evidence");

        assertThat(evidence.getJsonArray("dump").encode())
                .contains("most recent call first")
                .contains("do_GET");
        assertThat(evidence.getJsonArray("log").encode())
                .as("the log is that from before")
                .doesNotContain("most recent call first");
        awaitRestarted("dumping", 1);
        assertThat(argus.get("/services/dumping/logs").body()).contains("most recent call first");
    }

    @Test
    void withoutBeingAskedForNoDumpIsTaken() {
        argus.deployed("quiet", patient("quiet"));
        poke("quiet", "/hang");

        assertThat(awaitIncident("quiet", "unhealthy").getJsonObject("evidence").getJsonArray("dump"))
                .isEmpty();
    }

    @Test
    void aCrashIsKeptWithItsStatusAndItsLastWords() {
        argus.deployed("crashing", patient("crashing"));
        poke("crashing", "/crash");

        JsonObject incident = awaitIncident("crashing", "crash");

        assertThat(incident.getString("reason")).matches("exit status 2 after \\d+\\.\\d s");
        assertThat(incident.getString("lastWords")).isEqualTo("panic: the database is gone");
        List<String> log = incident.getJsonObject("evidence").getJsonArray("log").stream()
                .map(Object::toString)
                .toList();
        assertThat(log).as("without what the next start wrote").endsWith("panic: the database is gone");
        awaitRestarted("crashing", 1);
        assertThat(details("crashing"))
                .contains("exit status 2 after")
                .contains("The last that it wrote before was: panic: the database is gone");
        assertThat(awaitEntry("crashing", ofType("restarted")).getString("text"))
                .contains("exit status 2");
    }

    @Test
    void aKillBySomebodyElseIsSaidToBeThatAndNotTheKernels() throws Exception {
        argus.deployed("murdered", patient("murdered"));
        signal("KILL", argus.pid("murdered"));

        assertThat(awaitIncident("murdered", "crash").getString("reason"))
                .startsWith("killed by signal 9 (SIGKILL), not by Argus, after");
    }

    @Test
    void backOffIsExplainedByItsRestarts() {
        argus.deployed("looping", patient("looping"));
        for (int i = 1; i <= 3; i++) {
            poke("looping", "/crash");
            if (i < 3) {
                awaitRestarted("looping", i);
            }
        }
        await().atMost(RunningArgus.PATIENCE)
                .untilAsserted(() -> assertThat(details("looping"))
                        .containsPattern(
                                "in back-off for another \\d+\\.\\d s because of 3 restarts in \\d+\\.?\\d* s"));
        awaitRestarted("looping", 3);
    }

    @Test
    void aServiceThatHasFailedIsToldToThoseWhoListen() {
        argus.deployed("failing", patient("failing"));
        poke("failing", "/break");
        argus.awaitStatus("failing", "failed");

        assertThat(awaitEntry("failing", ofType("failed")).getString("text"))
                .contains("exit status 3")
                .contains("5 restarts within 120 s");
        assertThat(events()).contains("event: service-failed").contains("event: incident");
        argus.post("/services/failing/stop");
        argus.awaitStopped("failing");
    }

    /** What has been told until now; the stream itself has no end. */
    private static String events() {
        var request = argus.request("/api/v1/events")
                .header("Authorization", "Bearer " + argus.adminToken())
                .header("Last-Event-ID", "0")
                .build();
        var told = new StringBuilder();
        try (var body = argus.http()
                .send(request, java.net.http.HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            byte[] block = new byte[8_192];
            while (told.indexOf("event: service-failed") < 0) {
                int count = body.read(block);
                assertThat(count).as(told.toString()).isPositive();
                told.append(new String(block, 0, count, java.nio.charset.StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return told.toString();
    }

    @Test
    void aDeploymentThatWasCutOffWithArgusHasAnEndInTheTimeline() throws Exception {
        try (var own = RunningArgus.start(directory.resolve("cut-off"))) {
            String id = own.beginDeploy(
                    "cut",
                    patient("cut")
                            .file("build.sh", "#!/bin/sh\nexec sleep 600\n")
                            .manifestWith("build", "./build.sh")
                            .commit("slow build")
                            .body());
            own.awaitStep(id, "build");
            own.restart();
            await().atMost(RunningArgus.PATIENCE)
                    .until(() -> own.get("/services/cut/timeline").body().contains("\"deployment-finished\""));
        }
    }

    @Test
    void aProbeThatIsAnsweredWith503IsToldWithItsTimeAlsoBeforeItIsJudged() {
        argus.deployed(
                "sick",
                patient("sick")
                        .manifestWith("isalive", new JsonObject().put("failures", 100))
                        .commit("patience"));
        poke("sick", "/sick");
        await().atMost(RunningArgus.PATIENCE)
                .untilAsserted(() -> assertThat(details("sick"))
                        .containsPattern("The probe answered 503 on port \\d+/isalive, for \\d+\\.\\d s\\."));
        poke("sick", "/well");
        await().atMost(RunningArgus.PATIENCE)
                .untilAsserted(() -> assertThat(details("sick")).doesNotContain("503"));
    }

    @Test
    void whoHoldsThePortIsNamed() throws Exception {
        int port = FreePorts.next();
        argus.deployed("usurped", patient("usurped").manifestWith("port", port).commit("fixed port"));
        argus.post("/services/usurped/stop");
        argus.awaitStopped("usurped");
        try (var stranger = new ServerSocket()) {
            stranger.setReuseAddress(true);
            stranger.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            argus.post("/services/usurped/start");
            String held = "is held by pid " + ProcessHandle.current().pid() + " (";

            await().atMost(RunningArgus.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(details("usurped")).contains("Port " + port + ", which it needs, " + held));
            JsonObject incident = awaitIncident("usurped", "crash");
            assertThat(incident.getString("lastWords")).contains("Address already in use");
            assertThat(incident.getJsonArray("findings").encode()).contains(held);
        }
        argus.awaitStatus("usurped", "running");
    }

    @Test
    void whoStoppedItAndWhenIsRememberedWhateverIsChangedLater() {
        argus.deployed("resting", patient("resting"));
        String operator = argus.token(Role.OPERATOR);
        argus.call("POST", "/services/resting/stop", operator, null);
        await("end of the processes of resting")
                .atMost(RunningArgus.PATIENCE)
                .until(() -> why("resting").getString("reason").startsWith("Stopped"));
        argus.call("PATCH", "/services/resting/env", argus.adminToken(), "{\"MODE\":\"c4nary\"}");
        argus.call("PUT", "/services/resting/secrets/KEY", argus.adminToken(), "{\"value\":\"c4nary\"}");

        JsonObject why = why("resting");

        assertThat(why.getString("reason")).isEqualTo("Stopped by test-operator.");
        assertThat(details("resting")).containsPattern("It was stopped by test-operator at \\d{4}-\\d\\d-\\d\\dT");
        List<JsonObject> timeline = timeline("resting");
        assertThat(timeline).first().satisfies(entry -> {
            assertThat(entry.getString("type")).isEqualTo("secret-changed");
            assertThat(entry.getString("text")).isEqualTo("tester set the secret KEY.");
        });
        assertThat(timeline.get(1).getString("text")).isEqualTo("tester changed env.MODE.");
        assertThat(timeline.get(1).getJsonArray("fields")).containsExactly("env.MODE");
        assertThat(timeline.get(2).getString("text")).isEqualTo("Stopped by test-operator.");
        assertThat(timeline.toString()).doesNotContain("c4nary");

        argus.post("/services/resting/start");
        argus.awaitStatus("resting", "running");
        assertThat(awaitEntry("resting", ofType("started")).getString("by")).isEqualTo("tester");
        argus.post("/services/resting/restart");
        assertThat(awaitEntry("resting", ofType("restarted")).getString("text")).contains("restarted by tester");
    }

    @Test
    void theDeploymentThatIsUnderWayIsToldWithItsStep() throws Exception {
        String id = argus.beginDeploy(
                "coming",
                patient("coming")
                        .file("build.sh", "#!/bin/sh\nexec sleep 600\n")
                        .manifestWith("build", "./build.sh")
                        .commit("slow build")
                        .body());
        argus.awaitStep(id, "build");

        assertThat(details("coming"))
                .containsPattern(
                        "Deployment " + id + " by tester is under way: it is at the step build since \\d+\\.\\d s\\.");
        argus.delete("/deployments/" + id);
        argus.ended(id);
        assertThat(details("coming"))
                .contains("no deployment has succeeded yet")
                .contains("Cancelled by tester.");
        assertThat(awaitEntry("coming", ofType("deployment-finished")).getString("text"))
                .isEqualTo("Deployment " + id + " by tester cancelled: Cancelled by tester.");
    }

    @Test
    void theTimelineComesInPagesAndOutlivesArgus() {
        try (var own = RunningArgus.start(directory.resolve("paged"))) {
            own.deployed("paged", ServiceRepository.healthy(directory, "paged"));
            own.post("/services/paged/stop");
            await().atMost(RunningArgus.PATIENCE)
                    .until(() -> own.service("paged").getString("reason").startsWith("Stopped"));
            List<Long> all = ids(own, "");
            assertThat(all).hasSizeGreaterThan(3).doesNotHaveDuplicates();
            assertThat(objects(own.get("/services/paged/timeline").array()).map(entry -> entry.getInstant("at")))
                    .isSortedAccordingTo(Comparator.reverseOrder());

            own.restart();

            assertThat(ids(own, "")).containsAll(all);
            List<Long> first = ids(own, "?limit=2");
            assertThat(first).hasSize(2);
            assertThat(ids(own, "?limit=1000&before=" + first.getLast()))
                    .isEqualTo(ids(own, "").stream().skip(2).toList());
            assertThat(ids(own, "?before=1")).isEmpty();
            assertThat(own.get("/services/paged/timeline?limit=0").status()).isEqualTo(400);
            assertThat(own.get("/services/paged/timeline?before=x").status()).isEqualTo(400);
        }
    }

    private static List<Long> ids(RunningArgus own, String query) {
        return objects(own.get("/services/paged/timeline" + query).array())
                .map(entry -> entry.getLong("id"))
                .toList();
    }

    @Test
    void whatEndedWhileArgusWasAwayIsAnIncidentToo() throws Exception {
        try (var own = RunningArgus.start(directory.resolve("away"))) {
            own.deployed("dying", patient("dying"));
            long pid = own.pid("dying");
            own.end();
            signal("KILL", pid);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> ProcessHandle.of(pid).isEmpty());
            own.begin();
            own.awaitStatus("dying", "running");

            String incidents = await().atMost(RunningArgus.PATIENCE)
                    .until(() -> own.get("/services/dying/incidents").body(), body -> body.length() > 2);
            assertThat(incidents).contains("ended while Argus was away");
            assertThat(own.get("/services/dying/timeline").body()).contains("\"restarted\"");
        }
    }

    @Test
    void nothingIsLeftOfARemovedServiceAndOthersLearnNothing() {
        argus.deployed("secretive", patient("secretive"));
        poke("secretive", "/crash");
        String id = awaitIncident("secretive", "crash").getString("id");
        String foreign = argus.token(Role.VIEWER, "hung");
        for (String path : List.of("/timeline", "/incidents", "/incidents/" + id, "/why")) {
            assertThat(argus.call("GET", "/services/secretive" + path, foreign, null)
                            .status())
                    .as(path)
                    .isEqualTo(404);
            assertThat(argus.call("GET", "/services/secretive" + path, "", null).status())
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(argus.get("/services/secretive/incidents/i0").status()).isEqualTo(404);

        argus.delete("/services/secretive");
        argus.deployed("secretive", patient("secretive-again"));

        assertThat(argus.get("/services/secretive/incidents").array()).isEmpty();
        assertThat(timeline("secretive")).filteredOn(ofType("incident")).isEmpty();
    }

    @Test
    void aStopBySomebodyDoesNotWaitForTheEvidence() throws Exception {
        argus.deployed(
                "impatient",
                patient("impatient")
                        .manifestWith("isalive", new JsonObject().put("dump", true))
                        .commit("dump"));
        long pid = argus.pid("impatient");
        // it cannot write a dump, so that the whole time for it would go by
        signal("STOP", pid);
        awaitEntry("impatient", ofType("unhealthy"));
        assertThat(argus.post("/services/impatient/stop").status()).isEqualTo(202);
        argus.awaitStopped("impatient");
        assertThat(details("impatient")).contains("It was stopped by tester");
    }
}
