package dev.argus.api;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where failures go that nobody expected: into the log with their trace, never into an answer. */
final class Faults {
    private static final Logger log = LoggerFactory.getLogger(Faults.class);

    static void unexpected(Throwable failure) {
        log.error("a request failed unexpectedly", failure);
    }

    private Faults() {}
}
