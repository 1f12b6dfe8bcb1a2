package dev.argus.control;

import java.time.Duration;

/**
 * How many restarts may happen without asking anybody. Those beyond go the long way, where so many start at a time as the host can bear: when
 * everything falls at once, everything must not rise at once. Pure but for its memory; thread-safe.
 */
final class QuickRestarts {
    private final long[] latest;
    private final long windowNanos;
    private int taken;

    /**
     * At most {@code most} within any {@code window}.
     *
     * @param most from 1
     */
    QuickRestarts(int most, Duration window) {
        latest = new long[most];
        windowNanos = window.toNanos();
    }

    /** As many as start at a time on a host of this size, every second. */
    static QuickRestarts ofThisHost() {
        return new QuickRestarts(Math.max(8, 4 * Runtime.getRuntime().availableProcessors()), Duration.ofSeconds(1));
    }

    /**
     * Takes one, if there is one.
     *
     * @param nowNanos monotonic time
     */
    synchronized boolean take(long nowNanos) {
        int oldest = taken % latest.length;
        if (taken >= latest.length && nowNanos - latest[oldest] < windowNanos) {
            return false;
        }
        latest[oldest] = nowNanos;
        // grows no further than is needed to know that the ring is full
        taken = taken + 1 < 2 * latest.length ? taken + 1 : latest.length;
        return true;
    }
}
