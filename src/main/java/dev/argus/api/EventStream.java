package dev.argus.api;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** One open stream of server-sent events. */
final class EventStream extends OpenStream {
    EventStream(Vertx vertx, RoutingContext context) {
        super(vertx, context, "text/event-stream", "retry: 1000\n\n", ": still here\n\n", SIGN_OF_LIFE_MILLIS);
    }

    @Override
    String leftOut(long count) {
        return "event: skipped\ndata: {\"skipped\":" + count + "}\n\n";
    }

    /** Sends an event, or counts it as left out when the reader is too slow. */
    void send(String id, String type, JsonObject data) {
        String line = id.isEmpty() ? "" : "id: " + id + "\n";
        send(1, Buffer.buffer(line + "event: " + type + "\ndata: " + data.encode() + "\n\n"));
    }
}
