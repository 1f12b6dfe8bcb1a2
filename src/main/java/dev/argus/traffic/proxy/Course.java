package dev.argus.traffic.proxy;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** At which instance a request is, on which connection, and how it ends: once, counted, and with nothing held on to. On one event loop. */
final class Course {
    private final Loop loop;
    private final ClientConnection client;
    private final SentRequest request;
    private final Reply reply;
    private final Search search;
    private final boolean keepAlive;
    private final boolean headOnly;
    private final boolean wantsJson;
    private final long begunNanos;
    private @Nullable Backend backend;
    private @Nullable ServiceConnection service;
    private int sent;
    private boolean over;

    Course(
            Loop loop,
            ClientConnection client,
            RequestHead head,
            SentRequest request,
            Reply reply,
            Search search,
            long begunNanos) {
        this.loop = loop;
        this.client = client;
        this.request = request;
        this.reply = reply;
        this.search = search;
        this.begunNanos = begunNanos;
        keepAlive = head.keepsAlive();
        headOnly = head.isHead();
        wantsJson = head.wantsJson();
    }

    // where it is

    /** It goes to this instance. */
    void goesTo(Backend chosen) {
        backend = chosen;
        chosen.begun();
    }

    /** It is sent on this connection. */
    void isOn(ServiceConnection connection) {
        service = connection;
        sent++;
    }

    /** It has no connection any more. */
    void isOff() {
        service = null;
    }

    /** It goes to another instance. */
    void leaves() {
        Backend left = backend;
        backend = null;
        service = null;
        if (left != null) {
            left.givenUp();
        }
    }

    @Nullable
    Backend backend() {
        return backend;
    }

    @Nullable
    ServiceConnection service() {
        return service;
    }

    boolean isWithOneOf(Set<Backend> some) {
        return backend != null && some.contains(backend);
    }

    /** How often an instance has had it. */
    int sent() {
        return sent;
    }

    boolean isOver() {
        return over;
    }

    /** Whether the client's connection cannot have another request behind this one. */
    boolean isLast() {
        return !keepAlive || !request.isWhole() || loop.isStopping();
    }

    // ends

    /** The answer has been written as a whole. */
    void finish() {
        ServiceConnection from = service;
        settle(reply.isFailure());
        if (from != null) {
            if (reply.leavesReusable() && request.isWhole()) {
                loop.keep(from);
            } else {
                from.close();
            }
        }
        client.ended(reply.isClosing());
    }

    /** Ends it with an answer of the proxy itself. */
    void end(Page page) {
        abandon(page.isFailure());
        boolean close = isLast();
        client.answer(page, wantsJson, headOnly, close);
        client.ended(close);
    }

    /** Ends it in the middle of its answer. */
    void cut() {
        abandon(true);
        client.close();
    }

    /** Ends it without a word to the client. */
    void abandon(boolean asFailure) {
        ServiceConnection had = service;
        settle(asFailure);
        if (had != null) {
            had.close();
        }
    }

    /** Counts it, once; what becomes of its connections is for others to say. */
    void settle(boolean asFailure) {
        over = true;
        service = null;
        request.forget();
        reply.dropHead();
        search.ended(asFailure);
        Backend had = backend;
        backend = null;
        if (had != null) {
            had.ended(System.nanoTime() - begunNanos, asFailure);
        }
    }
}
