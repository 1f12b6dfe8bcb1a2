package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.auth.Role;
import dev.argus.store.Database;
import dev.argus.store.Statement;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The figures of real services, in the real steps of 15 s: so each test lasts two or three of them. */
final class MetricsTest {
    /** Two steps until everything is known, and the minute within which it is saved. */
    private static final Duration STEPS = Duration.ofSeconds(100);

    private static final List<String> ALL = List.of("cpu", "memory", "probe", "requests", "errors");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    /** What is known of a column, oldest first. */
    private static List<Double> known(JsonObject json, String column) {
        return json.getJsonArray(column).stream()
                .filter(Objects::nonNull)
                .map(point -> ((Number) point).doubleValue())
                .toList();
    }

    private static double last(JsonObject json, String column) {
        List<Double> known = known(json, column);
        return known.isEmpty() ? 0 : known.getLast();
    }

    private static JsonObject metrics(RunningArgus argus, String service, String range) {
        Answer answer = argus.get("/services/" + service + "/metrics?range=" + range);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static long rows(RunningArgus argus, String service) {
        try (var database = Database.open(argus.dataDirectory())) {
            return database.read(Statement.of("SELECT count(*) AS n FROM service_metrics WHERE service = ?", service))
                    .getFirst()
                    .number("n");
        }
    }

    /** Somebody who looks at a service again and again, until it is closed. */
    private static final class Guest implements AutoCloseable {
        private final AtomicBoolean done = new AtomicBoolean();
        private final Thread thread;

        Guest(RunningArgus argus, String service) {
            URI url = URI.create(argus.service(service).getString("url"));
            thread = Thread.ofVirtual().start(() -> {
                while (!done.get()) {
                    argus.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + url.getPort() + "/"))
                            .header("Host", url.getAuthority())
                            .timeout(Duration.ofSeconds(60)));
                }
            });
        }

        boolean isThere() {
            return thread.isAlive();
        }

        @Override
        public void close() {
            done.set(true);
            try {
                thread.join(RunningArgus.PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void figuresOfAServiceUnderRequestsAreKeptOverAKillAndRemovedWithIt() throws Exception {
        try (RunningArgus argus = RunningArgus.inAProcess(directory.resolve("data"), config -> config)) {
            argus.deployed("web", SmallService.repository(directory, "web"));
            argus.deployed("other", SmallService.repository(directory, "other"));
            try (var visitors = new Guest(argus, "web")) {
                await("all figures are known and saved")
                        .atMost(STEPS)
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() -> {
                            JsonObject hour = metrics(argus, "web", "1h");
                            assertThat(ALL)
                                    .allSatisfy(column -> assertThat(known(hour, column))
                                            .as(column)
                                            .isNotEmpty());
                            assertThat(last(hour, "requests")).isGreaterThan(1);
                            assertThat(rows(argus, "web")).isPositive();
                        });
                assertThat(visitors.isThere()).isTrue();
            }
            JsonObject before = metrics(argus, "web", "1h");
            assertShape(before, "1h", 15, 240, ALL);
            assertThat(last(before, "memory")).isBetween(1e6, 1e9);
            assertThat(last(before, "probe")).isBetween(0.01, 1_000.0);
            assertThat(last(before, "cpu")).isBetween(0.0, 200.0);
            assertThat(known(before, "errors")).containsOnly(0.0);
            assertShape(metrics(argus, "web", "24h"), "24h", 300, 288, ALL);
            assertShape(metrics(argus, "web", "7d"), "7d", 1_800, 336, ALL);
            assertThat(known(metrics(argus, "other", "1h"), "requests")).containsOnly(0.0);
            Map<Instant, Double> measured = points(before, "requests");

            argus.kill();
            argus.begin();

            await("what was saved is there")
                    .atMost(RunningArgus.PATIENCE)
                    .until(() -> !known(metrics(argus, "web", "1h"), "requests").isEmpty());
            Map<Instant, Double> after = points(metrics(argus, "web", "1h"), "requests");
            assertThat(after)
                    .isNotEmpty()
                    .allSatisfy((at, value) -> assertThat(measured.get(at)).isEqualTo(value));
            assertThat(known(metrics(argus, "web", "7d"), "memory")).isNotEmpty();

            assertThat(argus.delete("/services/web").status()).isEqualTo(200);

            assertThat(argus.get("/services/web/metrics").status()).isEqualTo(404);
            await("nothing of it is kept").atMost(RunningArgus.PATIENCE).until(() -> rows(argus, "web") == 0);
            assertThat(rows(argus, "other")).isPositive();
            argus.deployed("web", SmallService.repository(directory, "again"));
            assertThat(known(metrics(argus, "web", "24h"), "requests")).isEmpty();
        }
    }

    private static void assertShape(JsonObject json, String range, int step, int points, List<String> columns) {
        assertThat(json.getString("range")).isEqualTo(range);
        assertThat(json.getInteger("step")).isEqualTo(step);
        Instant from = Instant.parse(json.getString("from"));
        assertThat(from.getEpochSecond() % step).isZero();
        assertThat(Duration.between(from, Instant.now()).toSeconds() / step).isBetween(points - 1L, points + 1L);
        assertThat(columns)
                .allSatisfy(column -> assertThat(json.getJsonArray(column)).hasSize(points));
    }

    private static Map<Instant, Double> points(JsonObject json, String column) {
        Instant from = Instant.parse(json.getString("from"));
        JsonArray points = json.getJsonArray(column);
        Map<Instant, Double> all = new java.util.TreeMap<>();
        for (int i = 0; i < points.size(); i++) {
            Double value = points.getDouble(i);
            if (value != null) {
                all.put(from.plusSeconds((long) i * json.getInteger("step")), value);
            }
        }
        return all;
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"embedded", "haproxy"})
    void theOverviewHasWhatServicesUseNowAndTheirRestarts(String proxy) throws Exception {
        try (RunningArgus argus =
                RunningArgus.start(directory.resolve("data"), config -> RunningArgus.behind(config, proxy))) {
            ServiceRepository repository = SmallService.repository(directory, "web");
            argus.deployed("web", repository);
            argus.deployed("crashing", repository.body().put("env", new JsonObject().put("CRASH_AFTER", "3")));
            argus.deployed("hanging", repository.body().put("env", new JsonObject().put("HANG_AFTER", "4")));
            try (var visitors = new Guest(argus, "web");
                    var unlucky = new Guest(argus, "hanging")) {
                await("requests and errors of now")
                        .atMost(STEPS)
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() -> {
                            JsonObject web = overview(argus, "web");
                            assertThat(web.getDouble("requests")).isNotNull().isGreaterThan(1);
                            assertThat(web.getDouble("errors")).isZero();
                            assertThat(web.getDouble("probe")).isPositive();
                            assertThat(web.getInteger("restarts24h")).isZero();
                            assertThat(overview(argus, "crashing").getInteger("restarts24h"))
                                    .isPositive();
                            assertThat(overview(argus, "hanging").getDouble("errors"))
                                    .isPositive();
                        });
                assertThat(List.of(visitors.isThere(), unlucky.isThere())).containsOnly(true);
            }
            assertThat(overview(argus, "web").getJsonArray("cpu")).hasSize(30);
            assertThat(known(overview(argus, "web"), "memory")).hasSizeBetween(1, 2);
            JsonObject all = argus.get("/overview").json();
            assertThat(all.getJsonObject("node").getInteger("services")).isEqualTo(3);
            Answer limited = argus.call("GET", "/overview", argus.token(Role.VIEWER, "web"), null);
            assertThat(limited.json().getJsonArray("services")).hasSize(1);
            assertThat(limited.body()).doesNotContain("crashing");
            JsonObject node = argus.get("/node/metrics").json();
            List<String> columns = List.of("cpu", "memory", "disk", "load");
            assertShape(node, "1h", 15, 240, columns);
            assertThat(columns)
                    .allSatisfy(column -> assertThat(known(node, column)).isNotEmpty());
            assertThat(last(node, "cpu")).isBetween(0.0, 100.0);
            assertThat(argus.get("/node/metrics?range=2h").status()).isEqualTo(400);
        }
    }

    private static JsonObject overview(RunningArgus argus, String service) {
        return argus.get("/overview").json().getJsonArray("services").stream()
                .map(JsonObject.class::cast)
                .filter(each -> service.equals(each.getString("name")))
                .findFirst()
                .orElseThrow();
    }
}
