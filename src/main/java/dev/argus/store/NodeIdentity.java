package dev.argus.store;

import java.util.List;
import java.util.UUID;

/** The identity of this node, made at the first start and kept in the store. Tokens are made out to it. */
public final class NodeIdentity {

    /** The identity in {@code database}. */
    public static String of(Database database) {
        List<Row> known = read(database);
        if (known.isEmpty()) {
            database.write(List.of(Statement.of(
                    "INSERT INTO meta (key, value) VALUES ('node', ?) ON CONFLICT (key) DO NOTHING",
                    UUID.randomUUID().toString())));
            known = read(database);
        }
        return known.getFirst().text("value");
    }

    private static List<Row> read(Database database) {
        return database.read(Statement.of("SELECT value FROM meta WHERE key = 'node'"));
    }

    private NodeIdentity() {}
}
