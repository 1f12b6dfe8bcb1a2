package dev.argus.api;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/** One open stream of lines as bare text. A reader that is too slow loses lines and is told how many; it never makes anybody else wait. */
final class TextStream {
    static final long SIGN_OF_LIFE_MILLIS = 15_000;

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final long signOfLife;
    private final List<Runnable> closed = new ArrayList<>();
    private long skipped;
    private boolean open = true;

    TextStream(Vertx vertx, RoutingContext context, long signOfLifeMillis) {
        this.vertx = vertx;
        this.response = context.response();
        response.setChunked(true)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no")
                .setWriteQueueMaxSize(EventStream.LONGEST_QUEUE);
        response.closeHandler(gone -> end());
        response.exceptionHandler(broken -> end());
        response.write("");
        // no byte that the reader sees, and yet the connection is not idle
        signOfLife = vertx.setPeriodic(signOfLifeMillis, timer -> response.write(""));
    }

    /** Calls {@code action} once, when the stream has ended. */
    void onClose(Runnable action) {
        closed.add(action);
    }

    /** Sends lines, or counts them as skipped when the reader is too slow. */
    void send(int count, Buffer lines) {
        if (!open) {
            return;
        }
        if (response.writeQueueFull()) {
            skipped += count;
            return;
        }
        if (skipped > 0) {
            response.write("[argus: " + skipped + " lines are left out here: this reader is too slow]\n");
            skipped = 0;
        }
        response.write(lines);
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
            vertx.cancelTimer(signOfLife);
            closed.forEach(Runnable::run);
        }
    }
}
