package dev.argus.store;

import java.util.List;
import java.util.UUID;

/** The identity of this node, made at the first start and kept in the store. Tokens are made out to it. */
public final class NodeIdentity {

    /** The identity in {@code database}. */
    public static String of(Database database) {
        database.write(List.of(Statement.of(
                "INSERT INTO meta (key, value) VALUES ('node', ?) ON CONFLICT (key) DO NOTHING",
                UUID.randomUUID().toString())));
        return database.read(Statement.of("SELECT value FROM meta WHERE key = 'node'"))
                .getFirst()
                .text("value");
    }

    private NodeIdentity() {}
}
