package dev.argus.client;

import static dev.argus.client.FakeArgus.event;
import static dev.argus.client.FakeArgus.events;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deployments: the order, their progress and their end. */
class DeploymentTest {
    private static final String DEPLOY = "POST /services/web/deploy";
    private static final String EVENTS = "GET /deployments/d1/events";
    private static final String CREATED = "\"id\":\"d1\",\"service\":\"web\",\"createdAt\":\"2026-11-23T00:00:00Z\"";
    private static final String RUNNING = "{" + CREATED + ",\"outcome\":null,\"steps\":[]}";
    private static final String SUCCEEDED = "{" + CREATED
            + ",\"finishedAt\":\"2026-11-23T00:00:04.2Z\",\"outcome\":\"succeeded\",\"release\":3,\"steps\":["
            + "{\"name\":\"checkout\",\"state\":\"succeeded\",\"startedAt\":\"2026-11-23T00:00:00Z\",\"finishedAt\":\"2026-11-23T00:00:01Z\"},"
            + "{\"name\":\"build\",\"state\":\"succeeded\",\"startedAt\":\"2026-11-23T00:00:01Z\",\"finishedAt\":\"2026-11-23T00:00:04Z\",\"detail\":\"go build\"},"
            + "{\"name\":\"drain\",\"state\":\"skipped\"}]}";
    private static final String FAILED = "{" + CREATED
            + ",\"finishedAt\":\"2026-11-23T00:00:04Z\",\"outcome\":\"failed\",\"cause\":\"go build ended with status 1.\",\"steps\":["
            + "{\"name\":\"checkout\",\"state\":\"succeeded\",\"startedAt\":\"2026-11-23T00:00:00Z\",\"finishedAt\":\"2026-11-23T00:00:01Z\"},"
            + "{\"name\":\"build\",\"state\":\"failed\",\"startedAt\":\"2026-11-23T00:00:01Z\",\"finishedAt\":\"2026-11-23T00:00:04Z\"}]}";
    private static final String END = event(9, "deployment-finished", "{\"outcome\":\"succeeded\"}");

    @TempDir
    Path directory;

    private FakeArgus argus = new FakeArgus();
    private Client client = new Client(Path.of(""));

    @BeforeEach
    void start() {
        client = new Client(directory);
        argus.on(DEPLOY, 202, "{\"deployment\":{" + CREATED + ",\"outcome\":null}}");
        argus.on("GET /services/web", "{\"name\":\"web\",\"url\":\"http://127.0.0.1:20001\"}");
    }

    @AfterEach
    void stop() {
        argus.close();
    }

    private Client.Result deploy(String... more) {
        String[] words = {"--server", argus.url(), "deploy", "web"};
        String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return client.run(all);
    }

    private static String step(int id, String name, String state, int second) {
        return event(
                id,
                "deployment-progress",
                "{\"type\":\"deployment-progress\",\"at\":\"2026-11-23T00:00:0" + second + "Z\",\"service\":\"web\","
                        + "\"deployment\":\"d1\",\"step\":\"" + name + "\",\"state\":\"" + state + "\"}");
    }

    private static String line(int id, String text) {
        return event(id, "deployment-output", "{\"service\":\"web\",\"deployment\":\"d1\",\"line\":\"" + text + "\"}");
    }

    @Test
    void everyOptionGetsIntoTheOrder() {
        deploy(
                "--repo",
                "https://example.org/web",
                "--ref=v1",
                "--env",
                "A=1",
                "--env",
                "B=x=y",
                "--build",
                "make -j",
                "--start",
                "./web {port}",
                "--port",
                "8081",
                "--isalive",
                "/health",
                "--instances",
                "2",
                "--host",
                "a.example.org",
                "--host",
                "b.example.org",
                "--memory",
                "256MiB",
                "--no-wait");
        assertThat(argus.request(DEPLOY).body())
                .isEqualTo("{\"repository\":\"https://example.org/web\",\"ref\":\"v1\",\"build\":\"make -j\","
                        + "\"start\":\"./web {port}\",\"port\":8081,\"instances\":2,\"isalive\":{\"path\":\"/health\"},"
                        + "\"env\":{\"A\":\"1\",\"B\":\"x=y\"},\"resources\":{\"memory\":\"256MiB\"},"
                        + "\"hosts\":[\"a.example.org\",\"b.example.org\"]}");
        assertThat(argus.request(DEPLOY).type()).isEqualTo("application/json");
    }

