package dev.argus.api;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/** One open answer that goes on. A reader that is too slow loses some of it and is told how much; it never makes anybody else wait. */
abstract sealed class OpenStream permits EventStream, TextStream {
    static final long SIGN_OF_LIFE_MILLIS = 15_000;
    static final int LONGEST_QUEUE = 256 * 1024;

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final long signOfLife;
    private final List<Runnable> closed = new ArrayList<>();
    private long skipped;
    private boolean open = true;

    /** An answer of that type, which begins with {@code begin} and says {@code alive} that often, so that nobody takes the connection for an idle one. */
    OpenStream(Vertx vertx, RoutingContext context, String type, String begin, String alive, long everyMillis) {
        this.vertx = vertx;
        this.response = context.response();
        response.setChunked(true)
                .putHeader("Content-Type", type + "; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no")
                .setWriteQueueMaxSize(LONGEST_QUEUE);
        response.closeHandler(gone -> end());
        response.exceptionHandler(broken -> end());
        response.write(begin);
        signOfLife = vertx.setPeriodic(everyMillis, timer -> {
            if (!response.writeQueueFull()) {
                response.write(alive);
            }
        });
    }

    /** What tells a reader that so much was left out, in the form of the stream. */
    abstract String leftOut(long count);

    /** Calls {@code action} once, when the stream has ended. */
    final void onClose(Runnable action) {
        closed.add(action);
    }

    /** Sends {@code count} events or lines that are in their form already, or counts them as left out when the reader is too slow. */
    final void send(int count, Buffer parts) {
        if (!open) {
            return;
        }
        if (response.writeQueueFull()) {
            skipped += count;
            return;
        }
        if (skipped > 0) {
            response.write(leftOut(skipped));
            skipped = 0;
        }
        response.write(parts);
    }

    /** Ends the stream from this side. */
    final void finish() {
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
