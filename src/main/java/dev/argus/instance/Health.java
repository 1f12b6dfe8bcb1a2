package dev.argus.instance;

import java.util.Locale;

/** What the probes of an instance have found since it was last started. */
public enum Health {
    /** Not judged yet. */
    UNKNOWN,
    /** Answers as it should. */
    HEALTHY,
    /** Failed as often in a row as its settings allow. */
    UNHEALTHY;

    /** The word clients see. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
