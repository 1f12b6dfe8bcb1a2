package dev.argus.traffic.proxy;

import dev.argus.traffic.TrafficSwitch.TrafficFigures;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the proxy keeps of one instance; every event loop sends requests to it. */
final class Backend {
    private final String service;
    private final String instance;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder requests = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    /** The connections that wait for a request; each list is of one event loop, and touched by it alone. */
    private final List<Deque<ServiceConnection>> kept = new ArrayList<>();

    private volatile int port;
    private volatile boolean inTable = true;
    private volatile @Nullable Runnable whenIdle;

    Backend(String service, String instance, int port, int loops) {
        this.service = service;
        this.instance = instance;
        this.port = port;
        for (int i = 0; i < loops; i++) {
            kept.add(new ArrayDeque<>());
        }
    }

    String instance() {
        return instance;
    }

    int port() {
        return port;
    }

    /** It listens elsewhere from now on; what is under way stays where it is. */
    void moveTo(int newPort) {
        port = newPort;
    }

    boolean isInTable() {
        return inTable;
    }

    void setInTable(boolean is) {
        inTable = is;
    }

    Deque<ServiceConnection> kept(int loop) {
        return kept.get(loop);
    }

    int inFlight() {
        return inFlight.get();
    }

    void begun() {
        inFlight.incrementAndGet();
    }

    /** A request that was not sent, or is going to be sent elsewhere. */
    void givenUp() {
        left();
    }

    void ended(long tookNanos, boolean asFailure) {
        requests.increment();
        nanos.add(tookNanos);
        if (asFailure) {
            failed.increment();
        }
        left();
    }

    private void left() {
        if (inFlight.decrementAndGet() == 0) {
            Runnable told = whenIdle;
            if (told != null) {
                told.run();
            }
        }
    }

    /** Has {@code told} run, on any event loop, whenever nothing is under way any more. */
    void tellWhenIdle(@Nullable Runnable told) {
        whenIdle = told;
    }

    TrafficFigures figures() {
        return new TrafficFigures(
                service, instance, inFlight.get(), requests.sum(), failed.sum(), nanos.sum() / 1_000_000);
    }
}
