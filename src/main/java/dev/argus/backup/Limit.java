package dev.argus.backup;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import java.time.Duration;

/** The time by which a backup must be finished. */
final class Limit {
    private final Duration within;
    private final long until;

    Limit(Duration within) {
        this.within = within;
        this.until = System.nanoTime() + within.toNanos();
    }

    /** Throws when the time is over. */
    void check() {
        if (System.nanoTime() - until > 0) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "The backup was not finished within " + within.toSeconds()
                            + " s and was given up; nothing is left of it, give it more time with --within.");
        }
    }
}
