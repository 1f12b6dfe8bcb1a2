package dev.argus.deploy;

import dev.argus.service.RunPlanCodec;
import dev.argus.store.Row;
import dev.argus.store.Statement;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The SQL of deployments and releases. */
final class DeployRecords {
    private static final int KEPT_FOR_A_SERVICE = 200;

    static Statement put(Deployment deployment) {
        Instant finished = deployment.finishedAt();
        return Statement.of(
                "INSERT INTO deployments (id, service, created_at, finished_at, content) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (id) DO UPDATE SET finished_at = excluded.finished_at, content = excluded.content",
                deployment.id(),
                deployment.service(),
                deployment.createdAt().toEpochMilli(),
                finished == null ? null : finished.toEpochMilli(),
                DeploymentCodec.encode(deployment).encode());
    }

    /** Forgets the oldest deployments of a service. */
    static Statement trim(String service) {
        return Statement.of(
                "DELETE FROM deployments WHERE service = ? AND id NOT IN"
                        + " (SELECT id FROM deployments WHERE service = ? ORDER BY created_at DESC, id DESC LIMIT ?)",
                service,
                service,
                KEPT_FOR_A_SERVICE);
    }

    static Statement find(String id) {
        return Statement.of("SELECT content FROM deployments WHERE id = ?", id);
    }

    static Statement list(@Nullable Set<String> services, int limit) {
        return services == null
                ? Statement.of("SELECT content FROM deployments ORDER BY created_at DESC, id DESC LIMIT ?", limit)
                : Statement.of(
                        "SELECT content FROM deployments WHERE service IN (SELECT value FROM json_each(?))"
                                + " ORDER BY created_at DESC, id DESC LIMIT ?",
                        new JsonArray(List.copyOf(services)).encode(),
                        limit);
    }

    /** The newest deployment of every service. */
    static Statement newest() {
        return Statement.of("SELECT content, max(created_at) FROM deployments GROUP BY service");
    }

    static Statement unfinished() {
        return Statement.of("SELECT content FROM deployments WHERE finished_at IS NULL ORDER BY created_at");
    }

    static Statement forget(String service) {
        return Statement.of("DELETE FROM deployments WHERE service = ?", service);
    }

    static Deployment deployment(Row row) {
        return DeploymentCodec.decode(new JsonObject(row.text("content")));
    }

    static Statement put(Release release) {
        return Statement.of(
                "INSERT INTO releases (service, number, revision, subject, built_by, built_at, plan) VALUES (?, ?, ?, ?, ?, ?, ?)",
                release.service(),
                release.number(),
                release.revision(),
                release.subject(),
                release.by(),
                release.builtAt().toEpochMilli(),
                RunPlanCodec.encode(release.plan()).encode());
    }

    static Statement releases() {
        return Statement.of("SELECT * FROM releases ORDER BY service, number DESC");
    }

    static Statement deleteRelease(String service, int number) {
        return Statement.of("DELETE FROM releases WHERE service = ? AND number = ?", service, number);
    }

    static Release release(Row row) {
        return new Release(
                row.text("service"),
                (int) row.number("number"),
                row.text("revision"),
                row.text("subject"),
                row.text("built_by"),
                Instant.ofEpochMilli(row.number("built_at")),
                RunPlanCodec.decode(new JsonObject(row.text("plan"))));
    }

    private DeployRecords() {}
}
