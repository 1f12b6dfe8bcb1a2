package dev.argus.client;

import java.util.concurrent.TimeUnit;

/** A moment by which something has to be done. */
record Deadline(long nanos, int seconds) {
    static Deadline in(int seconds) {
        return new Deadline(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds), seconds);
    }

    /** Milliseconds left, 0 when it is over. */
    int left() {
        long left = TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime());
        return (int) Math.min(Integer.MAX_VALUE, Math.max(0, left));
    }

    boolean over() {
        return left() == 0;
    }
}
