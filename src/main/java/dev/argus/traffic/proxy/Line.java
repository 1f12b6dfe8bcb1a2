package dev.argus.traffic.proxy;

import dev.argus.traffic.TrafficSwitch.Visits;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The requests for one service, over all event loops; only their numbers: how many wait for an instance, and how they ended. */
final class Line {
    private final int most;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder requests = new LongAdder();
    private final LongAdder failed = new LongAdder();

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

    /** One has ended, whoever answered it. */
    void ended(boolean asFailure) {
        requests.increment();
        if (asFailure) {
            failed.increment();
        }
    }

    Visits visits(String service) {
        // read in this order there are never more failures than requests
        long failures = failed.sum();
        return new Visits(service, requests.sum(), failures);
    }
}
