package dev.argus.traffic.proxy;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as a service gets it: its head, and what was sent of its body, both as long as they may have to be sent again. On one event loop; to be
 * {@linkplain #forget forgotten} in the end.
 */
final class SentRequest {
    private final boolean idempotent;
    private final Body body = new Body();
    private @Nullable ByteBuf head;
    private @Nullable List<ByteBuf> sentBody;
    private int sentBytes;
    private boolean forgotBody;
    private boolean expectsContinue;

    SentRequest(Loop loop, ClientConnection client, RequestHead request) {
        idempotent = request.isIdempotent();
        expectsContinue = request.expectsContinue();
        request.describe(body);
        request.write(loop.writer, client.whoAsks());
        head = loop.writer.end(client.channel().alloc(), 0);
    }

    boolean isIdempotent() {
        return idempotent;
    }

    /** Whether all of its body has come. */
    boolean isWhole() {
        return body.hasEnded();
    }

    /** Whether its body is not as HTTP allows. */
    boolean isBad() {
        return body.isBad();
    }

    /** Whether it does no harm when it arrives twice, and is known to its end as far as it was sent. */
    boolean mayBeSentAgain() {
        return idempotent && !forgotBody;
    }

    /** Whether the client waits to be told to send the body; true once. */
    boolean awaitsWord() {
        boolean awaits = expectsContinue && !body.hasEnded();
        expectsContinue = false;
        return awaits;
    }

    /** What goes to the service. */
    ByteBuf head() {
        ByteBuf known = head;
        if (known == null) {
            throw new IllegalStateException("a request whose answer has begun is not sent again");
        }
        return known;
    }

    /** Sends all that there is of it. */
    void send(ServiceConnection to) {
        to.write(head().readerIndex(0).retain());
        if (sentBody != null) {
            sentBody.forEach(part -> to.write(part.retainedDuplicate()));
        }
        to.flush();
    }

    /**
     * Sends on what came of its body.
     *
     * @param again whether it may still have to be sent again
     */
    void pass(ByteBuf in, ServiceConnection to, boolean again) {
        for (ByteBuf part = body.take(in); part != null; part = body.take(in)) {
            if (again && mayBeSentAgain()) {
                remember(part);
            }
            to.write(part);
        }
    }

    private void remember(ByteBuf part) {
        sentBytes += part.readableBytes();
        if (sentBytes > ProxyLimits.MOST_REMEMBERED) {
            forgetBody();
        } else {
            if (sentBody == null) {
                sentBody = new ArrayList<>();
            }
            sentBody.add(part.retainedDuplicate());
        }
    }

    private void forgetBody() {
        forgotBody = true;
        if (sentBody != null) {
            sentBody.forEach(ByteBuf::release);
            sentBody = null;
        }
    }

    /** It is not sent again. */
    void forget() {
        forgetBody();
        if (head != null) {
            head.release();
            head = null;
        }
    }
}
