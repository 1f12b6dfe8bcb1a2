package dev.argus.store;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteErrorCode;

/**
 * The SQLite file {@code argus.db}: durable when a write returns (WAL, {@code synchronous=FULL}), migrated when opened.
 *
 * <p>Before a migration it keeps a copy of itself beside the file, {@code argus-schemaN.db}, N being the schema that an older Argus knows.
 *
 * <p>For one thread at a time. Another process may have the file open too: the command line adds users and tokens while
 * the server runs. A writer waits up to 5 s for the other.
 */
public final class Database implements AutoCloseable {
    /** The file's name in the data directory. */
    public static final String FILE = "argus.db";

    private final Session session;
    private final boolean readOnly;

    private Database(Session session, boolean readOnly) {
        this.session = session;
        this.readOnly = readOnly;
    }

    /**
     * Opens or makes the database in {@code dataDirectory}, with rights for the owner alone, and migrates it. On a disk that is mounted read-only
     * it is opened as it is, and refuses every write.
     *
     * @throws ArgusException {@link ErrorCode#UNAVAILABLE} when the file cannot be opened, is damaged, or was written by a
     *     newer Argus
     */
    public static Database open(Path dataDirectory) {
        Path file = dataDirectory.resolve(FILE);
        NativeLibrary.keepIn(dataDirectory);
        try {
            if (Files.exists(file) && DataDirectory.isReadOnly(dataDirectory)) {
                return onReadOnlyDisk(file);
            }
            if (Files.notExists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            var session = Session.on(file);
            try {
                session.execute("PRAGMA journal_mode=WAL");
                session.execute("PRAGMA synchronous=FULL");
                Migrations.run(session, file);
                return new Database(session, false);
            } catch (SQLException | IOException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (IOException | SQLException e) {
            throw cannotOpen(file, e);
        }
    }

    private static Database onReadOnlyDisk(Path file) throws SQLException {
        var session = Session.lookingAt(file);
        try {
            long schema = session.schema();
            Migrations.requireKnown(file, schema);
            if (schema < Migrations.newest()) {
                throw new ArgusException(
                        ErrorCode.UNAVAILABLE,
                        "The store " + file + " is of schema " + schema + " and cannot be brought to "
                                + Migrations.newest() + ", for its disk is mounted read-only; mount it for writing.");
            }
            return new Database(session, true);
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    static ArgusException cannotOpen(Path file, Exception cause) {
        return new ArgusException(
                ErrorCode.UNAVAILABLE,
                "The store " + file + " cannot be opened (" + cause.getMessage()
                        + "); check its rights and the disk, or restore a backup.");
    }

    /**
     * Does all statements in one transaction, durable on return.
     *
     * @return how many rows changed
     * @throws ArgusException {@link ErrorCode#UNAVAILABLE} when the disk refuses; then nothing was changed
     */
    public int write(List<Statement> statements) {
        if (readOnly) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "The disk of the store is mounted read-only; nothing was changed, mount it for writing and restart Argus.");
        }
        try {
            return session.inOneTransaction(() -> {
                int changed = 0;
                for (Statement statement : statements) {
                    changed += session.update(statement);
                }
                return changed;
            });
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    /** The rows that {@code query} finds, in its order. */
    public List<Row> read(Statement query) {
        try {
            return session.find(query);
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private static ArgusException refused(SQLException cause) {
        if (cause.getErrorCode() == SQLiteErrorCode.SQLITE_FULL.code) {
            return new ArgusException(
                    ErrorCode.UNAVAILABLE, "The disk of the store is full; nothing was changed, make room on it.");
        }
        return new ArgusException(
                ErrorCode.UNAVAILABLE,
                "The store refused (" + cause.getMessage()
                        + "); nothing was changed, check the disk's space and rights.");
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (SQLException e) {
            throw refused(e);
        }
    }
}