    @Test
    void theNameAloneDeploysWhatIsConfigured() {
        assertThat(deploy("--no-wait").out()).isEqualTo("Deployment d1 of web goes on: argus-client status web\n");
        assertThat(argus.request(DEPLOY).body()).isEqualTo("{}");
        assertThat(argus.asked()).containsExactly(DEPLOY);
    }

    @Test
    void phasesAreShownWithTheirTimesAndThenTheUrl() {
        argus.on(
                EVENTS,
                events(
                        step(1, "checkout", "running", 0),
                        ": heartbeat\n\n",
                        step(2, "checkout", "succeeded", 1),
                        step(3, "build", "running", 1),
                        line(4, "compiling"),
                        step(5, "build", "succeeded", 4),
                        END));
        argus.on("GET /deployments/d1", SUCCEEDED);
        assertThat(deploy()).isEqualTo(new Client.Result(0, """
                checkout  succeeded   1.0 s
                build     succeeded   3.0 s
                drain     skipped
                Deployed web, release 3, in 4.2 s.
                http://127.0.0.1:20001
                """, ""));
    }

    @Test
    void withVerboseTheOutputOfTheBuildIsShownAndHarmless() {
        argus.on(EVENTS, events(step(3, "build", "running", 1), line(4, "a\\u001b[2Jb\\tc"), END));
        argus.on("GET /deployments/d1", SUCCEEDED);
        assertThat(deploy("--verbose").out()).startsWith("  a\\x1b[2Jb\tc\n");
        assertThat(deploy("--verbose", "--raw").out()).startsWith("  a\u001b[2Jb\tc\n");
    }

    @Test
    void aStreamThatBreaksIsTakenUpBehindTheLastEvent() {
        argus.on(EVENTS, events(step(1, "checkout", "running", 0), step(2, "checkout", "succeeded", 1)));
        argus.on(EVENTS, events(step(3, "build", "running", 1), step(4, "build", "succeeded", 4), END));
        argus.on("GET /deployments/d1", RUNNING);
        argus.on("GET /deployments/d1", SUCCEEDED);
        Client.Result result = deploy();
        assertThat(result.status()).isZero();
        assertThat(result.out()).startsWith("checkout  succeeded   1.0 s\nbuild     succeeded   3.0 s\n");
        assertThat(argus.requests())
                .filteredOn(request -> request.line().equals(EVENTS))
                .extracting(FakeArgus.Request::lastEventId)
                .containsExactly("0", "2");
        assertThat(argus.asked()).containsOnlyOnce(DEPLOY);
    }

    @Test
    void whereThereAreNoEventsTheDeploymentIsAskedFor() {
        argus.on("GET /deployments/d1", RUNNING);
        argus.on("GET /deployments/d1", RUNNING);
        argus.on("GET /deployments/d1", RUNNING);
        argus.on("GET /deployments/d1", RUNNING);
        argus.on("GET /deployments/d1", SUCCEEDED);
        Client.Result result = deploy();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("build     succeeded   3.0 s       go build\n")
                .endsWith(":20001\n");
    }

    @Test
    void aServerThatGoesAwayForAMomentIsWaitedFor() throws Exception {
        argus.on(EVENTS, exchange -> exchange.close());
        argus.on("GET /deployments/d1", exchange -> exchange.close());
        argus.on("GET /deployments/d1", exchange -> exchange.close());
        argus.on("GET /deployments/d1", SUCCEEDED);
        assertThat(deploy().out()).endsWith("http://127.0.0.1:20001\n");
        assertThat(argus.asked()).containsOnlyOnce(DEPLOY);
    }

    @Test
    void afterAFailureThePhaseTheCauseAndTheEndOfTheLogAreShown() {
        StringBuilder output = new StringBuilder();
        for (int i = 1; i <= 60; i++) {
            output.append(line(i, "line " + i + "."));
        }
        argus.on(EVENTS, events(step(1, "build", "running", 1), output.toString(), END));
        argus.on("GET /deployments/d1", FAILED);
        Client.Result result = deploy();
        assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(result.out()).isEqualTo("checkout  succeeded   1.0 s\nbuild     failed      3.0 s\n");
        assertThat(result.err()).startsWith("""
                        argus-client: The deployment of web failed in build: go build ended with status 1.
                        The end of the log:
                          line 11.
                        """).endsWith("  line 60.\n").doesNotContain("line 10.");
    }

