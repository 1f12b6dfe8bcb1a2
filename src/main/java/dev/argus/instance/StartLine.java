package dev.argus.instance;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;

/**
 * Lets only so many instances start at the same time, so that a host is not brought down by its own recovery; the others wait in line. An
 * instance holds its place until it is healthy or gone, at most as long as its owner allows. Pure but for what it is given to run; on one
 * event loop.
 */
final class StartLine {
    private final int places;
    private final Set<String> starting = new HashSet<>();
    private final Queue<Waiting> line = new ArrayDeque<>();

    private record Waiting(String instance, Runnable start) {}

    StartLine(int places) {
        this.places = places;
    }

    /** As many as keep a host of this size busy: starting is mostly waiting, so more than it has processors. */
    static StartLine ofThisHost() {
        return new StartLine(Math.max(8, 4 * Runtime.getRuntime().availableProcessors()));
    }

    /** Runs {@code start} now, or when there is a place; what waited for the same instance is forgotten. */
    void enter(String instance, Runnable start) {
        leave(instance);
        if (starting.size() < places) {
            starting.add(instance);
            start.run();
        } else {
            line.add(new Waiting(instance, start));
        }
    }

    /** Gives up the place or the waiting of an instance; one that has neither is ignored. */
    void leave(String instance) {
        line.removeIf(waiting -> waiting.instance().equals(instance));
        if (starting.remove(instance)) {
            Waiting next = line.poll();
            if (next != null) {
                starting.add(next.instance());
                next.start().run();
            }
        }
    }
}
