package dev.argus.instance;

import java.time.Duration;

/**
 * When an instance that went down is started again. Pure: time and chance are given.
 *
 * <p>At once the first time, then 0.5 s doubling to 30 s, each up to 25 % shorter or longer so that instances which fell
 * together do not rise together. It never gives up: after 5 restarts in 2 minutes the instance is called failed and is
 * still tried at the longest delay. (The figures are those of the contract, section 8.)
 */
public record RestartPolicy(
        Duration firstDelay,
        Duration longestDelay,
        double jitter,
        int failedAfter,
        Duration failedWithin,
        Duration resetAfter) {

    /** The policy of the contract. */
    public static final RestartPolicy DEFAULT = new RestartPolicy(
            Duration.ofMillis(500), Duration.ofSeconds(30), 0.25, 5, Duration.ofMinutes(2), Duration.ofSeconds(60));

    /**
     * What to do now.
     *
     * @param history to be kept for the next decision
     * @param delay how long to wait before the start; zero for at once
     * @param failed whether the instance is to be called failed
     * @param words the reason, to be put behind what happened: "…, started again at once"
     */
    public record Decision(Restarts history, Duration delay, boolean failed, String words) {}

    /**
     * Decides on the next start.
     *
     * @param nowNanos monotonic time
     * @param chance from 0 (inclusive) to 1 (exclusive)
     */
    public Decision decide(Restarts before, long nowNanos, double chance) {
        Restarts now = before.plus(nowNanos, failedWithin.toNanos(), failedAfter);
        if (now.recentNanos().size() >= failedAfter) {
            Duration delay = jittered(longestDelay, chance);
            return new Decision(
                    now,
                    delay,
                    true,
                    failedAfter + " restarts within " + failedWithin.toSeconds() + " s, tried again in "
                            + seconds(delay));
        }
        if (now.inRow() == 1) {
            return new Decision(now, Duration.ZERO, false, "started again at once");
        }
        Duration delay = jittered(doubled(now.inRow() - 2), chance);
        return new Decision(
                now, delay, false, "restart " + now.inRow() + " in a row, started again in " + seconds(delay));
    }

    /** The longest wait before a start. */
    Duration longestWait() {
        return jittered(longestDelay, 1);
    }

    private Duration doubled(int times) {
        Duration delay = firstDelay;
        for (int i = 0; i < times && delay.compareTo(longestDelay) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(longestDelay) < 0 ? delay : longestDelay;
    }

    private Duration jittered(Duration delay, double chance) {
        double factor = 1 + jitter * (2 * chance - 1);
        return Duration.ofNanos((long) (delay.toNanos() * factor));
    }

    private static String seconds(Duration delay) {
        long tenths = Math.round(delay.toMillis() / 100.0);
        return tenths / 10 + "." + tenths % 10 + " s";
    }
}
