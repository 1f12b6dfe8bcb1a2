package dev.argus.client;

import java.io.IOException;

/** A text is not JSON; its message says why, in few words. */
final class JsonException extends IOException {
    private final int line;
    private final int column;

    /** @param position in the text, from 0 */
    JsonException(String reason, String text, int position) {
        super(reason);
        int lines = 1;
        int start = 0;
        for (int i = 0; i < Math.min(position, text.length()); i++) {
            if (text.charAt(i) == '\n') {
                lines++;
                start = i + 1;
            }
        }
        line = lines;
        column = position - start + 1;
    }

    /** Counted from 1. */
    int line() {
        return line;
    }

    /** Counted from 1. */
    int column() {
        return column;
    }
}
