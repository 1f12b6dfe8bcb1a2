package dev.argus.traffic.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a client: reads its requests, one after the other, and carries the answers back. On one event loop. */
// how a write or a close ends is seen where the connection becomes inactive
@SuppressWarnings("FutureReturnValueIgnored")
final class ClientConnection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);
    /** How long what a client still sends is read after its answer, because closing at once could take the answer from it. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Loop loop;
    private final HeadScanner scanner = new HeadScanner();

    @SuppressWarnings("NullAway.Init")
    private Channel channel;

    private @Nullable InetAddress address;
    private byte @Nullable [] whoAsks;
    /** What came and was not used yet. */
    private @Nullable ByteBuf pending;

    private @Nullable Exchange exchange;
    private @Nullable Tunnel tunnel;
    private boolean advancing;
    private boolean closing;
    private boolean first = true;
    private boolean mayBeBlank;
    private long deadline;

    ClientConnection(Loop loop) {
        this.loop = loop;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        waitAtMost(loop.limits().head());
        address = channel.remoteAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null;
        switch (loop.opened(this)) {
            case ADMITTED -> {}
            case FULL -> refuse(Page.TOO_MANY_CONNECTIONS, false);
            case NOT_FROM_THERE -> close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        loop.closed(this);
        releasePending();
        if (tunnel != null) {
            tunnel.cut();
        } else if (exchange != null) {
            Exchange left = exchange;
            exchange = null;
            left.clientGone();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (tunnel != null) {
            tunnel.fromClient(in);
        } else if (closing) {
            in.release();
        } else {
            pending = joined(pending, in);
            advance();
        }
    }

    /** The bytes of both; takes over both. */
    static ByteBuf joined(@Nullable ByteBuf before, ByteBuf in) {
        if (before == null) {
            return in;
        }
        ByteBuf both = before;
        if (!before.isWritable(in.readableBytes())) {
            both = before.alloc()
                    .directBuffer(2 * (before.readableBytes() + in.readableBytes()))
                    .writeBytes(before);
            before.release();
        }
        both.writeBytes(in);
        in.release();
        return both;
    }

    /** Goes on with what came, as far as that is possible now. */
    void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        boolean going = true;
        while (going && pending != null && !closing && tunnel == null) {
            Exchange before = exchange;
            going = before == null && begin(pending);
            if (before != null) {
                before.takeBody(pending);
            }
            going |= exchange != before;
            if (pending != null && !pending.isReadable()) {
                releasePending();
            }
        }
        advancing = false;
        if (tunnel == null) {
            boolean full = pending != null && pending.readableBytes() > ProxyLimits.MOST_REMEMBERED;
            boolean blocked = exchange != null && exchange.isBlocked();
            setReading(closing || !(full || blocked));
        }
    }

    /** Reads the head of the next request; false when it is not there yet. */
    private boolean begin(ByteBuf in) {
        if (scanner.scanned() == 0) {
            if (!first) {
                waitAtMost(loop.limits().head());
            }
            if (!skipBlankLine(in)) {
                return false;
            }
        }
        int at = in.readerIndex();
        int known = scanner.scanned();
        int length = Math.min(in.readableBytes(), ProxyLimits.LONGEST_REQUEST_HEAD);
        in.getBytes(at + known, loop.scratch, known, length - known);
        int end = scanner.scan(loop.scratch, length);
        if (end < 0) {
            unfinished(end, length);
            return false;
        }
        in.getBytes(at, loop.scratch, 0, known);
        in.skipBytes(end);
        scanner.reset();
        first = false;
        mayBeBlank = true;
        RequestHead request = loop.request;
        Page wrong = request.read(loop.scratch, end);
        if (wrong != null) {
            refuse(wrong, request.wantsJson());
            return false;
        }
        var begun = new Exchange(loop, this, request);
        exchange = begun;
        begun.look();
        return true;
    }

    /** Some clients send a line end too many behind a body; one is passed over, before the next request. */
    private boolean skipBlankLine(ByteBuf in) {
        if (!mayBeBlank || in.getByte(in.readerIndex()) != '\r') {
            return true;
        }
        if (in.readableBytes() < 2) {
            return false;
        }
        if (in.getByte(in.readerIndex() + 1) == '\n') {
            in.skipBytes(2);
            mayBeBlank = false;
        }
        return in.isReadable();
    }

    private void unfinished(int why, int length) {
        if (why == HeadScanner.BAD) {
            refuse(Page.NOT_HTTP, false);
        } else if (scanner.isInFirstLine() && length > ProxyLimits.LONGEST_LINE) {
            refuse(Page.LONG_ADDRESS, false);
        } else if (length == ProxyLimits.LONGEST_REQUEST_HEAD) {
            refuse(Page.TOO_MANY_HEADERS, false);
        }
    }

    /** The lines about this client, up to the quotation mark before the host; see {@link RequestHead#write}. */
    byte[] whoAsks() {
        byte[] known = whoAsks;
        if (known == null) {
            String literal = address == null ? "unknown" : address.getHostAddress();
            int zone = literal.indexOf('%');
            String plain = zone < 0 ? literal : literal.substring(0, zone);
            String node = plain.indexOf(':') >= 0 ? "\"[" + plain + "]\"" : plain;
            known = HeadWriter.text("X-Forwarded-For: " + plain + "\r\nX-Real-IP: " + plain
                    + "\r\nX-Forwarded-Proto: http\r\nForwarded: for=" + node + ";host=\"");
            whoAsks = known;
        }
        return known;
    }

    /** Null when it had gone before it could be asked for. */
    @Nullable
    InetAddress address() {
        return address;
    }

    // answers

    void write(ByteBuf part) {
        channel.write(part, channel.voidPromise());
    }

    void write(byte[] part) {
        write(channel.alloc().directBuffer(part.length).writeBytes(part));
    }

    void flush() {
        channel.flush();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    Channel channel() {
        return channel;
    }

    void answer(Page page, boolean json, boolean withoutBody, boolean close) {
        channel.writeAndFlush(page.encode(channel.alloc(), json, withoutBody, close), channel.voidPromise());
    }

    /** The exchange is over, its answer written. */
    void ended(boolean close) {
        exchange = null;
        if (close || loop.isStopping()) {
            closeGently();
        } else {
            waitAtMost(loop.limits().idle());
            advance();
        }
    }

    private void refuse(Page page, boolean json) {
        answer(page, json, false, true);
        closeGently();
    }

    /** Closes once all is written and the client has had time to read it. */
    private void closeGently() {
        if (closing) {
            return;
        }
        closing = true;
        releasePending();
        waitAtMost(loop.limits().idle());
        setReading(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) written -> {
            waitAtMost(LINGER);
            ((SocketChannel) channel).shutdownOutput();
        });
    }

    /** Closes it where nothing is under way. */
    void closeUnlessBusy() {
        if (exchange == null) {
            closeGently();
        }
    }

    /** Ends it now: the only way to say that an answer is not whole. */
    void close() {
        closing = true;
        channel.close();
    }

    private void releasePending() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    void setReading(boolean reading) {
        channel.config().setAutoRead(reading);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (tunnel != null) {
            tunnel.clientWritable(channel.isWritable());
        } else if (exchange != null) {
            exchange.clientWritable(channel.isWritable());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            log.error("a connection of a client failed inside the proxy", cause);
        }
        channel.close();
    }

    // other protocols

    /** From now on the bytes of this connection are the tunnel's. */
    void becomes(Tunnel made) {
        tunnel = made;
        deadline = Long.MAX_VALUE;
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        ByteBuf ahead = pending;
        pending = null;
        setReading(true);
        if (ahead != null) {
            made.fromClient(ahead);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent && tunnel != null) {
            tunnel.clientEnded();
        }
    }

    /** Closes a WebSocket or the like to one of these instances. */
    void closeTunnel(java.util.Set<Backend> drained) {
        if (tunnel != null && exchange != null && exchange.isWithOneOf(drained)) {
            tunnel.close();
        }
    }

    /** Cuts off what is under way with one of these instances. */
    void cut(java.util.Set<Backend> drained) {
        if (exchange != null && exchange.isWithOneOf(drained)) {
            exchange.cutOff();
        }
    }

    // time

    void waitAtMost(Duration limit) {
        deadline = System.nanoTime() + limit.toNanos();
    }

    void waitUntil(long nanos) {
        deadline = nanos;
    }

    void waitForEver() {
        deadline = Long.MAX_VALUE;
    }

    boolean isLate(long now) {
        return deadline != Long.MAX_VALUE && now - deadline > 0;
    }

    void late() {
        if (closing) {
            channel.close();
        } else if (tunnel != null) {
            tunnel.cut();
        } else if (exchange != null) {
            exchange.late();
        } else if (scanner.scanned() > 0) {
            refuse(Page.SLOW_REQUEST, false);
        } else {
            channel.close();
        }
    }
}
