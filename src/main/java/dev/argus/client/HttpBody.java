package dev.argus.client;

import java.io.IOException;
import java.io.InputStream;

/** The body of an answer: of a known length, in chunks, or up to the end of the connection. */
final class HttpBody extends InputStream {
    private final Wire wire;
    private final boolean chunked;
    private long left;
    private boolean ended;

    /** @param length of the body, -1 if it is not known */
    HttpBody(Wire wire, long length, boolean chunked) {
        this.wire = wire;
        this.chunked = chunked;
        this.left = chunked ? 0 : length;
        this.ended = !chunked && length == 0;
    }

    @Override
    public int read() throws IOException {
        if (!more()) {
            return -1;
        }
        int next = wire.read();
        took(1);
        return next;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!more()) {
            return -1;
        }
        int count = wire.read(into, offset, left < 0 ? length : (int) Math.min(length, left));
        took(count);
        return count;
    }

    private boolean more() throws IOException {
        if (chunked && left == 0 && !ended) {
            nextChunk();
        }
        if (left < 0 && !ended) {
            ended = wire.atEnd(); // that is how a body of unknown length ends
        }
        return !ended;
    }

    private void took(int count) throws IOException {
        if (left < 0) {
            return;
        }
        left -= count;
        if (left == 0) {
            if (chunked) {
                wire.line(); // at once: whoever waits for the next event must not find the end of this one
            } else {
                ended = true;
            }
        }
    }

    private void nextChunk() throws IOException {
        String line = wire.line();
        int semicolon = line.indexOf(';');
        try {
            left = Long.parseLong((semicolon < 0 ? line : line.substring(0, semicolon)).strip(), 16);
        } catch (NumberFormatException e) {
            throw new IOException("a chunk of the answer has no length", e);
        }
        if (left == 0) {
            ended = true;
        }
    }
}
