package dev.argus.client;

import org.jspecify.annotations.Nullable;

/**
 * One server-sent event.
 *
 * @param id to go on from, null if the server gives none
 * @param data JSON
 */
record ServerEvent(@Nullable String id, String type, String data) {
    /** What keeps a quiet stream alive, and what stands for a moment without events. */
    static final ServerEvent NONE = new ServerEvent(null, "", "");

    boolean isNone() {
        return type.isEmpty();
    }
}
