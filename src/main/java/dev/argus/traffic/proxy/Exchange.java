package dev.argus.traffic.proxy;

import dev.argus.traffic.proxy.AnswerHead.Framing;
import dev.argus.traffic.proxy.Routes.Destination;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request and its answer: looks where it goes, waits where nobody is ready, is sent, and sent again where it cannot have been seen. */
// how a write or a close ends is seen where the connection becomes inactive
@SuppressWarnings("FutureReturnValueIgnored")
final class Exchange {
    private static final byte[] CONTINUE = HeadWriter.text("HTTP/1.1 100 Continue\r\n\r\n");
    private static final byte[] LAST_CHUNK = HeadWriter.text("0\r\n\r\n");
    private static final byte[] LINE_END = HeadWriter.text("\r\n");
    /** Parts up to this size are copied behind the head, which costs less than writing two buffers. */
    private static final int SMALL = 4 * 1024;

    /** How many instances in a row may not be reached before there is a pause. */
    private static final int MOST_MISSED = 3;

    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 320;

    private final Loop loop;
    private final ClientConnection client;
    private final String host;
    private final int pathFrom;
    private final int pathTo;
    private final boolean old;
    private final boolean keepAlive;
    private final boolean idempotent;
    private final boolean headOnly;
    private final boolean wantsJson;
    private final boolean wantsOtherProtocol;
    private final boolean wantsWebSocket;
    private final Body body = new Body();
    private final Body answer = new Body();
    private final long begunNanos = System.nanoTime();

    /** For the service; kept until the answer has begun. */
    private @Nullable ByteBuf head;
    /** What was sent of a body, as long as it may have to be sent again. */
    private @Nullable List<ByteBuf> sentBody;

    private int sentBytes;
    private boolean forgotBody;
    private boolean expectsContinue;

    /** The head of the answer, as long as the client need not see it: who dies behind it has not answered. */
    private @Nullable ByteBuf answerHead;

    private @Nullable Backend backend;
    private @Nullable Backend avoided;
    private @Nullable ServiceConnection service;
    private @Nullable Tunnel tunnel;
    private @Nullable Line line;
    private @Nullable Line heldIn;
    private int sent;
    private int missed;
    private int pauses;
    private boolean answered;
    private boolean rechunked;
    private boolean eventStream;
    private boolean reusable;
    private boolean closing;
    private boolean failed;
    private boolean over;

    Exchange(Loop loop, ClientConnection client, RequestHead request) {
        this.loop = loop;
        this.client = client;
        host = request.host();
        old = request.isOld();
        keepAlive = request.keepsAlive();
        idempotent = request.isIdempotent();
        headOnly = request.isHead();
        wantsJson = request.wantsJson();
        wantsOtherProtocol = request.wantsOtherProtocol();
        wantsWebSocket = request.wantsWebSocket();
        expectsContinue = request.expectsContinue();
        request.describe(body);
        request.write(loop.writer, client.whoAsks());
        pathFrom = request.pathFrom();
        pathTo = request.pathTo();
        head = loop.writer.end(client.channel().alloc(), 0);
    }

    // where it goes

    /** Looks in the table of now where it goes, and sends it there. */
    void look() {
        ByteBuf known = head;
        if (known == null) {
            throw new IllegalStateException("a request whose answer has begun is not sent again");
        }
        Destination to = loop.routes().find(host, known, pathFrom, pathTo);
        if (to == null) {
            end(Page.UNKNOWN_HOST);
            return;
        }
        line = to.line();
        if (to.isStopped()) {
            end(Page.STOPPED);
            return;
        }
        Backend chosen = missed < MOST_MISSED ? to.choose(loop.nextTurn(), avoided) : null;
        if (chosen == null) {
            hold(to);
            return;
        }
        backend = chosen;
        chosen.begun();
        ServiceConnection kept = loop.take(chosen, idempotent);
        if (kept != null) {
            send(kept);
        } else {
            client.waitUntil(begunNanos + loop.limits().hold().toNanos());
            loop.connect(chosen, this);
        }
    }

