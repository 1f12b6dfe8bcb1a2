package dev.argus.api;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the connections to the API and closes those that are too many, so that nobody can take all the file handles or memory of Argus, which its
 * services need to be started again. A browser has six at most for each page. On one event loop.
 */
final class OpenConnections {
    /** In all. */
    static final int MOST = 1_024;

    /** From one address, unless it is that of a trusted proxy. */
    static final int MOST_OF_ONE = 256;

    private static final Logger log = LoggerFactory.getLogger(OpenConnections.class);
    private static final long SAY_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final ClientAddress addresses;
    private final Map<String, Integer> byAddress = new HashMap<>();
    private int all;
    private long saidAt = System.nanoTime() - SAY_EVERY_NANOS;

    OpenConnections(ClientAddress addresses) {
        this.addresses = addresses;
    }

    void opened(HttpConnection connection) {
        String address = connection.remoteAddress().hostAddress();
        if (!admit(address)) {
            say(address);
            connection.close();
            return;
        }
        connection.closeHandler(closed -> release(address));
    }

    /** Whether there is room for one more from there, which is then taken until it is {@linkplain #release given back}. */
    boolean admit(String address) {
        int own = byAddress.getOrDefault(address, 0);
        if (all >= MOST || (own >= MOST_OF_ONE && !addresses.isTrusted(address))) {
            return false;
        }
        all++;
        byAddress.put(address, own + 1);
        return true;
    }

    void release(String address) {
        all--;
        byAddress.computeIfPresent(address, (same, own) -> own == 1 ? null : own - 1);
    }

    /** Not for each of them, or the log would be what is flooded. */
    private void say(String address) {
        long now = System.nanoTime();
        if (now - saidAt >= SAY_EVERY_NANOS) {
            saidAt = now;
            log.warn(
                    "a connection to the API from {} was closed: {} are open, {} of them from there; at most {} may be, and {} from one address",
                    address,
                    all,
                    byAddress.getOrDefault(address, 0),
                    MOST,
                    MOST_OF_ONE);
        }
    }
}
