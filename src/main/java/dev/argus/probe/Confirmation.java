package dev.argus.probe;

import java.time.Duration;

/**
 * When the probes begin that confirm one that is late. Pure.
 *
 * <p>None begins before a fifth of the time-out is over, so that a service which answers in its usual time is asked once; the last one begins
 * when less than a third is over. So a hang is found 1.3 time-outs after the regular probe, however many failures are asked for.
 *
 * @param probes how many there may be, with the regular one; from 1
 */
record Confirmation(Duration timeout, int probes) {
    /** How many may be under way at once: each keeps a connection of a hung service. More failures than that take more rounds. */
    static final int MOST = 16;

    static Confirmation of(Duration timeout, int failuresLeft) {
        return new Confirmation(timeout, Math.min(Math.max(1, failuresLeft), MOST));
    }

    /** How long after the beginning of the {@code asked}th probe the next one begins; at least 1 ms. */
    Duration pauseAfter(int asked) {
        Duration pause =
                asked == 1 ? timeout.dividedBy(5) : timeout.dividedBy(10).dividedBy(Math.max(1, probes - 2));
        return pause.toMillis() < 1 ? Duration.ofMillis(1) : pause;
    }
}
