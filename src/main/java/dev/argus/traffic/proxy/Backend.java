package dev.argus.traffic.proxy;

import dev.argus.traffic.TrafficSwitch.TrafficFigures;
import java.util.HashSet;
import java.util.Set;

/** What the proxy keeps of one instance. */
final class Backend {
    final String service;
    final String instance;
    /** May change: a service that listens elsewhere than expected is found there. */
    int port;
    /** What is under way. */
    final Set<Exchange> exchanges = new HashSet<>();

    long requests;
    long failed;
    long nanos;

    Backend(String service, String instance) {
        this.service = service;
        this.instance = instance;
    }

    TrafficFigures figures() {
        return new TrafficFigures(service, instance, exchanges.size(), requests, failed, nanos / 1_000_000);
    }
}
