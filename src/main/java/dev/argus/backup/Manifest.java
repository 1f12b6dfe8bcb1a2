package dev.argus.backup;

import dev.argus.bus.ArgusException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * What a backup says of itself, before anything else.
 *
 * @param schema of the store in it
 * @param dataDirectory where it was taken; links into it are turned to the new one
 */
record Manifest(String version, long schema, Instant takenAt, String dataDirectory) {
    static final String NAME = "argus-backup.json";
    private static final int FORMAT = 1;

    byte[] encode() {
        return new JsonObject()
                .put("format", FORMAT)
                .put("version", version)
                .put("schema", schema)
                .put("takenAt", takenAt.toString())
                .put("dataDirectory", dataDirectory)
                .toBuffer()
                .getBytes();
    }

    /**
     * Reads it.
     *
     * @throws ArgusException when it is none, or of a format that a newer Argus writes
     */
    static Manifest decode(byte[] text) {
        try {
            var json = new JsonObject(Buffer.buffer(text));
            int format = json.getInteger("format", 0);
            if (format > FORMAT) {
                throw ArgusException.conflict("The backup was taken by a newer Argus (" + json.getString("version")
                        + ", format " + format + "); restore it with that version.");
            }
            return new Manifest(
                    json.getString("version"),
                    json.getLong("schema"),
                    Instant.parse(json.getString("takenAt")),
                    json.getString("dataDirectory"));
        } catch (DecodeException | ClassCastException | NullPointerException e) {
            throw ArgusException.invalid(
                    "file", "The file is no backup of Argus: what it says of itself cannot be read.");
        }
    }
}
