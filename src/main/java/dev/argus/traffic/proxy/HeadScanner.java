package dev.argus.traffic.proxy;

/**
 * Looks for the empty line that ends the head of a message, as its bytes come, each byte once. What is no text is refused here: lines that end
 * otherwise than with CR LF, and control characters.
 */
final class HeadScanner {
    /** The end is not there yet. */
    static final int MORE = -1;
    /** This is no head of a message. */
    static final int BAD = -2;

    private int scanned;
    private int lineLength;
    private boolean carriageReturn;
    private boolean firstLine = true;

    /** How many bytes of this head it has seen. */
    int scanned() {
        return scanned;
    }

    boolean isInFirstLine() {
        return firstLine;
    }

    /** Begins the next head. */
    void reset() {
        scanned = 0;
        lineLength = 0;
        carriageReturn = false;
        firstLine = true;
    }

    /**
     * Goes on with the bytes from {@link #scanned} to {@code to}, which stand at their place in the head.
     *
     * @return the length of the head, its last line included, or one of {@link #MORE} and {@link #BAD}
     */
    int scan(byte[] bytes, int to) {
        int length = lineLength;
        boolean cr = carriageReturn;
        for (int i = scanned; i < to; i++) {
            int c = bytes[i];
            if (cr) {
                if (c != '\n') {
                    return BAD;
                }
                if (length == 0) {
                    return firstLine ? BAD : i + 1;
                }
                cr = false;
                firstLine = false;
                length = 0;
            } else if (c == '\r') {
                cr = true;
            } else if ((c >= 0 && c < ' ' && c != '\t') || c == 0x7F) {
                return BAD;
            } else {
                length++;
            }
        }
        scanned = to;
        lineLength = length;
        carriageReturn = cr;
        return MORE;
    }
}
