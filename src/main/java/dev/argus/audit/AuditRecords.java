package dev.argus.audit;

import dev.argus.store.Row;
import dev.argus.store.Statement;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The SQL of the audit. The hash is made inside of the statement that adds a record, so that several processes can add to the same chain. */
public final class AuditRecords {
    /** How many records are kept. */
    static final int KEPT = 100_000;

    private static final String HASHED =
            "argus_sha256(previous || json_array(sequence, at, actor, action, service, result, detail, address))";

    /** Adds a record to the end of the chain. */
    public static Statement append(AuditEntry entry) {
        return Statement.of(
                "INSERT INTO audit (sequence, at, actor, action, service, result, detail, address, previous, hash)"
                        + " SELECT sequence, at, actor, action, service, result, detail, address, previous, " + HASHED
                        + " FROM (SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0) + 1 AS sequence,"
                        + " ifnull((SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1), '') AS previous,"
                        + " ? AS at, ? AS actor, ? AS action, ? AS service, ? AS result, ? AS detail, ? AS address)",
                entry.at().toEpochMilli(),
                entry.actor(),
                entry.action(),
                entry.service(),
                entry.result(),
                entry.detail(),
                entry.address());
    }

    /** Notes where the chain begins when the oldest are forgotten; before {@link #forget}, in the same transaction. */
    static Statement anchor(int kept) {
        return Statement.of(
                "INSERT INTO meta (key, value) SELECT 'audit.anchor', sequence || ':' || hash FROM audit"
                        + " WHERE sequence = (SELECT max(sequence) FROM audit) - ?"
                        + " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                kept);
    }

    /** Forgets all but the newest. */
    static Statement forget(int kept) {
        return Statement.of("DELETE FROM audit WHERE sequence <= (SELECT max(sequence) FROM audit) - ?", kept);
    }

    /** The newest records, or those before one of them. */
    public static Statement newest(@Nullable Long before, int limit) {
        return Statement.of(
                "SELECT * FROM audit WHERE sequence < ? ORDER BY sequence DESC LIMIT ?",
                before == null ? Long.MAX_VALUE : before,
                limit);
    }

    /** What the chain must begin and end with. */
    public static Statement ends() {
        return Statement.of("SELECT (SELECT value FROM meta WHERE key = 'audit.anchor') AS anchor,"
                + " CAST((SELECT value FROM meta WHERE key = 'audit.unchained') AS INTEGER) AS unchained,"
                + " ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0) AS newest");
    }

    /** Records after one, in their order, each with the hash that it ought to have. */
    public static Statement links(long after, int limit) {
        return Statement.of(
                "SELECT sequence, previous, hash, " + HASHED
                        + " AS expected FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?",
                after,
                limit);
    }

    /** The record in a row of {@link #newest}. */
    public static KeptAudit record(Row row) {
        return new KeptAudit(
                row.number("sequence"),
                new AuditEntry(
                        Instant.ofEpochMilli(row.number("at")),
                        row.text("actor"),
                        row.text("action"),
                        row.optionalText("service"),
                        row.text("result"),
                        row.text("detail"),
                        row.text("address")),
                row.text("hash"));
    }

    private AuditRecords() {}
}
