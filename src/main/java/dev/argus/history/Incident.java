package dev.argus.history;

import java.time.Instant;
import java.util.List;

/**
 * Something that has gone wrong with an instance, as it is kept.
 *
 * @param kind {@code crash unhealthy oom-killed}
 * @param reason what happened, a sentence without its end
 * @param lastWords the line of its log that says best why, made safe to show; empty where it said nothing
 * @param findings what the evidence shows, in sentences
 */
public record Incident(
        String id,
        String service,
        Instant at,
        String kind,
        String instance,
        int release,
        String reason,
        String lastWords,
        List<String> findings) {
    /** Copies the findings. */
    public Incident {
        findings = List.copyOf(findings);
    }
}
