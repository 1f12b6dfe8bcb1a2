package dev.argus.process;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts bytes into lines. A line that is longer than 16 KiB is handed on in pieces, so that one without end needs no memory. */
final class LineSplitter {
    /** The longest piece of a line, in bytes. */
    static final int LONGEST = 16 * 1024;

    /** Ends a piece whose line goes on with the next one. */
    static final String GOES_ON = " …";

    private static final int INITIAL = 256;

    private byte[] line = new byte[INITIAL];
    private int length;

    /** Hands on every line that ends within these bytes, and every piece that is full; the rest is kept for the next ones. */
    void accept(byte[] bytes, int count, Consumer<String> lines) {
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, start, i - start, lines);
                lines.accept(take());
                start = i + 1;
            }
        }
        keep(bytes, start, count - start, lines);
    }

    /** Hands on what follows the last line end, where there is something. */
    void finish(Consumer<String> lines) {
        if (length > 0) {
            lines.accept(take());
        }
    }

    /** How many bytes are kept for the next ones. */
    int pending() {
        return length;
    }

    /** Forgets the beginning of a line whose end will not come. */
    void reset() {
        length = 0;
    }

    private void keep(byte[] bytes, int start, int count, Consumer<String> lines) {
        int at = start;
        int left = count;
        while (left > 0) {
            if (length == LONGEST) {
                lines.accept(takePiece());
            }
            int part = Math.min(left, LONGEST - length);
            makeRoom(length + part);
            System.arraycopy(bytes, at, line, length, part);
            length += part;
            at += part;
            left -= part;
        }
    }

    private void makeRoom(int wanted) {
        if (wanted > line.length) {
            line = java.util.Arrays.copyOf(line, Math.min(LONGEST, Math.max(wanted, 2 * line.length)));
        }
    }

    private String takePiece() {
        int end = wholeCharacters();
        String text = new String(line, 0, end, StandardCharsets.UTF_8) + GOES_ON;
        System.arraycopy(line, end, line, 0, length - end);
        length -= end;
        return text;
    }

    /** Up to where no character is cut in two. */
    private int wholeCharacters() {
        int end = length;
        while (end > length - 4 && (line[end - 1] & 0xC0) == 0x80) {
            end--;
        }
        boolean beginsOne = (line[end - 1] & 0xC0) == 0xC0;
        return beginsOne ? end - 1 : length;
    }

    private String take() {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        length = 0;
        return new String(line, 0, end, StandardCharsets.UTF_8);
    }
}