    @Test
    void whenTheServiceDoesNotLiveItsOwnLogIsShown() {
        argus.on(EVENTS, events(END));
        argus.on(
                "GET /deployments/d1",
                FAILED.replace("\"build\"", "\"verify\"").replace("\"failed\",\"cause\"", "\"rolled-back\",\"cause\""));
        argus.on(
                "GET /deployments/d1/log?tail=50",
                "{\"lines\":[{\"source\":\"web-1\",\"text\":\"panic: no port\\u001b[2J\"}]}");
        assertThat(deploy().err()).isEqualTo("""
                        argus-client: The deployment of web was rolled back in verify: go build ended with status 1.
                        The end of the log:
                          panic: no port\\x1b[2J
                        """);
    }

    @Test
    void withJsonOnlyTheFinishedDeploymentIsShown() throws Exception {
        argus.on(EVENTS, events(step(1, "build", "running", 1), line(2, "x"), END));
        argus.on("GET /deployments/d1", FAILED);
        Client.Result result = deploy("-o", "json");
        assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(Json.read(result.out()).text("outcome")).isEqualTo("failed");
        assertThat(result.err())
                .isEqualTo("argus-client: The deployment of web failed in build: go build ended with status 1.\n");
    }

    @Test
    void onATerminalTheRunningPhaseIsUpdatedInPlaceAndOutputPassesAbove() {
        argus.on(
                EVENTS,
                events(step(1, "build", "running", 1), line(2, "compiling"), step(3, "build", "succeeded", 4), END));
        argus.on("GET /deployments/d1", SUCCEEDED);
        String out = client.terminal(new Visible())
                .run("--server", argus.url(), "deploy", "web")
                .out();
        assertThat(out)
                .startsWith("\r\u001b[Kbuild     running     0.0 s")
                .contains("\r\u001b[K  compiling\nbuild     running")
                .contains("\r\u001b[K\u001b[32mbuild     succeeded   3.0 s\u001b[0m\n");
        String plain = client.with("NO_COLOR", "1")
                .run("--server", argus.url(), "deploy", "web")
                .out();
        assertThat(plain).contains("\r\u001b[Kbuild     succeeded   3.0 s\n").doesNotContain("\u001b[32m");
    }

    @Test
    void rollbackAndBuildAreFollowedTheSameWay() {
        argus.on(EVENTS, events(END));
        argus.on("GET /deployments/d1", SUCCEEDED);
        argus.on("POST /services/web/rollback", 202, "{\"deployment\":{\"id\":\"d1\"}}");
        argus.on("POST /services/web/build", 202, "{\"deployment\":{\"id\":\"d1\"}}");
        assertThat(client.run("--server", argus.url(), "rollback", "web", "2").out())
                .endsWith(":20001\n");
        assertThat(argus.request("POST /services/web/rollback").body()).isEqualTo("{\"release\":2}");
        assertThat(client.run("--server", argus.url(), "build", "web").out())
                .endsWith("Built web, release 3, in 4.2 s.\n");
        argus.requests().clear();
        client.run("--server", argus.url(), "rollback", "web", "--no-wait");
        assertThat(argus.request("POST /services/web/rollback").body()).isEqualTo("{}");
    }

    @Test
    void afterCtrlCTheDeploymentGoesOnAndThatIsSaid() throws Exception {
        argus.on(EVENTS, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(step(1, "build", "running", 1).getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            try {
                TimeUnit.SECONDS.sleep(60); // the build; closing the server ends it
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        argus.on("GET /deployments/d1", RUNNING);
        Path err = directory.resolve("err");
        // whoever runs the tests in the background has them ignore the signal, and every process of theirs
        Process process = new ProcessBuilder(List.of(
                        "env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.argus.client.ArgusClient",
                        "--server",
                        argus.url(),
                        "deploy",
                        "web"))
                .redirectError(err.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> argus.asked().contains(EVENTS));
            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(130);
            assertThat(err)
                    .content()
                    .contains(
                            "The deployment goes on without you: argus-client --server " + argus.url() + " status web");
            assertThat(argus.asked()).noneMatch(line -> line.startsWith("DELETE"));
        } finally {
            process.destroyForcibly();
        }
    }

    /** Somebody looks at the output; nobody types. */
    private static final class Visible implements Terminal {
        @Override
        public boolean visible() {
            return true;
        }

        @Override
        public @Nullable String ask(String question) {
            return null;
        }

        @Override
        public @Nullable String askSecret(String question) {
            return null;
        }

        @Override
        public Runnable onInterrupt(Runnable action) {
            return () -> {};
        }
    }
}
