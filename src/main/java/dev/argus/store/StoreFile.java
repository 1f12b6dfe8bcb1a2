package dev.argus.store;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What is asked of the file of a store by whoever does not serve from it. */
public final class StoreFile {

    private StoreFile() {}

    /** What a look at the file has found. */
    public record Look(long schema) {}

    /** The newest schema that this Argus knows. */
    public static int newestSchema() {
        return Migrations.newest();
    }

    /**
     * Looks at the file without changing it, whether or not a server has it open; empty when there is none.
     *
     * @throws ArgusException {@link ErrorCode#UNAVAILABLE} when it is damaged, cannot be read, or was written by a newer Argus
     */
    public static Optional<Look> look(Path dataDirectory) {
        Path file = dataDirectory.resolve(Database.FILE);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try (var session = Session.lookingAt(file)) {
            long schema = session.schema();
            Migrations.requireKnown(file, schema);
            String state = session.find(Statement.of("PRAGMA quick_check(1)"))
                    .getFirst()
                    .text("quick_check");
            if (!state.equals("ok")) {
                throw new ArgusException(
                        ErrorCode.UNAVAILABLE,
                        "The store " + file + " is damaged (" + state
                                + "); restore a backup with argus-server restore.");
            }
            return Optional.of(new Look(schema));
        } catch (SQLException e) {
            throw Database.cannotOpen(file, e);
        }
    }

    /**
     * A copy of the store as it is at one moment, whether or not a server has it open: all that was acknowledged by then is in it, and nothing half.
     * Nothing is migrated.
     *
     * @param target a new file, for its owner alone
     * @return the schema of the store
     * @throws ArgusException {@link ErrorCode#NOT_FOUND} when there is no store; {@link ErrorCode#UNAVAILABLE} when it cannot be copied, or was written
     *     by a newer Argus
     */
    public static long copy(Path dataDirectory, Path target) {
        Path file = dataDirectory.resolve(Database.FILE);
        if (Files.notExists(file)) {
            throw ArgusException.notFound(
                    "There is no store in " + dataDirectory + "; say with --data-dir where Argus keeps its data.");
        }
        NativeLibrary.keepIn(dataDirectory);
        try (var session = Session.on(file)) {
            long schema = session.schema();
            Migrations.requireKnown(file, schema);
            session.copyTo(target);
            return schema;
        } catch (SQLException | IOException e) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "The store " + file + " cannot be copied to " + target + " (" + e.getMessage()
                            + "); check rights and space of both disks.");
        }
    }

    /** Service and number of all releases in a {@link #copy}. */
    public static List<Row> releasesIn(Path copy) {
        try (var session = Session.on(copy)) {
            return session.find(Statement.of("SELECT service, number FROM releases"));
        } catch (SQLException e) {
            throw Database.cannotOpen(copy, e);
        }
    }
}
