package dev.argus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.audit.AuditRecords;
import dev.argus.store.Database;
import dev.argus.store.Statement;
import dev.argus.store.StoreFile;
import io.vertx.core.json.JsonArray;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for who has the host, as they are typed. */
final class HostCommandsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private record Said(int status, String out) {}

    @BeforeEach
    void configure() throws Exception {
        Files.writeString(directory.resolve("config.json"), "{}");
    }

    private Said run(String... words) {
        var command = new ArrayList<>(List.of(words));
        command.addAll(List.of(
                "--config",
                directory.resolve("config.json").toString(),
                "--data-dir",
                directory.resolve("data").toString()));
        PrintStream before = System.out;
        var out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            return new Said(Main.run(command.toArray(String[]::new)), out.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }

    private String token() {
        Said made = run("token", "create", "--name", "ci", "--role", "viewer");
        assertThat(made.status()).isZero();
        return made.out().strip();
    }

    @Test
    void whatIsDoneOnTheHostIsInTheAuditAndAChangeIsFound() {
        token();
        assertThat(run("login-link").status()).isZero();
        Said list = run("audit", "list");
        assertThat(list.out()).contains("host:" + System.getProperty("user.name") + " token-create", "login-link");
        Said whole = run("audit", "verify");
        assertThat(whole.status()).as(whole.out()).isZero();
        String head = whole.out().replaceFirst("(?s).*head is ([0-9]+:[0-9a-f]+);.*", "$1");
        token();
        assertThat(run("audit", "verify", "--head", head).status()).isZero();
        assertThat(run("audit", "verify", "--head", "1:abc").status()).isEqualTo(1);
        try (var database = Database.open(directory.resolve("data"))) {
            database.write(List.of(Statement.of("UPDATE audit SET actor = 'nobody' WHERE sequence = 1")));
        }
        Said changed = run("audit", "verify");
        assertThat(changed.status()).isEqualTo(1);
        assertThat(changed.out()).contains("Record 1 was changed");
    }

    @Test
    void keysAreRotatedAndBothShown() {
        token();
        assertThat(run("keys", "list").out().lines()).hasSize(1);
        assertThat(run("keys", "rotate").status()).isZero();
        assertThat(run("keys", "list").out().lines()).hasSize(2);
        Said forgotten = run("keys", "rotate", "--forget-former");
        assertThat(forgotten.out()).contains("make new ones");
        assertThat(run("keys", "list").out().lines()).hasSize(1);
        assertThat(run("token", "list").out().lines()).as("the heading alone").hasSize(1);
    }

    @Test
    void aBackupIsRestoredByTheSameCommands() throws Exception {
        token();
        Path file = directory.resolve("argus.backup");
        Said written = run("backup", file.toString(), "--quiet");
        assertThat(written.status()).as(written.out()).isZero();
        assertThat(run("restore", file.toString()).status()).as("not empty").isEqualTo(1);
        Files.move(directory.resolve("data"), directory.resolve("gone"));
        Said restored = run("restore", file.toString());
        assertThat(restored.status()).as(restored.out()).isZero();
        assertThat(run("token", "list").out()).contains("ci");
        try (var database = Database.open(directory.resolve("data"))) {
            assertThat(database.read(AuditRecords.newest(null, 1)).getFirst().text("action"))
                    .isEqualTo("restore");
        }
        assertThat(run("audit", "verify").status()).isZero();
    }

    @Test
    void theDoctorSpeaksJsonAndEndsWithOneWhereThereIsAProblem() throws Exception {
        token();
        Files.writeString(directory.resolve("config.json"), "{\"server\":{\"port\":0,\"proxy\":{\"httpPort\":0}}}");
        Said healthy = run("doctor", "-o", "json");
        assertThat(healthy.status()).as(healthy.out()).isZero();
        assertThat(new JsonArray(healthy.out()).stream().map(Object::toString))
                .allMatch(finding -> finding.contains("\"grade\":") && finding.contains("\"sentence\":"));
        Files.writeString(directory.resolve("config.json"), "{\"server\":{\"prot\":0}}");
        Said wrong = run("doctor");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.out()).contains("problem", "server.prot");
    }

    @Test
    void aFileIsNeverReadForWordsOfACommand() throws Exception {
        Path words = Files.writeString(directory.resolve("words"), "create --name stranger --role admin");
        assertThat(run("token", "@" + words).status()).isEqualTo(2);
        assertThat(run("token", "list").out()).doesNotContain("stranger");
    }

    @Test
    void theStoreOfBeforeAMigrationIsPutBackAndWhatIsLostIsTold() throws Exception {
        token();
        Path data = directory.resolve("data");
        Said nothing = run("former-store", "--since", "0");
        assertThat(nothing.status()).isZero();
        assertThat(nothing.out()).contains("not migrated");
        // as a migration leaves it
        StoreFile.copy(data, data.resolve("argus-schema" + StoreFile.newestSchema() + ".db"));
        run("token", "create", "--name", "forgotten", "--role", "viewer");
        Said back = run("former-store", "--since", "0");
        assertThat(back.status()).as(back.out()).isZero();
        assertThat(back.out()).contains("Lost is what was done meanwhile", "token-create", "forgotten");
        assertThat(run("token", "list").out()).contains("ci").doesNotContain("forgotten");
        assertThat(run("audit", "verify").status()).isZero();
    }
}
