package dev.argus.api;

import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

/** One open stream of lines as bare text. */
final class TextStream extends OpenStream {
    /** The sign of life is no byte that the reader sees, and yet the connection is not idle. */
    TextStream(Vertx vertx, RoutingContext context, long signOfLifeMillis) {
        super(vertx, context, "text/plain", "", "", signOfLifeMillis);
    }

    @Override
    String leftOut(long count) {
        return "[argus: " + count + " lines are left out here: this reader is too slow]\n";
    }
}
