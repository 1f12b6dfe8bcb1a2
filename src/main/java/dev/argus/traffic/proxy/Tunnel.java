package dev.argus.traffic.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.atomic.AtomicBoolean;

/** Two connections that are one since their protocol was switched, as for WebSockets. Each side waits for the other. */
final class Tunnel {
    /** A WebSocket's Close frame with status 1001, going away (RFC 6455, 7.4.1); from a server it is not masked. */
    private static final Buffer GOING_AWAY = Buffer.buffer(new byte[] {(byte) 0x88, 2, 0x03, (byte) 0xE9});

    private final NetSocket client;
    private final NetSocket service;
    private final boolean webSocket;
    private final Runnable ended;
    private final AtomicBoolean over = new AtomicBoolean();
    private final FrameTracker toClient = new FrameTracker();
    private boolean closing;

    Tunnel(NetSocket client, NetSocket service, boolean webSocket, Runnable ended) {
        this.client = client;
        this.service = service;
        this.webSocket = webSocket;
        this.ended = ended;
    }

    void open() {
        join(client, service, false);
        join(service, client, webSocket);
        service.resume();
    }

    private void join(NetSocket from, NetSocket to, boolean tracked) {
        from.handler(part -> {
            to.write(part);
            if (to.writeQueueFull()) {
                from.pause();
                to.drainHandler(drained -> from.resume());
            }
            if (tracked) {
                toClient.sent(part);
                if (closing) {
                    close();
                }
            }
        });
        from.endHandler(done -> to.end());
        from.closeHandler(gone -> cut());
        from.exceptionHandler(broken -> cut());
    }

    /** Says goodbye where the protocol has a word for it and between two frames; then both ends close. */
    void close() {
        if (!webSocket) {
            cut();
        } else if (toClient.isBetweenFrames()) {
            service.handler(nothing -> {
                // the service speaks no more on this connection
            });
            client.write(GOING_AWAY).onComplete(said -> client.end());
            service.end();
        } else {
            closing = true;
        }
    }

    /** Ends both at once. */
    void cut() {
        if (over.compareAndSet(false, true)) {
            client.close();
            service.close();
            ended.run();
        }
    }
}
