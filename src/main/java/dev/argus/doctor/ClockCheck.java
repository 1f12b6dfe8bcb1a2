package dev.argus.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether the time is right: tokens end by it, and what happened is told by it. */
final class ClockCheck {
    private static final String CLOCK = "clock";
    private static final Instant BUILT_AFTER = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration TOLERATED = Duration.ofMinutes(1);

    private ClockCheck() {}

    static Finding of(Path directory, Programs programs) {
        Instant now = Instant.now();
        return wrong(now, newest(directory))
                .orElseGet(() -> programs.ask("timedatectl", "show", "--property=NTPSynchronized", "--value")
                        .map(
                                answer -> answer.equals("yes")
                                        ? Finding.ok(CLOCK, "The clock is kept right by a time server.")
                                        : Finding.warning(
                                                CLOCK,
                                                "No time server keeps the clock right; run timedatectl set-ntp true, or install chrony."))
                        .orElseGet(() -> Finding.ok(
                                CLOCK,
                                "It is " + now + " by the clock; whether a time server keeps it right is not known.")));
    }

    /** A time that cannot be. */
    static Optional<Finding> wrong(Instant now, Instant newest) {
        if (now.isBefore(BUILT_AFTER)) {
            return Optional.of(Finding.problem(
                    CLOCK, "The clock says " + now + ", before this Argus was made; set it, or tokens are refused."));
        }
        return newest.isAfter(now.plus(TOLERATED))
                ? Optional.of(Finding.problem(
                        CLOCK,
                        "The store was written at " + newest + " and the clock says " + now
                                + ", which is earlier; set the clock, or tokens end at the wrong time."))
                : Optional.empty();
    }

    private static Instant newest(Path directory) {
        try {
            Path store = directory.resolve("argus.db");
            return Files.exists(store) ? Files.getLastModifiedTime(store).toInstant() : Instant.EPOCH;
        } catch (IOException _) {
            // what cannot be read is told of by the check of the data directory
            return Instant.EPOCH;
        }
    }
}
