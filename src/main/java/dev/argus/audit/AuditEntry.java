package dev.argus.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One act, or an attempt at one.
 *
 * @param actor who; {@code argus} for what it did by itself, {@code host:USER} for the command line on the host, {@code -} for a stranger
 * @param action what: the operation of the REST contract, the command, or the word of what happened by itself
 * @param result the status of the answer, or a word
 * @param detail what it was about, never a secret; may be empty
 * @param address where a request came from; empty when it was none
 */
public record AuditEntry(
        Instant at,
        String actor,
        String action,
        @Nullable String service,
        String result,
        String detail,
        String address) {
    private static final int LONGEST = 500;

    /** Keeps texts to a bearable length. */
    public AuditEntry {
        detail = detail.length() > LONGEST ? detail.substring(0, LONGEST) + "…" : detail;
        service = service != null && service.length() > LONGEST ? service.substring(0, LONGEST) + "…" : service;
    }

    /** What Argus did by itself. */
    public static AuditEntry automatic(
            Instant at, String action, @Nullable String service, String result, String detail) {
        return new AuditEntry(at, "argus", action, service, result, detail, "");
    }

    /** What somebody did on the host, who may read all its files. */
    public static AuditEntry onTheHost(String action, String detail) {
        return new AuditEntry(
                Instant.now(), "host:" + System.getProperty("user.name"), action, null, "done", detail, "");
    }
}
