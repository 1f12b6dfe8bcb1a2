package dev.argus.history;

import dev.argus.store.Row;
import dev.argus.store.Statement;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL of timelines and incidents. */
final class HistoryRecords {
    /** How many entries are kept of a service. */
    static final int ENTRIES = 1_000;
    /** How many incidents are kept of a service. */
    static final int INCIDENTS = 50;

    private static final String INCIDENT = "id, service, at, kind, instance, release, reason, last_words, findings";

    static Statement insert(String service, Entry entry) {
        return Statement.of(
                "INSERT INTO timeline (service, at, type, text, details) VALUES (?, ?, ?, ?, ?)",
                service,
                entry.at().toEpochMilli(),
                entry.type().name(),
                entry.text(),
                new JsonObject(entry.details()).encode());
    }

    static Statement trimEntries(String service) {
        return Statement.of(
                "DELETE FROM timeline WHERE service = ? AND sequence <= (SELECT sequence FROM timeline WHERE service = ?"
                        + " ORDER BY sequence DESC LIMIT 1 OFFSET ?)",
                service,
                service,
                ENTRIES);
    }

    static Statement timeline(String service, @Nullable Long before, int limit) {
        return before == null
                ? Statement.of(
                        "SELECT * FROM timeline WHERE service = ? ORDER BY at DESC, sequence DESC LIMIT ?",
                        service,
                        limit)
                : Statement.of(
                        "SELECT * FROM timeline WHERE service = ? AND (at, sequence) <"
                                + " (SELECT at, sequence FROM timeline WHERE service = ? AND sequence = ?)"
                                + " ORDER BY at DESC, sequence DESC LIMIT ?",
                        service,
                        service,
                        before,
                        limit);
    }

    static Statement lastOf(String service, EntryType type) {
        return Statement.of(
                "SELECT * FROM timeline WHERE service = ? AND type = ? ORDER BY sequence DESC LIMIT 1",
                service,
                type.name());
    }

    /** The type stands in the text, so that the index of restarts is used. */
    static Statement restarts(Instant since) {
        return Statement.of(
                "SELECT service, count(*) AS restarts FROM timeline WHERE type = 'RESTARTED' AND at >= ? GROUP BY service",
                since.toEpochMilli());
    }

    static KeptEntry entry(Row row) {
        return new KeptEntry(
                row.number("sequence"),
                new Entry(
                        Instant.ofEpochMilli(row.number("at")),
                        EntryType.valueOf(row.text("type")),
                        row.text("text"),
                        new JsonObject(row.text("details")).getMap()));
    }

    static Statement insert(Incident incident, String evidence) {
        return Statement.of(
                "INSERT INTO incidents (" + INCIDENT + ", evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                incident.id(),
                incident.service(),
                incident.at().toEpochMilli(),
                incident.kind(),
                incident.instance(),
                incident.release(),
                incident.reason(),
                incident.lastWords(),
                new JsonArray(incident.findings()).encode(),
                evidence);
    }

    static Statement trimIncidents(String service) {
        return Statement.of(
                "DELETE FROM incidents WHERE service = ? AND id NOT IN"
                        + " (SELECT id FROM incidents WHERE service = ? ORDER BY at DESC, id DESC LIMIT ?)",
                service,
                service,
                INCIDENTS);
    }

    static Statement incidents(String service, int limit) {
        return Statement.of(
                "SELECT " + INCIDENT + " FROM incidents WHERE service = ? ORDER BY at DESC, id DESC LIMIT ?",
                service,
                limit);
    }

    static Statement incident(String service, String id) {
        return Statement.of("SELECT * FROM incidents WHERE service = ? AND id = ?", service, id);
    }

    static Incident incident(Row row) {
        return new Incident(
                row.text("id"),
                row.text("service"),
                Instant.ofEpochMilli(row.number("at")),
                row.text("kind"),
                row.text("instance"),
                (int) row.number("release"),
                row.text("reason"),
                row.text("last_words"),
                new JsonArray(row.text("findings"))
                        .stream().map(Object::toString).toList());
    }

    /** All of a service that is gone. */
    static List<Statement> forget(String service) {
        return List.of(
                Statement.of("DELETE FROM timeline WHERE service = ?", service),
                Statement.of("DELETE FROM incidents WHERE service = ?", service));
    }

    private HistoryRecords() {}
}
