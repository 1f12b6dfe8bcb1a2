package dev.argus.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.argus.bus.ArgusException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatabaseTest {
    private static final Statement COUNT = Statement.of("SELECT count(*) AS n FROM meta WHERE key LIKE 'test%'");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private static Statement put(String key) {
        return Statement.of("INSERT INTO meta (key, value) VALUES (?, ?)", key, "x");
    }

    private static long count(Database database) {
        return database.read(COUNT).getFirst().number("n");
    }

    @Test
    void aStoreOfTheFirstVersionIsBroughtUpToDateWithWhatIsInIt() throws Exception {
        Path file = directory.resolve("argus.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var script = Objects.requireNonNull(Database.class.getResourceAsStream("/db/V001__first.sql"))) {
            for (String sql : new String(script.readAllBytes(), StandardCharsets.UTF_8).split(";\\s*\n", -1)) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
            statement.execute(
                    "INSERT INTO services (name, repository, spec, desired, created_at, changed_by, changed_at)"
                            + " VALUES ('shop', 'file:///x', '{}', 'running', 1, 'ann', 1)");
            statement.execute("INSERT INTO releases (service, number, revision, subject, built_at, plan)"
                    + " VALUES ('shop', 1, 'abc', 'First', 1, '{}')");
            statement.execute("PRAGMA user_version=1");
        }
        try (var database = Database.open(directory)) {
            var release = database.read(Statement.of("SELECT * FROM releases")).getFirst();
            assertThat(release.text("subject")).isEqualTo("First");
            assertThat(release.text("built_by")).isEmpty();
            assertThat(database.read(Statement.of("SELECT * FROM timeline"))).isEmpty();
            assertThat(database.read(Statement.of("SELECT * FROM incidents"))).isEmpty();
            assertThat(database.read(Statement.of("SELECT restart_memory FROM instances")))
                    .isEmpty();
        }
        Path kept = directory.resolve("argus-schema1.db");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + kept);
                var statement = connection.createStatement()) {
            assertThat(statement.executeQuery("PRAGMA user_version").getInt(1))
                    .as("as it was before")
                    .isEqualTo(1);
            assertThat(statement.executeQuery("SELECT subject FROM releases").getString(1))
                    .isEqualTo("First");
        }
    }

    @Test
    void aNewStoreIsMigratedAndForItsOwnerAlone() throws IOException {
        try (var database = Database.open(directory)) {
            assertThat(database.read(Statement.of("PRAGMA user_version"))
                            .getFirst()
                            .number("user_version"))
                    .isPositive();
            assertThat(database.read(Statement.of("PRAGMA journal_mode"))
                            .getFirst()
                            .text("journal_mode"))
                    .isEqualTo("wal");
            assertThat(database.read(Statement.of("PRAGMA synchronous"))
                            .getFirst()
                            .number("synchronous"))
                    .as("FULL")
                    .isEqualTo(2);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(Database.FILE))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aCopyHoldsAllThatWasWrittenAndIsForItsOwnerAlone() throws IOException {
        try (var database = Database.open(directory)) {
            for (int i = 0; i < 100; i++) {
                database.write(List.of(put("test" + i)));
            }
            Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
            Path copy = elsewhere.resolve(Database.FILE);
            assertThat(StoreFile.copy(directory, copy)).isEqualTo(StoreFile.newestSchema());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                    .isEqualTo("rw-------");
            database.write(List.of(put("test-later")));
            try (var opened = Database.open(elsewhere)) {
                assertThat(count(opened)).isEqualTo(100);
            }
        }
    }

    @Test
    void whatWasWrittenIsThereWhenOpenedAgain() {
        try (var database = Database.open(directory)) {
            database.write(List.of(put("test1")));
        }
        try (var again = Database.open(directory)) {
            assertThat(count(again)).isEqualTo(1);
        }
    }

    @Test
    void aWriteIsDoneAltogetherOrNotAtAll() {
        try (var database = Database.open(directory)) {
            assertThatExceptionOfType(ArgusException.class)
                    .isThrownBy(() -> database.write(List.of(put("test1"), put("test2"), put("test1"))))
                    .withMessageContaining("nothing was changed");
            assertThat(count(database)).isZero();
            assertThatExceptionOfType(ArgusException.class)
                    .isThrownBy(() -> database.write(List.of(put("test1"), Statement.of("nonsense"))));
            assertThat(count(database)).isZero();
            assertThat(database.write(List.of(put("test1"), put("test2")))).isEqualTo(2);
            assertThat(count(database)).isEqualTo(2);
        }
    }

    @Test
    void aStoreOfANewerArgusIsRefusedAndLeftAlone() throws SQLException {
        Database.open(directory).close();
        String url = "jdbc:sqlite:" + directory.resolve(Database.FILE);
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version=999");
        }
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(() -> Database.open(directory))
                .withMessageContaining("newer Argus")
                .withMessageContaining("999");
        try (var connection = DriverManager.getConnection(url);
                var found = connection.createStatement().executeQuery("PRAGMA user_version")) {
            assertThat(found.getInt(1)).isEqualTo(999);
        }
    }

    @Test
    void aDamagedStoreIsRefusedWithOneSentenceAndLeftAlone() throws IOException {
        String garbage = "this is no database at all, ".repeat(500);
        Files.writeString(directory.resolve(Database.FILE), garbage);
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(() -> Database.open(directory))
                .withMessageContaining("cannot be opened")
                .withMessageContaining("backup");
        assertThat(directory.resolve(Database.FILE)).hasContent(garbage);
    }

    @Test
    void anotherConnectionIsSeenAndItsChangesAreNoticed() {
        try (var one = Database.open(directory);
                var two = Database.open(directory)) {
            Statement version = Statement.of("PRAGMA data_version");
            long before = one.read(version).getFirst().number("data_version");
            one.write(List.of(put("test1")));
            assertThat(one.read(version).getFirst().number("data_version"))
                    .as("its own changes are none")
                    .isEqualTo(before);
            two.write(List.of(put("test2")));
            assertThat(one.read(version).getFirst().number("data_version")).isNotEqualTo(before);
            assertThat(count(one)).isEqualTo(2);
        }
    }

    @Test
    void parametersAreValuesAndNeverSql() {
        try (var database = Database.open(directory)) {
            String evil = "test'); DROP TABLE meta; --";
            database.write(List.of(put(evil)));
            assertThat(database.read(Statement.of("SELECT key FROM meta WHERE key = ?", evil))
                            .getFirst()
                            .text("key"))
                    .isEqualTo(evil);
        }
    }
}
