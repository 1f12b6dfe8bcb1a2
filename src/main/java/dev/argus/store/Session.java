package dev.argus.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/** One connection to a SQLite file, and what is done by it. Its failures are those of SQLite; who has it words them. */
final class Session implements AutoCloseable {
    private static final int ALL_PAGES = -1;
    private static final int COPY_AGAIN_MILLIS = 50;
    private static final int COPY_ATTEMPTS = 100;
    private static final int SQLITE_OK = 0;

    private final Connection connection;

    private Session(Connection connection) {
        this.connection = connection;
    }

    /** A session that may change the file. */
    static Session on(Path file) throws SQLException {
        var properties = new Properties();
        properties.setProperty("busy_timeout", "5000");
        properties.setProperty("foreign_keys", "true");
        Connection connection =
                Objects.requireNonNull(new org.sqlite.JDBC().connect("jdbc:sqlite:" + file, properties));
        Sha256.addTo(connection);
        return new Session(connection);
    }

    /** A session that changes nothing, and makes no file beside this one. */
    static Session lookingAt(Path file) throws SQLException {
        var properties = new Properties();
        properties.setProperty("open_mode", "1");
        properties.setProperty("busy_timeout", "5000");
        // what nobody has open has no log beside it, and a look is not to make one
        String untouched = Files.exists(file.resolveSibling(file.getFileName() + "-wal")) ? "" : "?immutable=1";
        String url = "jdbc:sqlite:file:" + file.toUri().getRawPath() + untouched;
        return new Session(Objects.requireNonNull(new org.sqlite.JDBC().connect(url, properties)));
    }

    /** Something that is done in a transaction. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException;
    }

    /** Does it altogether or not at all; durable on return. Waits for a writer in another process before anything is done. */
    <T> T inOneTransaction(Work<T> work) throws SQLException {
        execute("BEGIN IMMEDIATE");
        try {
            T result = work.run();
            execute("COMMIT");
            return result;
        } catch (SQLException | RuntimeException e) {
            rollBack(e);
            throw e;
        }
    }

    /** Of a full disk SQLite has rolled back by itself and refuses to do so again; what matters is why. */
    private void rollBack(Exception why) {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** How many rows it changed. */
    int update(Statement statement) throws SQLException {
        try (var prepared = prepare(statement)) {
            return prepared.executeUpdate();
        }
    }

    List<Row> find(Statement query) throws SQLException {
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

    long schema() throws SQLException {
        return find(Statement.of("PRAGMA user_version")).getFirst().number("user_version");
    }

    /** By the online backup of SQLite, in one step, so that writers neither wait for it nor make it begin again. */
    void copyTo(Path target) throws SQLException, IOException {
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

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