    private void hold(Destination to) {
        if (loop.isStopping()) {
            end(Page.NOT_READY);
        } else if (System.nanoTime() - begunNanos > loop.limits().hold().toNanos()) {
            end(sent > 0 ? Page.BROKE_OFF : Page.NOT_READY);
        } else if (!to.line().enter()) {
            end(Page.TOO_MANY);
        } else {
            heldIn = to.line();
            loop.hold(this);
            client.waitUntil(begunNanos + loop.limits().hold().toNanos());
            if (avoided != null) {
                // it is said to be ready and was not reached: its table may be late, or the service slow to listen
                long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(pauses, 8));
                pauses++;
                loop.events().schedule(this::lookAgain, pause, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Something has changed, or time has passed. */
    void lookAgain() {
        if (leaveLine()) {
            avoided = null;
            missed = 0;
            look();
        }
    }

    private boolean leaveLine() {
        Line held = heldIn;
        if (held == null) {
            return false;
        }
        heldIn = null;
        held.leave();
        loop.release(this);
        return true;
    }

    boolean isWithOneOf(Set<Backend> some) {
        return backend != null && some.contains(backend);
    }

    // to the service

    void reached(ServiceConnection connection) {
        if (over) {
            loop.keep(connection);
        } else {
            send(connection);
        }
    }

    void notReached() {
        if (!over) {
            avoided = backend;
            missed++;
            giveUp();
            look();
        }
    }

    private void send(ServiceConnection to) {
        service = to;
        sent++;
        to.begins(this);
        ByteBuf known = head;
        if (known != null) {
            to.write(known.readerIndex(0).retain());
        }
        if (sentBody != null) {
            sentBody.forEach(part -> to.write(part.retainedDuplicate()));
        }
        to.flush();
        client.waitAtMost(
                body.hasEnded() ? loop.limits().answer() : loop.limits().idle());
        if (!body.hasEnded()) {
            if (expectsContinue) {
                expectsContinue = false;
                client.write(
                        client.channel().alloc().directBuffer(CONTINUE.length).writeBytes(CONTINUE));
                client.flush();
            }
            client.advance();
        }
    }

    /** Sends on what came of the request's body; false, because what is left is not of this request. */
    boolean takeBody(ByteBuf in) {
        ServiceConnection to = service;
        if (to == null || body.hasEnded()) {
            return false;
        }
        for (ByteBuf part = body.take(in); part != null; part = body.take(in)) {
            remember(part);
            to.write(part);
        }
        if (body.isBad()) {
            if (wasSeen()) {
                cut();
            } else {
                end(Page.NOT_HTTP);
            }
            return false;
        }
        to.flush();
        if (!answered) {
            // who does not read is the service, where it is blocked
            client.waitAtMost(
                    body.hasEnded() || isBlocked()
                            ? loop.limits().answer()
                            : loop.limits().idle());
        }
        return false;
    }

    private void remember(ByteBuf part) {
        if (!idempotent || wasSeen() || forgotBody) {
            return;
        }
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

    private void forgetRequest() {
        forgetBody();
        if (head != null) {
            head.release();
            head = null;
        }
    }

    /** Whether the service reads slower than the client sends. */
    boolean isBlocked() {
        return service != null && !body.hasEnded() && !service.isWritable();
    }

    void serviceWritable() {
        if (!answered && !body.hasEnded()) {
            client.waitAtMost(
                    isBlocked() ? loop.limits().answer() : loop.limits().idle());
        }
        client.advance();
    }

    /** The connection has ended while it had this request. */
    void serviceGone(ServiceConnection gone) {
        if (over) {
            return;
        }
        service = null;
        if (wasSeen()) {
            if (answer.lastsUntilTheEnd() && !gone.isBroken()) {
                answer.end();
                reusable = false;
                if (rechunked) {
                    client.write(client.channel()
                            .alloc()
                            .directBuffer(LAST_CHUNK.length)
                            .writeBytes(LAST_CHUNK));
                }
                client.flush();
                finish();
            } else {
                cut();
            }
            return;
        }
        boolean nothing = answered || !gone.wasHeard();
        answered = false;
        dropAnswerHead();
        boolean again = idempotent && !forgotBody && nothing && sent < ProxyLimits.MOST_SENT;
        if (!again) {
            end(Page.BROKE_OFF);
            return;
        }
        if (gone.wasUsedBefore()) {
            // it was kept too long; the instance itself may well be there
            loop.dropKept(gone.backend());
        } else {
            avoided = backend;
        }
        giveUp();
        look();
    }

    private void giveUp() {
        Backend left = backend;
        backend = null;
        service = null;
        if (left != null) {
            left.givenUp();
        }
    }

    // to the client

    boolean isAnswered() {
        return answered;
    }

    /** Whether the client has seen something of the answer. */
    private boolean wasSeen() {
        return answered && answerHead == null;
    }

    private void dropAnswerHead() {
        if (answerHead != null) {
            answerHead.release();
            answerHead = null;
        }
    }

    void badAnswer() {
        end(Page.BAD_ANSWER);
    }

    /** The head of the answer is there, and behind it perhaps a part of its body. */
    void answered(AnswerHead is, ByteBuf in) {
        answered = true;
        failed = is.status() >= 500;
        eventStream = is.isEventStream();
        Framing framing = framing(is);
        reusable = is.keepsAlive() && !answer.lastsUntilTheEnd();
        closing = !keepAlive || !body.hasEnded() || loop.isStopping() || framing == Framing.BY_CLOSING;
        is.write(loop.writer, framing, closing);
        boolean bodyFollows = framing == Framing.AS_LENGTH && !answer.hasEnded();
        int room = (int) Math.min(bodyFollows ? is.length() : in.readableBytes(), SMALL);
        ByteBuf out = loop.writer.end(client.channel().alloc(), room);
        if (bodyFollows && !in.isReadable()) {
            answerHead = out;
            client.waitAtMost(loop.limits().answer());
        } else {
            firstSeen();
            sendOn(out, in);
        }
    }

    private void firstSeen() {
        forgetRequest();
        client.waitForEver();
    }

    private Framing framing(AnswerHead is) {
        if (headOnly || is.status() == 204 || is.status() == 304) {
            answer.none();
            return Framing.NONE;
        }
        if (is.isChunked()) {
            answer.chunked(true);
            return Framing.AS_CHUNKS;
        }
        if (is.length() >= 0) {
            answer.length(is.length());
            return Framing.AS_LENGTH;
        }
        answer.untilTheEnd();
        rechunked = !old;
        return rechunked ? Framing.AS_CHUNKS : Framing.BY_CLOSING;
    }

    void answerGoesOn(ByteBuf in) {
        ByteBuf before = answerHead;
        if (before != null) {
            answerHead = null;
            firstSeen();
        }
        sendOn(before, in);
    }

    private void sendOn(@Nullable ByteBuf before, ByteBuf in) {
        ByteBuf out = before;
        for (ByteBuf part = answer.take(in); part != null; part = answer.take(in)) {
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
        if (answer.isBad()) {
            cut();
        } else if (answer.hasEnded()) {
            reusable &= !in.isReadable();
            finish();
        }
    }

    private void writeChunk(@Nullable ByteBuf before, ByteBuf part) {
        if (before != null) {
            client.write(before);
        }
        byte[] size = HeadWriter.text(Integer.toHexString(part.readableBytes()) + "\r\n");
        client.write(client.channel().alloc().directBuffer(size.length).writeBytes(size));
        client.write(part);
        client.write(client.channel().alloc().directBuffer(LINE_END.length).writeBytes(LINE_END));
    }

    void clientWritable(boolean writable) {
        if (wasSeen() && service != null) {
            service.setReading(writable);
            if (writable) {
                client.waitForEver();
            } else {
                client.waitAtMost(loop.limits().idle());
            }
        }
    }

    /** The service speaks another protocol on this connection from now on; takes over what came of it already. */
    void switched(AnswerHead is, ByteBuf ahead) {
        ServiceConnection with = service;
        if (with == null || !wantsOtherProtocol || !is.switches()) {
            ahead.release();
            badAnswer();
            return;
        }
        answered = true;
        forgetRequest();
        is.writeSwitch(loop.writer);
        client.write(loop.writer.end(client.channel().alloc(), 0));
        client.flush();
        var made = new Tunnel(client, with, wantsWebSocket, loop.limits().idle(), () -> settle(false));
        tunnel = made;
        with.becomes(made);
        client.becomes(made);
        made.fromService(ahead);
    }

    /** The answer has been written as a whole. */
    private void finish() {
        ServiceConnection from = service;
        settle(failed);
        if (from != null) {
            if (reusable && body.hasEnded()) {
                loop.keep(from);
            } else {
                from.close();
            }
        }
        client.ended(closing);
    }

    // ends

    /** Counts it, once. */
    private void settle(boolean asFailure) {
        Line of = line;
        if (of != null) {
            line = null;
            of.ended(asFailure);
        }
        over = true;
        service = null;
        forgetRequest();
        dropAnswerHead();
        leaveLine();
        Backend had = backend;
        backend = null;
        if (had != null) {
            had.ended(System.nanoTime() - begunNanos, asFailure);
        }
    }

    /** Ends it with an answer of the proxy itself. */
    private void end(Page page) {
        ServiceConnection had = service;
        settle(page.isFailure());
        if (had != null) {
            had.close();
        }
        boolean close = !keepAlive || !body.hasEnded() || loop.isStopping();
        client.answer(page, wantsJson, headOnly, close);
        client.ended(close);
    }

    /** Ends it in the middle of its answer. */
    private void cut() {
        ServiceConnection had = service;
        settle(true);
        if (had != null) {
            had.close();
        }
        client.close();
    }

    void clientGone() {
        if (!over) {
            ServiceConnection had = service;
            settle(false);
            if (had != null) {
                had.close();
            }
        }
    }

    /** The time of the drain is over. An event stream is ended in order: who listens to it connects again. */
    void cutOff() {
        if (tunnel != null) {
            tunnel.cut();
        } else if (!wasSeen()) {
            end(Page.TOO_LATE);
        } else if (eventStream && answer.isBetweenChunks()) {
            client.write(
                    client.channel().alloc().directBuffer(LAST_CHUNK.length).writeBytes(LAST_CHUNK));
            client.flush();
            reusable = false;
            closing = true;
            finish();
        } else {
            cut();
        }
    }

    void late() {
        if (leaveLine()) {
            end(sent > 0 ? Page.BROKE_OFF : Page.NOT_READY);
        } else if (wasSeen()) {
            cut();
        } else if (service != null && !body.hasEnded() && !isBlocked()) {
            end(Page.SLOW_REQUEST);
        } else {
            end(Page.TOO_LATE);
        }
    }
}
