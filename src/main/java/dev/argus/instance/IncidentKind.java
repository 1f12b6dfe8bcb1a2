package dev.argus.instance;

/** What has gone wrong with an instance. */
public enum IncidentKind {
    /** It ended without having been asked to. */
    CRASH("crash"),
    /** Its probes failed, so it is stopped and started again. */
    UNHEALTHY("unhealthy"),
    /** The kernel ended it for want of memory, which is known and not guessed. */
    OUT_OF_MEMORY("oom-killed");

    private final String word;

    IncidentKind(String word) {
        this.word = word;
    }

    /** The word clients see. */
    public String word() {
        return word;
    }
}
