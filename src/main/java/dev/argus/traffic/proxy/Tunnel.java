package dev.argus.traffic.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;

/** Two connections that are one since their protocol was switched, as for WebSockets. Each side waits for the other. On one event loop. */
// how a write or a close ends is seen where the connection becomes inactive
@SuppressWarnings("FutureReturnValueIgnored")
final class Tunnel {
    /** A WebSocket's Close frame with status 1001, going away (RFC 6455, 7.4.1); from a server it is not masked. */
    private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 0x03, (byte) 0xE9};
    /** How long both have for the rest of a WebSocket's goodbye. */
    private static final Duration GOODBYE = Duration.ofSeconds(3);

    private final ClientConnection client;
    private final ServiceConnection service;
    private final boolean webSocket;
    private final Duration idle;
    private final Runnable ended;
    private final FrameTracker toClient = new FrameTracker();
    private boolean closing;
    private boolean saidGoodbye;
    private boolean clientEnded;
    private boolean serviceEnded;
    private boolean over;

    Tunnel(ClientConnection client, ServiceConnection service, boolean webSocket, Duration idle, Runnable ended) {
        this.client = client;
        this.service = service;
        this.webSocket = webSocket;
        this.idle = idle;
        this.ended = ended;
    }

    void fromClient(ByteBuf in) {
        if (over || !in.isReadable()) {
            in.release();
            return;
        }
        service.write(in);
        service.flush();
        if (!service.isWritable()) {
            client.setReading(false);
        }
    }

    void fromService(ByteBuf in) {
        if (over || saidGoodbye || !in.isReadable()) {
            in.release();
            return;
        }
        if (webSocket) {
            toClient.sent(in);
        }
        client.write(in);
        client.flush();
        if (!client.isWritable()) {
            service.setReading(false);
        }
        if (closing) {
            close();
        }
    }

    void clientWritable(boolean writable) {
        service.setReading(writable);
    }

    void serviceWritable(boolean writable) {
        client.setReading(writable);
    }

    /** The client sends no more. */
    void clientEnded() {
        clientEnded = true;
        oneEnded(service.channel());
    }

    /** The service sends no more. */
    void serviceEnded() {
        serviceEnded = true;
        oneEnded(client.channel());
    }

    private void oneEnded(Channel other) {
        client.waitAtMost(saidGoodbye ? GOODBYE : idle);
        other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) written -> {
            if (clientEnded && serviceEnded) {
                cut();
            } else if (other.isActive()) {
                ((SocketChannel) other).shutdownOutput();
            }
        });
    }

    /** The connection to the service is no more; what it sent still reaches the client. */
    void serviceGone() {
        if (!over) {
            client.channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) written -> cut());
        }
    }

    /**
     * Says goodbye where the protocol has a word for it, between two frames. The client answers that with a Close frame of its own, which goes on
     * to the service, and the service closes.
     */
    void close() {
        if (over || saidGoodbye) {
            return;
        }
        if (!webSocket) {
            cut();
        } else if (toClient.isBetweenFrames()) {
            saidGoodbye = true;
            client.write(
                    client.channel().alloc().directBuffer(GOING_AWAY.length).writeBytes(GOING_AWAY));
            client.flush();
            service.setReading(true);
            client.waitAtMost(GOODBYE);
        } else {
            closing = true;
        }
    }

    /** Ends both at once. */
    void cut() {
        if (!over) {
            over = true;
            client.close();
            service.close();
            ended.run();
        }
    }
}
