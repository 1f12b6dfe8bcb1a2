package dev.argus.instance;

import java.util.ArrayList;
import java.util.List;

/**
 * What the restart policy remembers of an instance.
 *
 * @param inRow restarts since it was last healthy for long enough
 * @param recentNanos monotonic times of the restarts within the policy's window, oldest first; bounded by the window's count
 */
public record Restarts(int inRow, List<Long> recentNanos) {
    /** No restart yet. */
    public static final Restarts NONE = new Restarts(0, List.of());

    /** Copies the times. */
    public Restarts {
        recentNanos = List.copyOf(recentNanos);
    }

    Restarts plus(long nowNanos, long windowNanos, int keep) {
        List<Long> times = new ArrayList<>();
        for (long time : recentNanos) {
            if (nowNanos - time <= windowNanos) {
                times.add(time);
            }
        }
        times.add(nowNanos);
        return new Restarts(inRow + 1, times.subList(Math.max(0, times.size() - keep), times.size()));
    }
}
