package dev.argus.traffic.proxy;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: the {@linkplain Search way} to an instance, the {@linkplain SentRequest request} that is sent, and sent again where it
 * cannot have been seen, and the {@linkplain Reply answer}. On one event loop.
 */
final class Exchange {
    private static final byte[] CONTINUE = HeadWriter.text("HTTP/1.1 100 Continue\r\n\r\n");

    private final Loop loop;
    private final ClientConnection client;
    private final boolean wantsOtherProtocol;
    private final boolean wantsWebSocket;
    private final SentRequest request;
    private final Reply reply;
    private final Search search;
    private final Course course;
    private @Nullable Tunnel tunnel;

    Exchange(Loop loop, ClientConnection client, RequestHead head) {
        this.loop = loop;
        this.client = client;
        wantsOtherProtocol = head.wantsOtherProtocol();
        wantsWebSocket = head.wantsWebSocket();
        long begun = System.nanoTime();
        request = new SentRequest(loop, client, head);
        reply = new Reply(loop, client, head.isOld(), head.isHead());
        search = new Search(
                loop, client, this, head, begun + loop.limits().hold().toNanos());
        course = new Course(loop, client, head, request, reply, search, begun);
    }

    // where it goes

    /** Looks in the table of now where it goes, and sends it there. */
    void look() {
        Backend chosen = search.find(request.head(), course.sent() > 0);
        if (chosen == null) {
            Page refusal = search.refusal();
            if (refusal != null) {
                course.end(refusal);
            }
            return;
        }
        course.goesTo(chosen);
        ServiceConnection kept = loop.take(chosen, request.isIdempotent());
        if (kept != null) {
            send(kept);
        } else {
            client.waitUntil(search.untilNanos());
            loop.connect(chosen, this);
        }
    }

    /** Something has changed, or time has passed. */
    void lookAgain() {
        if (search.leaveLine()) {
            search.forgive();
            look();
        }
    }

    boolean isWithOneOf(Set<Backend> some) {
        return course.isWithOneOf(some);
    }

    // to the service

    void reached(ServiceConnection connection) {
        if (course.isOver()) {
            loop.keep(connection);
        } else {
            send(connection);
        }
    }

    void notReached() {
        if (!course.isOver()) {
            search.missed(course.backend());
            course.leaves();
            look();
        }
    }

    private void send(ServiceConnection to) {
        course.isOn(to);
        to.begins(this);
        request.send(to);
        client.waitAtMost(patience());
        if (!request.isWhole()) {
            if (request.awaitsWord()) {
                client.write(CONTINUE);
                client.flush();
            }
            client.advance();
        }
    }

    /** Sends on what came of the request's body; what is left is not of this request. */
    void takeBody(ByteBuf in) {
        ServiceConnection to = course.service();
        if (to == null || request.isWhole()) {
            return;
        }
        request.pass(in, to, !reply.wasSeen());
        if (request.isBad()) {
            if (reply.wasSeen()) {
                course.cut();
            } else {
                course.end(Page.NOT_HTTP);
            }
            return;
        }
        to.flush();
        if (!reply.isBegun()) {
            client.waitAtMost(patience());
        }
    }

    /** For the answer; or for more of the request, unless who does not go on is the service. */
    private Duration patience() {
        return request.isWhole() || isBlocked()
                ? loop.limits().answer()
                : loop.limits().idle();
    }

    /** Whether the service reads slower than the client sends. */
    boolean isBlocked() {
        ServiceConnection to = course.service();
        return to != null && !request.isWhole() && !to.isWritable();
    }

    void serviceWritable() {
        if (!reply.isBegun() && !request.isWhole()) {
            client.waitAtMost(patience());
        }
        client.advance();
    }

    /** The connection has ended while it had this request. */
    void serviceGone(ServiceConnection gone) {
        if (course.isOver()) {
            return;
        }
        course.isOff();
        if (reply.wasSeen()) {
            if (reply.lastsUntilTheEnd() && !gone.isBroken()) {
                reply.end();
                course.finish();
            } else {
                course.cut();
            }
            return;
        }
        boolean nothing = reply.isBegun() || !gone.wasHeard();
        reply.takeBack();
        if (!request.mayBeSentAgain() || !nothing || course.sent() >= ProxyLimits.MOST_SENT) {
            course.end(Page.BROKE_OFF);
            return;
        }
        if (gone.wasUsedBefore()) {
            // it was kept too long; the instance itself may well be there
            loop.dropKept(gone.backend());
        } else {
            search.avoid(course.backend());
        }
        course.leaves();
        look();
    }

    // to the client

    boolean isAnswered() {
        return reply.isBegun();
    }

    void badAnswer() {
        course.end(Page.BAD_ANSWER);
    }

    /** The head of the answer is there, and behind it perhaps a part of its body. */
    void answered(AnswerHead is, ByteBuf in) {
        if (reply.begin(is, in, course.isLast())) {
            answerGoesOn(in);
        } else {
            client.waitAtMost(loop.limits().answer());
        }
    }

    void answerGoesOn(ByteBuf in) {
        if (!reply.wasSeen()) {
            request.forget();
            client.waitForEver();
        }
        reply.pass(in);
        if (reply.isBad()) {
            course.cut();
        } else if (reply.hasEnded()) {
            course.finish();
        }
    }

    void clientWritable(boolean writable) {
        ServiceConnection from = course.service();
        if (reply.wasSeen() && from != null) {
            from.setReading(writable);
            if (writable) {
                client.waitForEver();
            } else {
                client.waitAtMost(loop.limits().idle());
            }
        }
    }

    /** The service speaks another protocol on this connection from now on; takes over what came of it already. */
    void switched(AnswerHead is, ByteBuf ahead) {
        ServiceConnection with = course.service();
        if (with == null || !wantsOtherProtocol || !is.switches()) {
            ahead.release();
            badAnswer();
            return;
        }
        request.forget();
        reply.becomesTunnel(is);
        var made = new Tunnel(client, with, wantsWebSocket, loop.limits().idle(), () -> course.settle(false));
        tunnel = made;
        with.becomes(made);
        client.becomes(made);
        made.fromService(ahead);
    }

    // ends

    void clientGone() {
        if (!course.isOver()) {
            course.abandon(false);
        }
    }

    /** The time of the drain is over. An event stream is ended in order: who listens to it connects again. */
    void cutOff() {
        if (tunnel != null) {
            tunnel.cut();
        } else if (!reply.wasSeen()) {
            course.end(Page.TOO_LATE);
        } else if (reply.endEventStream()) {
            course.finish();
        } else {
            course.cut();
        }
    }

    void late() {
        if (search.leaveLine()) {
            course.end(course.sent() > 0 ? Page.BROKE_OFF : Page.NOT_READY);
        } else if (reply.wasSeen()) {
            course.cut();
        } else if (course.service() != null && !request.isWhole() && !isBlocked()) {
            course.end(Page.SLOW_REQUEST);
        } else {
            course.end(Page.TOO_LATE);
        }
    }
}
