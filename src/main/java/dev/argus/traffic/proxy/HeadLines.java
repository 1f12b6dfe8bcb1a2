package dev.argus.traffic.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header lines of one message, as places in an array of bytes that {@link HeadScanner} has looked through. Made once and read into again and
 * again. Only what RFC 9112 allows is read; lines that continue the one before (obs-fold) are not.
 */
final class HeadLines {
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c : "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private final int[] nameFrom = new int[ProxyLimits.MOST_HEADERS];
    private final int[] nameTo = new int[ProxyLimits.MOST_HEADERS];
    private final int[] valueFrom = new int[ProxyLimits.MOST_HEADERS];
    private final int[] valueTo = new int[ProxyLimits.MOST_HEADERS];
    private final HeaderKind[] kinds = new HeaderKind[ProxyLimits.MOST_HEADERS];
    private byte[] bytes = new byte[0];
    private int count;
    private int end;
    private boolean tooMany;

    HeadLines() {
        Arrays.fill(kinds, HeaderKind.OTHER);
    }

    static boolean isToken(int c) {
        return c >= 0 && TOKEN[c];
    }

    /** Reads the lines from {@code from} on; {@code to} is behind the empty line. False when one is malformed or there are {@link #areTooMany}. */
    boolean read(byte[] source, int from, int to, boolean ofRequest) {
        bytes = source;
        count = 0;
        tooMany = false;
        int at = from;
        end = to - 2;
        while (at < end) {
            if (count == ProxyLimits.MOST_HEADERS) {
                tooMany = true;
                return false;
            }
            int name = at;
            while (isToken(source[at])) {
                at++;
            }
            if (at == name || source[at] != ':') {
                return false;
            }
            nameFrom[count] = name;
            nameTo[count] = at;
            kinds[count] = ofRequest ? HeaderKind.ofRequest(source, name, at) : HeaderKind.ofAnswer(source, name, at);
            at++;
            while (isBlank(source[at])) {
                at++;
            }
            int value = at;
            while (source[at] != '\r') {
                at++;
            }
            int last = at;
            while (last > value && isBlank(source[last - 1])) {
                last--;
            }
            valueFrom[count] = value;
            valueTo[count] = last;
            count++;
            at += 2;
        }
        return true;
    }

    boolean areTooMany() {
        return tooMany;
    }

    int count() {
        return count;
    }

    HeaderKind kind(int line) {
        return kinds[line];
    }

    int valueFrom(int line) {
        return valueFrom[line];
    }

    int valueTo(int line) {
        return valueTo[line];
    }

    static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }

    /** Whether the value is this word, of lower-case letters, in letters of either case. */
    boolean valueIs(int line, String word) {
        return isWord(valueFrom[line], valueTo[line], word);
    }

    boolean isWord(int from, int to, String word) {
        return to - from == word.length() && startsWith(from, to, word);
    }

    boolean valueStartsWith(int line, String word) {
        return startsWith(valueFrom[line], valueTo[line], word);
    }

    private boolean startsWith(int from, int to, String word) {
        if (to - from < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (lower(bytes[from + i]) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    boolean valueContains(int line, String word) {
        for (int from = valueFrom[line]; from <= valueTo[line] - word.length(); from++) {
            if (startsWith(from, valueTo[line], word)) {
                return true;
            }
        }
        return false;
    }

    static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }

    /** The number in the value of a Content-Length, or -1 when it is none. */
    long length(int line) {
        int from = valueFrom[line];
        int to = valueTo[line];
        if (from == to || to - from > 18) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** Whether a list of words, as in Connection, has this one. */
    boolean lists(int line, String word) {
        int at = valueFrom[line];
        int last = valueTo[line];
        while (at < last) {
            int to = endOfWord(at, last);
            if (isWord(at, trimmed(at, to), word)) {
                return true;
            }
            at = nextWord(to, last);
        }
        return false;
    }

    /** Drops the headers that the list in this Connection header declares to concern this connection only. */
    void dropThoseNamedIn(int line) {
        int at = valueFrom[line];
        int last = valueTo[line];
        while (at < last) {
            int to = endOfWord(at, last);
            int wordTo = trimmed(at, to);
            for (int other = 0; other < count; other++) {
                boolean goesOn = kinds[other] == HeaderKind.OTHER
                        || kinds[other] == HeaderKind.ACCEPT
                        || kinds[other] == HeaderKind.CONTENT_TYPE;
                if (goesOn && isSame(nameFrom[other], nameTo[other], at, wordTo)) {
                    kinds[other] = HeaderKind.DROPPED;
                }
            }
            at = nextWord(to, last);
        }
    }

    private int endOfWord(int from, int last) {
        int to = from;
        while (to < last && bytes[to] != ',') {
            to++;
        }
        return to;
    }

    private int trimmed(int from, int to) {
        int last = to;
        while (last > from && isBlank(bytes[last - 1])) {
            last--;
        }
        return last;
    }

    private int nextWord(int comma, int last) {
        int at = comma + 1;
        while (at < last && isBlank(bytes[at])) {
            at++;
        }
        return at;
    }

    private boolean isSame(int from, int to, int otherFrom, int otherTo) {
        if (to - from != otherTo - otherFrom) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (lower(bytes[from + i]) != lower(bytes[otherFrom + i])) {
                return false;
            }
        }
        return true;
    }

    String value(int line) {
        return new String(bytes, valueFrom[line], valueTo[line] - valueFrom[line], StandardCharsets.ISO_8859_1);
    }

    /** Writes the lines that go on, as they came; lines beside each other are copied together. */
    void writeOn(HeadWriter out) {
        int from = -1;
        for (int line = 0; line < count; line++) {
            boolean goesOn = switch (kinds[line]) {
                case OTHER, ACCEPT, CONTENT_TYPE -> true;
                default -> false;
            };
            if (goesOn && from < 0) {
                from = nameFrom[line];
            } else if (!goesOn && from >= 0) {
                out.put(bytes, from, nameFrom[line]);
                from = -1;
            }
        }
        if (from >= 0) {
            out.put(bytes, from, end);
        }
    }
}
