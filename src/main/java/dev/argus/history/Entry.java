package dev.argus.history;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing that has happened to a service.
 *
 * @param text it in words, one sentence
 * @param details what a program wants to know of it: texts, numbers and lists of texts by name
 */
public record Entry(Instant at, EntryType type, String text, Map<String, Object> details) {
    /** Copies the details, which keep their order. */
    public Entry {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }
}
