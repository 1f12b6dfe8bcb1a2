package dev.argus.service;

import java.util.Locale;

/** What somebody wants a service to be. */
public enum Desired {
    /** Up. */
    RUNNING,
    /** Down until somebody starts it. */
    STOPPED,
    /** Gone; being removed. */
    REMOVED;

    /** The word clients see. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one of that word. */
    public static Desired of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
