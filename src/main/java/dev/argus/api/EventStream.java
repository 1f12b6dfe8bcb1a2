package dev.argus.api;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/**
 * One open stream of server-sent events. A reader that is too slow loses events and is told how many; it never makes anybody
 * else wait.
 */
final class EventStream {
    private static final long HEARTBEAT_MILLIS = 15_000;
    static final int LONGEST_QUEUE = 256 * 1024;

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final long heartbeat;
    private final List<Runnable> closed = new ArrayList<>();
    private long skipped;
    private boolean open = true;

    EventStream(Vertx vertx, RoutingContext context) {
        this.vertx = vertx;
        this.response = context.response();
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no")
                .setWriteQueueMaxSize(LONGEST_QUEUE);
        response.closeHandler(gone -> end());
        response.exceptionHandler(broken -> end());
        response.write("retry: 1000\n\n");
        heartbeat = vertx.setPeriodic(HEARTBEAT_MILLIS, timer -> {
            if (!response.writeQueueFull()) {
                response.write(": still here\n\n");
            }
        });
    }

    /** Calls {@code action} once, when the stream has ended. */
    EventStream onClose(Runnable action) {
        closed.add(action);
        return this;
    }

    /** Sends an event, or counts it as skipped when the reader is too slow. */
    void send(String id, String type, JsonObject data) {
        String line = id.isEmpty() ? "" : "id: " + id + "\n";
        send(1, Buffer.buffer(line + "event: " + type + "\ndata: " + data.encode() + "\n\n"));
    }

    /** Sends some events that are in their form already, or counts them as skipped when the reader is too slow. */
    void send(int count, Buffer events) {
        if (!open) {
            return;
        }
        if (response.writeQueueFull()) {
            skipped += count;
            return;
        }
        if (skipped > 0) {
            response.write("event: skipped\ndata: {\"skipped\":" + skipped + "}\n\n");
            skipped = 0;
        }
        response.write(events);
    }

    /** Ends the stream from this side. */
    void finish() {
        if (open) {
            response.end();
            end();
        }
    }

    private void end() {
        if (open) {
            open = false;
            vertx.cancelTimer(heartbeat);
            closed.forEach(Runnable::run);
        }
    }
}
