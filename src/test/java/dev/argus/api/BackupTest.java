package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.argus.auth.Role;
import dev.argus.backup.Archives;
import dev.argus.backup.Backup;
import dev.argus.backup.Restore;
import dev.argus.bus.ArgusException;
import dev.argus.store.Database;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup of a server that runs, and another host that takes over from it. */
final class BackupTest {
    private static final Duration ENOUGH = Duration.ofMinutes(2);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void aBareHostTakesOverServicesReleasesDataAndUsers() throws Exception {
        Path file = directory.resolve("argus.backup");
        var repository = ServiceRepository.healthy(directory, "shop")
                .file("version.txt", "one")
                .commit("one");
        Path former = directory.resolve("former");
        String viewer;
        try (var argus = RunningArgus.start(former)) {
            var body = new JsonObject().put("repository", repository.url()).put("data", new JsonArray().add("uploads"));
            argus.deployed("shop", body);
            repository.file("version.txt", "two").commit("two");
            argus.deployed("shop", body);
            Files.writeString(argus.serviceDirectory("shop").resolve("data/uploads/photo"), "a picture");
            argus.post(
                    "/users",
                    new JsonObject().put("name", "ann").put("role", "operator").put("password", "long enough for all"));
            viewer = argus.token(Role.VIEWER);
            long pid = argus.pid("shop");

            long size = new Backup(former, "test", line -> {}).write(file, ENOUGH);

            assertThat(size).isEqualTo(Files.size(file));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(argus.pid("shop")).as("nothing was stopped for it").isEqualTo(pid);
            try (var beside = Files.list(directory)) {
                assertThat(beside.map(path -> path.getFileName().toString())).noneMatch(name -> name.contains(".part"));
            }
        }
        // the former host is gone
        Files.move(former, directory.resolve("gone"));

        Path bare = directory.resolve("bare");
        new Restore(bare, line -> {}).read(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(bare)))
                .isEqualTo("rwx------");
        try (var argus = RunningArgus.start(bare)) {
            argus.awaitStatus("shop", "running");
            assertThat(argus.version("shop")).isEqualTo("two");
            assertThat(argus.get("/services/shop/releases").array()).hasSize(2);
            assertThat(argus.serviceDirectory("shop").resolve("data/uploads/photo"))
                    .hasContent("a picture");
            assertThat(argus.serviceDirectory("shop").resolve("releases/2/uploads/photo"))
                    .as("by the link in the release")
                    .hasContent("a picture");
            assertThat(argus.call("GET", "/services", viewer, null).status())
                    .as("tokens stay good")
                    .isEqualTo(200);
            assertThat(argus.call("POST", "/login", "", "{\"user\":\"ann\",\"password\":\"long enough for all\"}")
                            .status())
                    .isEqualTo(200);
            String back = argus.post("/services/shop/rollback")
                    .json()
                    .getJsonObject("deployment")
                    .getString("id");
            assertThat(argus.ended(back).getString("outcome")).isEqualTo("succeeded");
            assertThat(argus.version("shop")).isEqualTo("one");
        }
    }

    private Path small() {
        Path data = directory.resolve("small");
        Database.open(data(data)).close();
        Path file = directory.resolve("small.backup");
        new Backup(data, "test", line -> {}).write(file, ENOUGH);
        return file;
    }

    private static Path data(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aDirectoryThatHoldsSomethingAndOneInUseAreLeftAlone() throws IOException {
        Path file = small();
        Path full = data(directory.resolve("full"));
        Files.writeString(full.resolve("precious"), "x");
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(() -> new Restore(full, line -> {}).read(file))
                .withMessageContaining("not empty")
                .withMessageContaining("precious");
        assertThat(full.resolve(Database.FILE)).doesNotExist();
        try (var argus = RunningArgus.start(directory.resolve("used"))) {
            assertThatExceptionOfType(ArgusException.class)
                    .isThrownBy(() -> new Restore(argus.dataDirectory(), line -> {}).read(file))
                    .withMessageContaining("already uses");
        }
    }

    @Test
    void aBackupOfANewerArgusIsRefusedAndNothingIsLeftOfIt() throws Exception {
        Path data = data(directory.resolve("newer"));
        Database.open(data).close();
        // as a later version would write it: only its manifest tells
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve(Database.FILE));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version=999");
        }
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(() -> new Backup(data, "test", line -> {}).write(directory.resolve("b"), ENOUGH))
                .withMessageContaining("newer Argus");
        assertThat(directory.resolve("b")).doesNotExist();

        Path file = Archives.ofSchema(999, directory.resolve("newer.backup"));
        Path bare = directory.resolve("bare");
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(() -> new Restore(bare, line -> {}).read(file))
                .withMessageContaining("newer Argus (9.9, schema 999");
        try (var left = Files.list(bare)) {
            assertThat(left.map(path -> path.getFileName().toString())).isSubsetOf(List.of("argus.lock"));
        }
    }

    @Test
    void whatIsNoBackupOrDamagedIsRefusedAtEveryLength() throws IOException {
        byte[] good = Files.readAllBytes(small());
        Path bare = directory.resolve("bare");
        for (int length : new int[] {0, 1, 20, good.length / 2, good.length - 1}) {
            Path cut = Files.write(directory.resolve("cut"), java.util.Arrays.copyOf(good, length));
            assertThatExceptionOfType(ArgusException.class)
                    .as("cut after " + length)
                    .isThrownBy(() -> new Restore(bare, line -> {}).read(cut))
                    .withMessageContaining("no backup of Argus or is damaged");
        }
        assertThat(bare.resolve(Database.FILE)).doesNotExist();
        new Restore(bare, line -> {}).read(small());
        assertThat(bare.resolve(Database.FILE))
                .as("what failed before is in nobody's way")
                .exists();
    }

    @Test
    void aBackupThatTakesTooLongIsGivenUpAndTheOneBeforeStays() throws IOException {
        Path file = small();
        byte[] before = Files.readAllBytes(file);
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(() -> new Backup(directory.resolve("small"), "test", line -> {}).write(file, Duration.ZERO))
                .withMessageContaining("--within");
        assertThat(file).hasBinaryContent(before);
    }
}
