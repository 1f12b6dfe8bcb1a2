package dev.argus.service;

import dev.argus.store.Row;
import dev.argus.store.Statement;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** The SQL of services. */
final class ServiceRecords {

    static Statement all() {
        return Statement.of("SELECT * FROM services ORDER BY name");
    }

    static Statement secrets() {
        return Statement.of("SELECT * FROM secrets");
    }

    static Statement put(Service service) {
        return Statement.of(
                "INSERT INTO services (name, repository, ref, spec, desired, keep_data, live_release, created_at, changed_by,"
                        + " changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                        + " repository = excluded.repository, ref = excluded.ref, spec = excluded.spec,"
                        + " desired = excluded.desired, keep_data = excluded.keep_data,"
                        + " live_release = excluded.live_release, changed_by = excluded.changed_by,"
                        + " changed_at = excluded.changed_at",
                service.name().value(),
                service.repository(),
                service.ref(),
                SpecCodec.encode(service.spec()).encode(),
                service.desired().word(),
                service.keepData(),
                service.liveRelease(),
                service.createdAt().toEpochMilli(),
                service.changedBy(),
                service.changedAt().toEpochMilli());
    }

    static Statement countRelease(ServiceName name) {
        return Statement.of("UPDATE services SET next_release = next_release + 1 WHERE name = ?", name.value());
    }

    static Statement nextRelease(ServiceName name) {
        return Statement.of("SELECT next_release FROM services WHERE name = ?", name.value());
    }

    static Statement delete(ServiceName name) {
        return Statement.of("DELETE FROM services WHERE name = ?", name.value());
    }

    static Statement putSecret(ServiceName name, String key, byte[] sealed) {
        return Statement.of(
                "INSERT INTO secrets (service, key, sealed) VALUES (?, ?, ?)"
                        + " ON CONFLICT (service, key) DO UPDATE SET sealed = excluded.sealed",
                name.value(),
                key,
                sealed);
    }

    static Statement deleteSecret(ServiceName name, String key) {
        return Statement.of("DELETE FROM secrets WHERE service = ? AND key = ?", name.value(), key);
    }

    static Service service(Row row) {
        Long live = row.optionalNumber("live_release");
        return new Service(
                ServiceName.of(row.text("name")),
                row.text("repository"),
                row.optionalText("ref"),
                SpecCodec.decode(new JsonObject(row.text("spec"))),
                Desired.of(row.text("desired")),
                row.flag("keep_data"),
                live == null ? null : live.intValue(),
                Instant.ofEpochMilli(row.number("created_at")),
                row.text("changed_by"),
                Instant.ofEpochMilli(row.number("changed_at")));
    }

    private ServiceRecords() {}
}
