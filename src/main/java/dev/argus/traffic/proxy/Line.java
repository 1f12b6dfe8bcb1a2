package dev.argus.traffic.proxy;

import java.util.concurrent.atomic.AtomicInteger;

/** The requests that wait for an instance of one service, over all event loops; only their number. */
final class Line {
    private final int most;
    private final AtomicInteger waiting = new AtomicInteger();

    Line(int most) {
        this.most = most;
    }

    /** False when too many wait already. */
    boolean enter() {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        waiting.decrementAndGet();
    }

    int waiting() {
        return waiting.get();
    }
}
