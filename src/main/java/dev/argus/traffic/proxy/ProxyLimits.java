package dev.argus.traffic.proxy;

import java.time.Duration;

/**
 * What the proxy puts up with. Every wait ends, every line has a bound.
 *
 * @param hold how long a request waits for an instance that is ready; its attempts to reach one end then too
 * @param mostHeld how many requests wait for one service
 * @param head from the opening of a connection, or the first byte of a further request, to the end of the request's head
 * @param idle of a connection without a request, of a request's body that does not come, and of an answer that is not read
 * @param answer from the end of a request to the head of its answer
 * @param mostConnections of clients at once; more are refused
 * @param mostKept connections kept open to one instance, for each event loop
 */
record ProxyLimits(
        Duration hold, int mostHeld, Duration head, Duration idle, Duration answer, int mostConnections, int mostKept) {
    static final ProxyLimits DEFAULT = new ProxyLimits(
            Duration.ofSeconds(10),
            1_000,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            10_000,
            256);

    /** Of a request line; longer is 414. */
    static final int LONGEST_LINE = 8 * 1024;

    /** Of a request's head altogether; longer is 431. */
    static final int LONGEST_REQUEST_HEAD = 32 * 1024;

    /** Of an answer's head altogether; longer is 502. */
    static final int LONGEST_ANSWER_HEAD = 64 * 1024;

    /** Headers of one message. */
    static final int MOST_HEADERS = 100;

    /** Bytes kept of a request's body, so that it can be sent again, and of what a client sends ahead. */
    static final int MOST_REMEMBERED = 64 * 1024;

    /** How often a request is sent that nobody answers; what ends three instances is not given to a fourth. */
    static final int MOST_SENT = 3;
}
