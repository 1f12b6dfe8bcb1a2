package dev.argus.traffic.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** The head of a message that goes out, as it grows. Made once and used again and again. */
final class HeadWriter {
    /** A head that came, and what the proxy adds to it. */
    private static final int LONGEST = ProxyLimits.LONGEST_ANSWER_HEAD + 2 * 1024;

    private final byte[] bytes = new byte[LONGEST];
    private final byte[] digits = new byte[20];
    private int length;

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    HeadWriter begin() {
        length = 0;
        return this;
    }

    HeadWriter put(byte[] source, int from, int to) {
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
        return this;
    }

    HeadWriter put(byte[] text) {
        return put(text, 0, text.length);
    }

    HeadWriter put(long number) {
        int at = digits.length;
        long rest = number;
        do {
            at--;
            digits[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        return put(digits, at, digits.length);
    }

    /** What has been put, in a buffer that has room for {@code more} bytes behind it. */
    ByteBuf end(ByteBufAllocator buffers, int more) {
        return buffers.directBuffer(length + more).writeBytes(bytes, 0, length);
    }
}
