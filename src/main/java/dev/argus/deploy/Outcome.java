package dev.argus.deploy;

import java.util.Locale;

/** How a deployment ended. */
public enum Outcome {
    /** The release is live, or built where no more was asked. */
    SUCCEEDED,
    /** It is not, and what ran before runs as before. */
    FAILED,
    /** It was live and Argus went back. */
    ROLLED_BACK,
    /** Somebody cancelled it. */
    CANCELLED,
    /** Argus was stopped or crashed before the switch. */
    ABORTED,
    /** A newer deployment of the service took its place in the queue. */
    SUPERSEDED;

    /** The word clients see. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The outcome of that word. */
    public static Outcome of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
