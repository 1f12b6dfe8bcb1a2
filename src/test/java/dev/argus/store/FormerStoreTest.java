package dev.argus.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.argus.bus.ArgusException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FormerStoreTest {
    private static final Statement KEYS = Statement.of("SELECT key FROM meta WHERE key LIKE 'test%' ORDER BY key");
    private static final Instant UPGRADE = Instant.parse("2026-01-02T00:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Path kept() {
        return directory.resolve("argus-schema" + StoreFile.newestSchema() + ".db");
    }

    private void put(String key) {
        try (var database = Database.open(directory)) {
            database.write(List.of(Statement.of("INSERT INTO meta (key, value) VALUES (?, 'x')", key)));
        }
    }

    private List<String> keys() {
        try (var database = Database.open(directory)) {
            return database.read(KEYS).stream().map(row -> row.text("key")).toList();
        }
    }

    /** As a migration leaves it: a copy, and a store that goes on. */
    @BeforeEach
    void migrated() throws Exception {
        put("test-before");
        StoreFile.copy(directory, kept());
        Files.setLastModifiedTime(kept(), FileTime.from(UPGRADE.plusSeconds(5)));
        put("test-after");
    }

    @Test
    void whatWasKeptIsTheStoreAgainAndTheMigratedOneIsBesideIt() throws Exception {
        FormerStore former = FormerStore.keptSince(directory, UPGRADE).orElseThrow();
        assertThat(former.read(KEYS)).hasSize(1);
        Path left = former.putBack();
        assertThat(keys()).containsExactly("test-before");
        assertThat(kept()).exists();
        Files.move(left, directory.resolve(Database.FILE), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(keys()).containsExactly("test-after", "test-before");
    }

    @Test
    void aCopyFromAnEarlierUpgradeIsNotTaken() {
        assertThat(FormerStore.keptSince(directory, UPGRADE.plusSeconds(6))).isEmpty();
    }

    @Test
    void aStoreThatSomebodyHasOpenIsLeftAlone() {
        FormerStore former = FormerStore.keptSince(directory, UPGRADE).orElseThrow();
        try (var open = Database.open(directory)) {
            open.read(KEYS);
            assertThatExceptionOfType(ArgusException.class)
                    .isThrownBy(former::putBack)
                    .withMessageContaining("open");
        }
        assertThat(keys()).hasSize(2);
    }

    @Test
    void aDamagedCopyIsRefusedAndNothingIsChanged() throws Exception {
        Files.writeString(kept(), "this is no store, ".repeat(400));
        Files.setLastModifiedTime(kept(), FileTime.from(UPGRADE.plusSeconds(5)));
        FormerStore former = FormerStore.keptSince(directory, UPGRADE).orElseThrow();
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(former::putBack)
                .withMessageContaining("nothing was changed");
        assertThat(keys()).hasSize(2);
    }
}
