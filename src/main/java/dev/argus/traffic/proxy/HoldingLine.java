package dev.argus.traffic.proxy;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** The requests that wait for an instance, by service. On one event loop. */
final class HoldingLine {
    private final int most;
    private final Map<String, Queue<Exchange>> waiting = new HashMap<>();

    HoldingLine(int most) {
        this.most = most;
    }

    /** Adds a request to those that wait; false when too many do. */
    boolean add(String service, Exchange exchange) {
        Queue<Exchange> line = waiting.computeIfAbsent(service, made -> new ArrayDeque<>());
        return line.size() < most && line.add(exchange);
    }

    void remove(String service, Exchange exchange) {
        Queue<Exchange> line = waiting.get(service);
        if (line != null && line.remove(exchange) && line.isEmpty()) {
            waiting.remove(service);
        }
    }

    /** Takes out all, so that each looks again for its route. */
    List<Exchange> takeAll() {
        List<Exchange> all = waiting.values().stream().flatMap(Queue::stream).toList();
        waiting.clear();
        return all;
    }
}
