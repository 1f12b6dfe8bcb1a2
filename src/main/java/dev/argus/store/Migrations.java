package dev.argus.store;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a store to the schema that this Argus knows. */
final class Migrations {
    private static final Logger log = LoggerFactory.getLogger(Migrations.class);

    /** The migrations in order; number N brings {@code user_version} from N - 1 to N. Never changed once released. */
    private static final List<String> SCRIPTS = List.of(
            "V001__first.sql",
            "V002__history.sql",
            "V003__release_by.sql",
            "V004__restart_memory.sql",
            "V005__audit_chain.sql",
            "V006__metrics.sql");

    private Migrations() {}

    /** The newest schema that this Argus knows. */
    static int newest() {
        return SCRIPTS.size();
    }

    static void requireKnown(Path file, long version) {
        if (version > newest()) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "The store " + file + " was written by a newer Argus (schema " + version + ", this one knows "
                            + newest() + "); start that version or restore an older backup.");
        }
    }

    static void run(Session session, Path file) throws SQLException, IOException {
        long version = session.schema();
        requireKnown(file, version);
        if (version > 0 && version < newest()) {
            keep(session, file, version);
        }
        for (long next = version + 1; next <= newest(); next++) {
            long schema = next;
            session.inOneTransaction(() -> step(session, schema));
        }
    }

    private static long step(Session session, long schema) throws SQLException {
        // the command line may have opened it in the same moment, and been first
        if (session.schema() < schema) {
            for (String sql : script(SCRIPTS.get((int) schema - 1)).split(";\\s*\n", -1)) {
                if (!sql.isBlank()) {
                    session.execute(sql);
                }
            }
            session.execute("PRAGMA user_version=" + schema);
        }
        return schema;
    }

    /** What the store was before it is changed for good, for whoever must go back to the Argus before. */
    private static void keep(Session session, Path file, long version) throws SQLException, IOException {
        Path kept = file.resolveSibling("argus-schema" + version + ".db");
        Path unfinished = file.resolveSibling("argus-schema.db.part");
        Files.deleteIfExists(unfinished);
        session.copyTo(unfinished);
        Files.move(unfinished, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        log.info("the store of schema {} is kept as {}, and brought to schema {}", version, kept, newest());
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
}
