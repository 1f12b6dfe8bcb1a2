package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.auth.Role;
import dev.argus.store.Database;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server records of what people do, try, and what it does by itself. */
final class AuditTest {
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
    void end() {
        argus.close();
    }

    private JsonObject recorded(String what, Predicate<JsonObject> wanted) {
        return await(what)
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> argus.get("/audit?limit=1000").array().stream()
                                .map(JsonObject.class::cast)
                                .filter(wanted)
                                .findFirst()
                                .orElse(new JsonObject()),
                        record -> !record.isEmpty());
    }

    private static Predicate<JsonObject> action(String action, String result) {
        return record -> action.equals(record.getString("action")) && result.equals(record.getString("result"));
    }

    @Test
    void actsAttemptsAndWhatHappensByItselfAreRecordedInOneChain() {
        String viewer = argus.token(Role.VIEWER);
        argus.call("POST", "/services/web/stop", viewer, null);
        argus.call("GET", "/users", viewer, null);
        argus.call("POST", "/services/web/stop", "", null);
        argus.post(
                "/users",
                new JsonObject().put("name", "ann").put("role", "viewer").put("password", "a long password"));
        argus.call("POST", "/login", "", "{\"user\":\"ann\",\"password\":\"a wrong password\"}");
        argus.call("POST", "/login", "", "{\"user\":\"hunter2!\",\"password\":\"a wrong password\"}");
        argus.deploy("web", new JsonObject().put("repository", "file://" + directory.resolve("nowhere.git")));

        assertThat(recorded("a refused act", action("stop", "403")).getString("actor"))
                .isEqualTo("test-viewer");
        assertThat(recorded("a refused look", action("listUsers", "403")).getString("address"))
                .isEqualTo("127.0.0.1");
        assertThat(recorded("an act of a stranger", action("stop", "401")).getString("actor"))
                .isEqualTo("-");
        assertThat(recorded("a user", action("putUser", "201")).getString("detail"))
                .contains("ann");
        assertThat(recorded(
                                "a wrong password",
                                action("login", "401")
                                        .and(record ->
                                                !record.getString("detail").isEmpty()))
                        .getString("detail"))
                .isEqualTo("user ann");
        assertThat(recorded("what happened by itself", action("deployment-finished", "failed"))
                        .getString("actor"))
                .isEqualTo("argus");
        assertThat(recorded("the start", action("server-started", "done")).getString("actor"))
                .isEqualTo("argus");
        String all = argus.get("/audit?limit=1000").body();
        assertThat(all)
                .doesNotContain("a wrong password")
                .doesNotContain("a long password")
                .doesNotContain("hunter2");
        JsonObject found = argus.get("/audit/verification").json();
        assertThat(found.getBoolean("whole")).as(found.encode()).isTrue();
        assertThat(found.getLong("records")).isGreaterThan(6);
    }

    @Test
    void aRestartByItselfIsRecorded() {
        var repository = ServiceRepository.healthy(directory, "shop");
        argus.deployed("shop", repository);
        ProcessHandle.of(argus.pid("shop")).orElseThrow().destroyForcibly();
        assertThat(recorded("the restart", action("instance-restarted", "done")).getString("service"))
                .isEqualTo("shop");
    }

    @Test
    void releasesThatAreRemovedBecauseThereAreNewerOnesAreRecorded() {
        var repository = ServiceRepository.healthy(directory, "shop");
        int kept = argus.config().deploy().keepReleases();
        for (int release = 1; release <= kept + 1; release++) {
            repository.file("version.txt", "v" + release).commit("v" + release);
            argus.deployed("shop", repository);
        }
        JsonObject removed = recorded("what was removed", action("releases-removed", "done"));
        assertThat(removed.getString("service")).isEqualTo("shop");
        assertThat(removed.getString("actor")).isEqualTo("argus");
        assertThat(removed.getString("detail")).endsWith("releases [1]");
    }

    @Test
    void aChangedRecordIsFoundWhileTheServerRuns() throws Exception {
        argus.token(Role.VIEWER);
        JsonObject made = recorded("a token", action("createToken", "201"));
        change("UPDATE audit SET actor = 'somebody else' WHERE sequence = " + made.getLong("id"));
        JsonObject found = argus.get("/audit/verification").json();
        assertThat(found.getBoolean("whole")).isFalse();
        assertThat(found.getString("finding")).isEqualTo("Record " + made.getLong("id") + " was changed.");
    }

    @Test
    void nothingIsChangedWhileItCannotBeRecordedAndReadingGoesOn() throws Exception {
        change("ALTER TABLE audit RENAME TO hidden");
        // the first is recorded after it was done, which fails
        argus.call("POST", "/services/web/stop", argus.adminToken(), null);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Answer refused =
                    argus.post("/tokens", new JsonObject().put("name", "t").put("role", "viewer"));
            assertThat(refused.status()).as(refused.body()).isEqualTo(503);
            assertThat(refused.detail()).contains("nothing was changed");
        });
        assertThat(argus.get("/services").status()).isEqualTo(200);
        change("ALTER TABLE hidden RENAME TO audit");
        assertThat(argus.post("/tokens", new JsonObject().put("name", "t").put("role", "viewer"))
                        .status())
                .isEqualTo(201);
        assertThat(recorded("that it goes on", action("audit-resumed", "done")).getString("detail"))
                .contains("could not be written");
    }

    private void change(String sql) throws Exception {
        try (var connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + argus.dataDirectory().resolve(Database.FILE));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout=5000");
            statement.execute(sql);
        }
    }
}
