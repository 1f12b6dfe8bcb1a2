package dev.argus.store;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The store as it was before a migration, {@code argus-schemaN.db}, for whoever must go back to the Argus that knew it. */
public final class FormerStore {
    private final Path dataDirectory;
    private final Path file;
    private final long schema;

    private FormerStore(Path dataDirectory, Path file, long schema) {
        this.dataDirectory = dataDirectory;
        this.file = file;
        this.schema = schema;
    }

    /**
     * The oldest that a migration has kept since then; empty when the store was not migrated since.
     *
     * @throws ArgusException {@link ErrorCode#UNAVAILABLE} when it cannot be read or is damaged
     */
    public static Optional<FormerStore> keptSince(Path dataDirectory, Instant since) {
        List<FormerStore> kept = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(dataDirectory, "argus-schema[0-9]*.db")) {
            for (Path each : found) {
                String number = each.getFileName().toString().replaceAll("\\D", "");
                if (!Files.getLastModifiedTime(each).toInstant().isBefore(since)) {
                    kept.add(new FormerStore(dataDirectory, each, Long.parseLong(number)));
                }
            }
        } catch (IOException e) {
            throw Database.cannotOpen(dataDirectory, e);
        }
        return kept.stream().min(Comparator.comparingLong(FormerStore::schema));
    }

    /** The schema that it has. */
    public long schema() {
        return schema;
    }

    /** What is in it. */
    public List<Row> read(Statement query) {
        try (var session = Session.lookingAt(file)) {
            return session.find(query);
        } catch (SQLException e) {
            throw Database.cannotOpen(file, e);
        }
    }

    /**
     * Makes it the store again, in one step. The migrated one is kept beside it. Only for who has the lock of the directory.
     *
     * @return where the migrated one is kept
     * @throws ArgusException when it is damaged, or somebody has the store open; then nothing was changed
     */
    public Path putBack() {
        Path store = dataDirectory.resolve(Database.FILE);
        try {
            requireWhole();
            Path unfinished = dataDirectory.resolve("argus-schema.db.part");
            Path migrated = keep(store, unfinished);
            Files.deleteIfExists(unfinished);
            try (var session = Session.on(file)) {
                session.copyTo(unfinished);
            }
            // a log that belongs to one store would spoil another of that name
            if (Files.exists(dataDirectory.resolve(Database.FILE + "-wal"))) {
                throw ArgusException.conflict("Something has the store " + store
                        + " open, so the former one was not put back; end it and try again.");
            }
            Files.move(unfinished, store, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return migrated;
        } catch (SQLException | IOException e) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "The store " + file + " cannot be put back (" + e.getMessage()
                            + "); check rights and space of its disk, nothing was changed.");
        }
    }

    private void requireWhole() throws SQLException {
        try (var session = Session.lookingAt(file)) {
            String state = session.find(Statement.of("PRAGMA quick_check(1)"))
                    .getFirst()
                    .text("quick_check");
            if (!state.equals("ok") || session.schema() != schema) {
                throw new ArgusException(
                        ErrorCode.UNAVAILABLE,
                        "The store " + file
                                + " is damaged or not of the schema that its name says; nothing was changed, restore a backup with argus-server restore.");
            }
        }
    }

    private static Path keep(Path store, Path unfinished) throws SQLException, IOException {
        Files.deleteIfExists(unfinished);
        long newer;
        try (var session = Session.on(store)) {
            newer = session.schema();
            session.copyTo(unfinished);
        }
        Path migrated = store.resolveSibling("argus-left-schema" + newer + ".db");
        Files.move(unfinished, migrated, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return migrated;
    }
}
