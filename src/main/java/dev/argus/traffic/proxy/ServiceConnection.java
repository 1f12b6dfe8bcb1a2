package dev.argus.traffic.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to an instance: it has one request at a time, or waits for one. On one event loop. */
// how a write or a close ends is seen where the connection becomes inactive
@SuppressWarnings("FutureReturnValueIgnored")
final class ServiceConnection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(ServiceConnection.class);

    private final Loop loop;
    private final Backend backend;
    private final int port;
    private final HeadScanner scanner = new HeadScanner();

    @SuppressWarnings("NullAway.Init")
    private Channel channel;

    private @Nullable Exchange exchange;
    private @Nullable Tunnel tunnel;
    /** The beginning of a head whose end is not there yet. */
    private @Nullable ByteBuf pending;

    private boolean usedBefore;
    private boolean heard;
    private boolean broken;
    private long idleSince;

    ServiceConnection(Loop loop, Backend backend, int port) {
        this.loop = loop;
        this.backend = backend;
        this.port = port;
    }

    Backend backend() {
        return backend;
    }

    int port() {
        return port;
    }

    boolean isOpen() {
        return channel.isActive();
    }

    boolean isEstablished(EpollTcpInfo info) {
        return Sockets.isEstablished(channel, info);
    }

    long idleSince() {
        return idleSince;
    }

    /** Whether it had a request before the one it has. */
    boolean wasUsedBefore() {
        return usedBefore;
    }

    /** Whether a byte of the answer has come. */
    boolean wasHeard() {
        return heard;
    }

    /** Whether it ended otherwise than by being closed in order. */
    boolean isBroken() {
        return broken;
    }

    Channel channel() {
        return channel;
    }

    /** It has this request from now on. */
    void begins(Exchange with) {
        exchange = with;
        heard = false;
        scanner.reset();
    }

    /** It waits for the next request from now on. */
    void waits(long now) {
        exchange = null;
        usedBefore = true;
        idleSince = now;
        channel.config().setAutoRead(true);
    }

    void close() {
        exchange = null;
        channel.close();
    }

    void write(ByteBuf part) {
        channel.write(part, channel.voidPromise());
    }

    void flush() {
        channel.flush();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    void setReading(boolean reading) {
        channel.config().setAutoRead(reading);
    }

    void becomes(Tunnel made) {
        tunnel = made;
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (tunnel != null) {
            tunnel.fromService(in);
            return;
        }
        Exchange with = exchange;
        if (with == null) {
            // nobody asked: what it says could be taken for the answer to the next request
            in.release();
            channel.close();
            return;
        }
        heard = true;
        if (with.isAnswered()) {
            with.answerGoesOn(in);
            in.release();
        } else {
            pending = ClientConnection.joined(pending, in);
            readHead(with);
        }
    }

    private void readHead(Exchange with) {
        while (pending != null && exchange == with && tunnel == null && !with.isAnswered()) {
            ByteBuf in = pending;
            int at = in.readerIndex();
            int known = scanner.scanned();
            int length = Math.min(in.readableBytes(), ProxyLimits.LONGEST_ANSWER_HEAD);
            in.getBytes(at + known, loop.scratch, known, length - known);
            int end = scanner.scan(loop.scratch, length);
            if (end == HeadScanner.MORE && length < ProxyLimits.LONGEST_ANSWER_HEAD) {
                return;
            }
            if (end > 0) {
                in.getBytes(at, loop.scratch, 0, known);
                in.skipBytes(end);
                scanner.reset();
            }
            if (end < 0 || !loop.answer.read(loop.scratch, end)) {
                with.badAnswer();
            } else if (loop.answer.status() == 101) {
                pending = null;
                with.switched(loop.answer, in);
                return;
            } else if (loop.answer.status() >= 200) {
                pending = null;
                with.answered(loop.answer, in);
                in.release();
                return;
            }
            // the other interim answers are for the proxy itself
            if (!in.isReadable()) {
                releasePending();
            }
        }
        if (exchange != with) {
            releasePending();
        }
    }

    private void releasePending() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        releasePending();
        Exchange with = exchange;
        exchange = null;
        if (tunnel != null) {
            tunnel.serviceGone();
        } else if (with != null) {
            with.serviceGone(this);
        } else {
            loop.forget(this);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (tunnel != null) {
            tunnel.serviceWritable(channel.isWritable());
        } else if (exchange != null) {
            exchange.serviceWritable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent && tunnel != null) {
            tunnel.serviceEnded();
        }
    }

    /** That it cannot be written does not mean that there is nothing to read; when there is not, it becomes inactive. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        broken = true;
        if (tunnel != null) {
            tunnel.cut();
        } else if (!(cause instanceof IOException)) {
            log.error("a connection to {} failed inside the proxy", backend.instance(), cause);
            channel.close();
        }
    }
}
