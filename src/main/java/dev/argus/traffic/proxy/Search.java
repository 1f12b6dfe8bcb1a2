package dev.argus.traffic.proxy;

import dev.argus.traffic.proxy.Routes.Destination;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The way of one request to an instance: by the table of now, past those that were not reached, in line where none is ready. On one event loop. */
// how a write or a close ends is seen where the connection becomes inactive
@SuppressWarnings("FutureReturnValueIgnored")
final class Search {
    /** How many instances in a row may not be reached before there is a pause. */
    private static final int MOST_MISSED = 3;

    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 320;

    private final Loop loop;
    private final ClientConnection client;
    private final Exchange exchange;
    private final String host;
    private final int pathFrom;
    private final int pathTo;
    private final long untilNanos;
    private @Nullable Backend avoided;
    private @Nullable Line line;
    private @Nullable Line heldIn;
    private @Nullable Page refusal;
    private int missed;
    private int pauses;

    /**
     * One that has not found anything yet.
     *
     * @param request that has been written: its path is where it stands in the head for the service
     * @param untilNanos when it is given up
     */
    Search(Loop loop, ClientConnection client, Exchange exchange, RequestHead request, long untilNanos) {
        this.loop = loop;
        this.client = client;
        this.exchange = exchange;
        this.untilNanos = untilNanos;
        host = request.host();
        pathFrom = request.pathFrom();
        pathTo = request.pathTo();
    }

    /** When it is given up, as of {@link System#nanoTime}. */
    long untilNanos() {
        return untilNanos;
    }

    /**
     * An instance that is ready; null where the request waits from now on, or there is a {@link #refusal}.
     *
     * @param wasSent whether an instance has had it already
     */
    @Nullable
    Backend find(ByteBuf head, boolean wasSent) {
        Destination to = loop.routes().find(host, head, pathFrom, pathTo);
        line = to == null ? line : to.line();
        if (to == null || to.isStopped()) {
            refusal = to == null ? Page.UNKNOWN_HOST : Page.STOPPED;
            return null;
        }
        Backend chosen = missed < MOST_MISSED ? to.choose(loop.nextTurn(), avoided) : null;
        if (chosen == null) {
            hold(to, wasSent);
        }
        return chosen;
    }

    /** Why there is nothing to look for any more; null when there is. */
    @Nullable
    Page refusal() {
        return refusal;
    }

    private void hold(Destination to, boolean wasSent) {
        if (loop.isStopping()) {
            refusal = Page.NOT_READY;
        } else if (System.nanoTime() - untilNanos > 0) {
            refusal = wasSent ? Page.BROKE_OFF : Page.NOT_READY;
        } else if (!to.line().enter()) {
            refusal = Page.TOO_MANY;
        } else {
            heldIn = to.line();
            loop.hold(exchange);
            client.waitUntil(untilNanos);
            if (avoided != null) {
                // it is said to be ready and was not reached: its table may be late, or the service slow to listen
                long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(pauses, 8));
                pauses++;
                loop.events().schedule(exchange::lookAgain, pause, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Counts it for its service, once; what no service was found for is counted nowhere. */
    void ended(boolean asFailure) {
        leaveLine();
        Line of = line;
        if (of != null) {
            line = null;
            of.ended(asFailure);
        }
    }

    /** It waits no longer; false where it did not. */
    boolean leaveLine() {
        Line held = heldIn;
        if (held == null) {
            return false;
        }
        heldIn = null;
        held.leave();
        loop.release(exchange);
        return true;
    }

    /** This one could not be reached; another one is taken if there is one. */
    void missed(@Nullable Backend which) {
        avoided = which;
        missed++;
    }

    /** This one ended while it had the request. */
    void avoid(@Nullable Backend which) {
        avoided = which;
    }

    /** Things have changed: whoever was avoided may be well again. */
    void forgive() {
        avoided = null;
        missed = 0;
    }
}
