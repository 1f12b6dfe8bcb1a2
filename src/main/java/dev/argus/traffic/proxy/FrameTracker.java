package dev.argus.traffic.proxy;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of a WebSocket in one direction (RFC 6455, 5.2), only to know when one has ended: a frame of our own may stand there and
 * nowhere else.
 */
final class FrameTracker {
    private long payloadLeft;
    private int headLength = 2;
    private int headSeen;
    private int second;
    private long length;

    /** Takes in what is sent, without using it up. */
    void sent(ByteBuf buffer) {
        int at = buffer.readerIndex();
        int end = buffer.writerIndex();
        while (at < end) {
            if (payloadLeft > 0) {
                int taken = (int) Math.min(payloadLeft, end - at);
                payloadLeft -= taken;
                at += taken;
            } else {
                head(buffer.getUnsignedByte(at));
                at++;
            }
        }
    }

    private void head(int octet) {
        if (headSeen == 1) {
            second = octet;
            int extended = (octet & 0x7F) == 126 ? 2 : (octet & 0x7F) == 127 ? 8 : 0;
            headLength = 2 + extended + ((octet & 0x80) == 0 ? 0 : 4);
            length = extended == 0 ? octet & 0x7F : 0;
        } else if (headSeen > 1 && headSeen < headLength - ((second & 0x80) == 0 ? 0 : 4)) {
            length = (length << 8) | octet;
        }
        headSeen++;
        if (headSeen == headLength) {
            payloadLeft = Math.max(0, length);
            headSeen = 0;
            headLength = 2;
        }
    }

    /** Whether the last frame has ended and no other has begun. */
    boolean isBetweenFrames() {
        return payloadLeft == 0 && headSeen == 0;
    }
}
