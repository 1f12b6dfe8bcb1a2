package dev.argus.instance;

import dev.argus.store.Statement;

/** The SQL of instances. */
final class InstanceRecords {

    static Statement insert(Supervised instance) {
        return Statement.of(
                "INSERT INTO instances (id, service, release, port) VALUES (?, ?, ?, ?)",
                instance.id,
                instance.service.value(),
                instance.release,
                instance.port);
    }

    static Statement remember(String id, int restarts, RestartMemory memory) {
        return Statement.of(
                "UPDATE instances SET restarts = ?, restart_memory = ? WHERE id = ?",
                restarts,
                memory.encode().encode(),
                id);
    }

    static Statement attempt(String id, int attempt) {
        return Statement.of("UPDATE instances SET attempt = ? WHERE id = ?", attempt, id);
    }

    static Statement delete(String id) {
        return Statement.of("DELETE FROM instances WHERE id = ?", id);
    }

    /** All instances with the plan of their release, what is wanted of their service and which of its releases is live. */
    static Statement all() {
        return Statement.of(
                "SELECT i.id, i.service, i.release, i.port, i.restarts, i.restart_memory, i.attempt, r.plan, s.desired, s.live_release"
                        + " FROM instances i JOIN releases r ON r.service = i.service AND r.number = i.release"
                        + " JOIN services s ON s.name = i.service ORDER BY i.id");
    }

    private InstanceRecords() {}
}
