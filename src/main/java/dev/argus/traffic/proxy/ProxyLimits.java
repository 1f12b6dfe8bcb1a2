package dev.argus.traffic.proxy;

import java.time.Duration;

/**
 * What the proxy puts up with. Every wait ends, every line has a bound.
 *
 * @param hold how long a request waits for an instance that is ready; its attempts to reach one end then too
 * @param mostHeld how many requests wait for one service
 * @param head from the opening of a connection to its first whole request, and {@code idle} from one request to the next
 * @param idle of a connection without a request, and of a request's body that does not come
 * @param answer from the end of a request to the first byte of its answer
 * @param mostConnections of clients at once; more are closed
 * @param mostPerInstance connections to one instance
 */
record ProxyLimits(
        Duration hold,
        int mostHeld,
        Duration head,
        Duration idle,
        Duration answer,
        int mostConnections,
        int mostPerInstance) {
    static final ProxyLimits DEFAULT = new ProxyLimits(
            Duration.ofSeconds(10),
            1_000,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            10_000,
            1_024);
}
