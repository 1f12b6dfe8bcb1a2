package dev.argus.store;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;
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

    /** The migrations in order; number N brings {@code user_version} from N - 1 to N. Never changed once released. */
    private static final List<String> MIGRATIONS = List.of(
            "V001__first.sql",
            "V002__history.sql",
            "V003__release_by.sql",
            "V004__restart_memory.sql",
            "V005__audit_chain.sql");

    private static final String COMMIT = "COMMIT";

    private static final Logger log = LoggerFactory.getLogger(Database.class);
    private static final int ALL_PAGES = -1;
    private static final int COPY_AGAIN_MILLIS = 50;
    private static final int COPY_ATTEMPTS = 100;
    private static final int SQLITE_OK = 0;

    private final Connection connection;

    private Database(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens or makes the database in {@code dataDirectory}, with rights for the owner alone, and migrates it.
     *
     * @throws ArgusException {@link ErrorCode#UNAVAILABLE} when the file cannot be opened, is damaged, or was written by a
     *     newer Argus
     */
    public static Database open(Path dataDirectory) {
        Path file = dataDirectory.resolve(FILE);
        try {
            if (Files.notExists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            var connection = connect(file);
            var database = new Database(connection);
            try {
                database.execute("PRAGMA journal_mode=WAL");
                database.execute("PRAGMA synchronous=FULL");
                database.migrate(file);
                return database;
            } catch (SQLException | IOException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (IOException | SQLException e) {
            throw cannotOpen(file, e);
        }
    }

    /** What a look at the file has found. */
    public record Look(long schema) {}

    /** The newest schema that this Argus knows. */
    public static int newestSchema() {
        return MIGRATIONS.size();
    }

    /**
     * Looks at the file without changing it, whether or not a server has it open; empty when there is none.
     *
     * @throws ArgusException {@link ErrorCode#UNAVAILABLE} when it is damaged, cannot be read, or was written by a newer Argus
     */
    public static Optional<Look> look(Path dataDirectory) {
        Path file = dataDirectory.resolve(FILE);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        var properties = new Properties();
        properties.setProperty("open_mode", "1");
        properties.setProperty("busy_timeout", "5000");
        // what nobody has open has no log beside it, and a look is not to make one
        String untouched = Files.exists(dataDirectory.resolve(FILE + "-wal")) ? "" : "?immutable=1";
        String url = "jdbc:sqlite:file:" + file.toUri().getRawPath() + untouched;
        try (var connection = new org.sqlite.JDBC().connect(url, properties)) {
            // closing the connection is enough
            @SuppressWarnings("resource")
            var database = new Database(connection);
            long schema = database.schema();
            requireKnown(file, schema);
            String state = database.find(Statement.of("PRAGMA quick_check(1)"))
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
            throw cannotOpen(file, e);
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
        Path file = dataDirectory.resolve(FILE);
        if (Files.notExists(file)) {
            throw ArgusException.notFound(
                    "There is no store in " + dataDirectory + "; say with --data-dir where Argus keeps its data.");
        }
        try (var database = new Database(connect(file))) {
            long schema = database.schema();
            requireKnown(file, schema);
            database.copyTo(target);
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
        try (var database = new Database(connect(copy))) {
            return database.read(Statement.of("SELECT service, number FROM releases"));
        } catch (SQLException e) {
            throw cannotOpen(copy, e);
        }
    }

    private static Connection connect(Path file) throws SQLException {
        var properties = new Properties();
        properties.setProperty("busy_timeout", "5000");
        properties.setProperty("foreign_keys", "true");
        Connection connection =
                Objects.requireNonNull(new org.sqlite.JDBC().connect("jdbc:sqlite:" + file, properties));
        Sha256.addTo(connection);
        return connection;
    }

    /** By the online backup of SQLite, in one step, so that writers neither wait for it nor make it begin again. */
    private void copyTo(Path target) throws SQLException, IOException {
        Files.createFile(target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        int result = connection
                .unwrap(SQLiteConnection.class)
                .getDatabase()
                .backup("main", target.toString(), (left, all) -> {}, COPY_AGAIN_MILLIS, COPY_ATTEMPTS, ALL_PAGES);
        if (result != SQLITE_OK) {
            throw new SQLException("SQLite says " + result);
        }
        try (var channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private long schema() throws SQLException {
        return find(Statement.of("PRAGMA user_version")).getFirst().number("user_version");
    }

    private static void requireKnown(Path file, long version) {
        if (version > MIGRATIONS.size()) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "The store " + file + " was written by a newer Argus (schema " + version + ", this one knows "
                            + MIGRATIONS.size() + "); start that version or restore an older backup.");
        }
    }

    private static ArgusException cannotOpen(Path file, Exception cause) {
        return new ArgusException(
                ErrorCode.UNAVAILABLE,
                "The store " + file + " cannot be opened (" + cause.getMessage()
                        + "); check its rights and the disk, or restore a backup.");
    }

    /** What the store was before it is changed for good, for whoever must go back to the Argus before. */
    private void keep(Path file, long version) throws SQLException, IOException {
        Path kept = file.resolveSibling("argus-schema" + version + ".db");
        Path unfinished = file.resolveSibling("argus-schema.db.part");
        Files.deleteIfExists(unfinished);
        copyTo(unfinished);
        Files.move(unfinished, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        log.info("the store of schema {} is kept as {}, and brought to schema {}", version, kept, MIGRATIONS.size());
    }

    private void migrate(Path file) throws SQLException, IOException {
        long version = schema();
        requireKnown(file, version);
        if (version > 0 && version < MIGRATIONS.size()) {
            keep(file, version);
        }
        for (long next = version + 1; next <= MIGRATIONS.size(); next++) {
            begin();
            try {
                for (String sql : script(MIGRATIONS.get((int) next - 1)).split(";\\s*\n", -1)) {
                    if (!sql.isBlank()) {
                        execute(sql);
                    }
                }
                execute("PRAGMA user_version=" + next);
                execute(COMMIT);
            } catch (SQLException | RuntimeException e) {
                rollBack(e);
                throw e;
            }
        }
    }

    private static String script(String name) {
        try (InputStream in = Database.class.getResourceAsStream("/db/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the migration " + name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * Does all statements in one transaction, durable on return.
     *
     * @return how many rows changed
     * @throws ArgusException {@link ErrorCode#UNAVAILABLE} when the disk refuses; then nothing was changed
     */
    public int write(List<Statement> statements) {
        try {
            begin();
            try {
                int changed = 0;
                for (Statement statement : statements) {
                    try (var prepared = prepare(statement)) {
                        changed += prepared.executeUpdate();
                    }
                }
                execute(COMMIT);
                return changed;
            } catch (SQLException | RuntimeException e) {
                rollBack(e);
                throw e;
            }
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    /** The rows that {@code query} finds, in its order. */
    public List<Row> read(Statement query) {
        try {
            return find(query);
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private List<Row> find(Statement query) throws SQLException {
        try (var prepared = prepare(query);
                ResultSet found = prepared.executeQuery()) {
            var rows = new ArrayList<Row>();
            var columns = found.getMetaData();
            while (found.next()) {
                Map<String, @Nullable Object> values = new LinkedHashMap<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    values.put(columns.getColumnLabel(i), found.getObject(i));
                }
                rows.add(new Row(values));
            }
            return rows;
        }
    }

    /** Waits for a writer in another process here, where nothing was done yet. */
    private void begin() throws SQLException {
        execute("BEGIN IMMEDIATE");
    }

    /** Of a full disk SQLite has rolled back by itself and refuses to do so again; what matters is why. */
    private void rollBack(Exception why) {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    private PreparedStatement prepare(Statement statement) throws SQLException {
        var prepared = connection.prepareStatement(statement.sql());
        try {
            int index = 1;
            for (Object parameter : statement.parameters()) {
                prepared.setObject(index++, parameter instanceof Boolean flag ? (flag ? 1 : 0) : parameter);
            }
            return prepared;
        } catch (SQLException | RuntimeException e) {
            prepared.close();
            throw e;
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
            connection.close();
        } catch (SQLException e) {
            throw refused(e);
        }
    }
}
