package dev.argus.probe;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Judges the health of an instance from its probes, from zero at every start. Pure and immutable.
 *
 * <p>Healthy after two answers in a row; unhealthy after {@code failures} failures in a row. Before it has been healthy for
 * the first time, failures count only once the grace is over. Until then probes come quickly, from 4 ms after the start, each
 * a quarter later than the one before up to 250 ms, because a deployment and a restart wait for them; afterwards at the interval.
 */
public record HealthTracker(
        Duration interval,
        int failures,
        Duration grace,
        boolean everHealthy,
        boolean unhealthy,
        int successesInRow,
        int failuresInRow,
        int probes) {
    private static final int SUCCESSES_FOR_HEALTHY = 2;
    private static final Duration FIRST_DELAY = Duration.ofMillis(4);
    private static final Duration LONGEST_FIRST_DELAY = Duration.ofMillis(250);

    /** A tracker for an instance that was just started. */
    public static HealthTracker starting(Duration interval, int failures, Duration grace) {
        return new HealthTracker(interval, failures, grace, false, false, 0, 0, 0);
    }

    /** What a probe changed. */
    public enum Change {
        /** It is healthy now, and was not before. */
        HEALTHY,
        /** It is unhealthy now, and was not before. */
        UNHEALTHY
    }

    /** The tracker after a probe, and what it changed, if anything. */
    public record Judgement(HealthTracker tracker, @Nullable Change change) {}

    /**
     * Takes in the result of a probe.
     *
     * @param sinceStart how long ago the instance was started
     */
    public Judgement after(ProbeResult result, Duration sinceStart) {
        if (result instanceof ProbeResult.Alive) {
            int inRow = Math.min(successesInRow + 1, SUCCESSES_FOR_HEALTHY);
            boolean turns = inRow == SUCCESSES_FOR_HEALTHY && (!everHealthy || unhealthy);
            return new Judgement(
                    counting(everHealthy || turns, unhealthy && !turns, inRow, 0), turns ? Change.HEALTHY : null);
        }
        if (result instanceof ProbeResult.NotMade) {
            return new Judgement(this, null);
        }
        boolean counts = everHealthy || sinceStart.compareTo(grace) >= 0;
        int inRow = counts ? Math.min(failuresInRow + 1, failures) : 0;
        boolean turns = inRow == failures && !unhealthy;
        return new Judgement(counting(everHealthy, unhealthy || turns, 0, inRow), turns ? Change.UNHEALTHY : null);
    }

    private HealthTracker counting(boolean nextEver, boolean nextUnhealthy, int successes, int failed) {
        return new HealthTracker(
                interval, failures, grace, nextEver, nextUnhealthy, successes, failed, Math.min(probes + 1, 1_000));
    }

    /** How many failures in a row from now on would make it unhealthy; at least 1. */
    public int failuresLeft() {
        return Math.max(1, failures - failuresInRow);
    }

    /** How long after the last probe the next one is due. */
    public Duration nextDelay() {
        if (everHealthy) {
            return interval;
        }
        Duration delay = FIRST_DELAY;
        for (int i = 0; i < probes && delay.compareTo(LONGEST_FIRST_DELAY) < 0; i++) {
            delay = delay.multipliedBy(5).dividedBy(4);
        }
        delay = delay.compareTo(LONGEST_FIRST_DELAY) < 0 ? delay : LONGEST_FIRST_DELAY;
        return delay.compareTo(interval) < 0 ? delay : interval;
    }
}
