package dev.argus.api;

import io.vertx.core.VertxException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where failures go that nobody expected: into the log with their trace, never into an answer. */
final class Faults {
    private static final Logger log = LoggerFactory.getLogger(Faults.class);

    static void unexpected(Throwable failure) {
        if (isOfAClientThatLeft(failure)) {
            log.debug("a client left before its answer", failure);
        } else {
            log.error("a request failed unexpectedly", failure);
        }
    }

    /** Browsers do that with every page that is turned; there is nobody left to be answered. */
    static boolean isOfAClientThatLeft(Throwable failure) {
        String said = String.valueOf(failure.getMessage());
        return failure instanceof ClosedChannelException
                || (failure instanceof VertxException && said.equals("Connection was closed"))
                || (failure instanceof IOException
                        && (said.endsWith("Broken pipe") || said.endsWith("Connection reset by peer")));
    }

    private Faults() {}
}
