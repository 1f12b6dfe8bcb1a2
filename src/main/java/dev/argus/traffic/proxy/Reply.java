package dev.argus.traffic.proxy;

import dev.argus.traffic.proxy.AnswerHead.Framing;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a service on its way to the client. Its head waits for the first of its body, as long as the client need not see it: who dies
 * behind it has not answered. On one event loop.
 */
final class Reply {
    private static final byte[] LAST_CHUNK = HeadWriter.text("0\r\n\r\n");
    private static final byte[] LINE_END = HeadWriter.text("\r\n");
    /** Parts up to this size are copied behind the head, which costs less than writing two buffers. */
    private static final int SMALL = 4 * 1024;

    private final Loop loop;
    private final ClientConnection client;
    private final boolean old;
    private final boolean headOnly;
    private final Body body = new Body();
    private @Nullable ByteBuf head;
    private boolean begun;
    private boolean rechunked;
    private boolean eventStream;
    private boolean reusable;
    private boolean closing;
    private boolean failed;

    /**
     * One that has not begun.
     *
     * @param old whether the client speaks HTTP/1.0
     * @param headOnly whether the request was HEAD
     */
    Reply(Loop loop, ClientConnection client, boolean old, boolean headOnly) {
        this.loop = loop;
        this.client = client;
        this.old = old;
        this.headOnly = headOnly;
    }

    /** Whether the service has begun to answer. */
    boolean isBegun() {
        return begun;
    }

    /** Whether the client has seen something of it. */
    boolean wasSeen() {
        return begun && head == null;
    }

    boolean hasEnded() {
        return body.hasEnded();
    }

    boolean isBad() {
        return body.isBad();
    }

    /** Whether it says that the service failed. */
    boolean isFailure() {
        return failed;
    }

    /** Whether the connection to the service can have another request. */
    boolean leavesReusable() {
        return reusable;
    }

    /** Whether the client's connection ends with it. */
    boolean isClosing() {
        return closing;
    }

    /** Whether it is whole when its connection ends in order. */
    boolean lastsUntilTheEnd() {
        return body.lastsUntilTheEnd();
    }

    /**
     * Its head is there, and behind it perhaps a part of its body, which is to be passed on.
     *
     * @param last whether the client's connection is to end with it
     * @return whether it is to be passed on now, and not to wait for its body
     */
    boolean begin(AnswerHead is, ByteBuf in, boolean last) {
        begun = true;
        failed = is.status() >= 500;
        eventStream = is.isEventStream();
        Framing framing = framing(is);
        reusable = is.keepsAlive() && !body.lastsUntilTheEnd();
        closing = last || framing == Framing.BY_CLOSING;
        is.write(loop.writer, framing, closing);
        boolean bodyFollows = framing == Framing.AS_LENGTH && !body.hasEnded();
        int room = (int) Math.min(bodyFollows ? is.length() : in.readableBytes(), SMALL);
        head = loop.writer.end(client.channel().alloc(), room);
        return !bodyFollows || in.isReadable();
    }

    private Framing framing(AnswerHead is) {
        if (headOnly || is.status() == 204 || is.status() == 304) {
            body.none();
            return Framing.NONE;
        }
        if (is.isChunked()) {
            body.chunked(true);
            return Framing.AS_CHUNKS;
        }
        if (is.length() >= 0) {
            body.length(is.length());
            return Framing.AS_LENGTH;
        }
        body.untilTheEnd();
        rechunked = !old;
        return rechunked ? Framing.AS_CHUNKS : Framing.BY_CLOSING;
    }

    /** Another protocol is spoken from now on. */
    void becomesTunnel(AnswerHead is) {
        begun = true;
        is.writeSwitch(loop.writer);
        client.write(loop.writer.end(client.channel().alloc(), 0));
        client.flush();
    }

    /** Passes on what came of it. */
    void pass(ByteBuf in) {
        ByteBuf out = head;
        head = null;
        for (ByteBuf part = body.take(in); part != null; part = body.take(in)) {
            if (rechunked) {
                writeChunk(out, part);
                out = null;
            } else if (out != null && part.readableBytes() <= out.writableBytes()) {
                out.writeBytes(part);
                part.release();
            } else {
                if (out != null) {
                    client.write(out);
                    out = null;
                }
                client.write(part);
            }
        }
        if (out != null) {
            client.write(out);
        }
        client.flush();
        if (body.hasEnded()) {
            reusable &= !in.isReadable();
        }
    }

    private void writeChunk(@Nullable ByteBuf before, ByteBuf part) {
        if (before != null) {
            client.write(before);
        }
        client.write(HeadWriter.text(Integer.toHexString(part.readableBytes()) + "\r\n"));
        client.write(part);
        client.write(LINE_END);
    }

    /** The service has closed in order behind an answer that {@link #lastsUntilTheEnd}. */
    void end() {
        body.end();
        reusable = false;
        if (rechunked) {
            client.write(LAST_CHUNK);
        }
        client.flush();
    }

    /** Ends an event stream in order, between two of its parts, together with both connections; false where that cannot be. */
    boolean endEventStream() {
        if (!eventStream || !body.isBetweenChunks()) {
            return false;
        }
        client.write(LAST_CHUNK);
        client.flush();
        reusable = false;
        closing = true;
        return true;
    }

    /** The client has not seen it and never will. */
    void takeBack() {
        begun = false;
        dropHead();
    }

    void dropHead() {
        if (head != null) {
            head.release();
            head = null;
        }
    }
}
