package dev.argus.traffic.proxy;

/** The head of a service's answer. Made once and read into again and again; what outlives the reading is taken out of it at once. */
final class AnswerHead {
    private static final byte[] HTTP_1_1 = HeadWriter.text("HTTP/1.1");
    private static final byte[] LINE_END = HeadWriter.text("\r\n");
    private static final byte[] LENGTH = HeadWriter.text("Content-Length: ");
    private static final byte[] CHUNKED = HeadWriter.text("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = HeadWriter.text("Connection: close\r\n");
    private static final byte[] UPGRADE = HeadWriter.text("Connection: Upgrade\r\nUpgrade: ");
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int REASON_AT = STATUS_AT + 3;

    /** How the body is delimited towards the client. */
    enum Framing {
        AS_LENGTH,
        AS_CHUNKS,
        BY_CLOSING,
        /** There is no body, whatever the headers would say of one. */
        NONE
    }

    private final HeadLines lines = new HeadLines();
    private byte[] bytes = new byte[0];
    private int lineTo;
    private int status;
    private boolean keepAlive;
    private boolean chunked;
    private boolean eventStream;
    private long length;
    private int upgrade;

    /** Reads a head that {@link HeadScanner} has found, up to {@code to}; false when it is not one that HTTP allows. */
    boolean read(byte[] source, int to) {
        bytes = source;
        if (!statusLine()) {
            return false;
        }
        if (!lines.read(source, lineTo + 2, to, false)) {
            return false;
        }
        return headers(bytes[7] == '0');
    }

    private boolean statusLine() {
        for (int i = 0; i < 7; i++) {
            if (bytes[i] != HTTP_1_1[i]) {
                return false;
            }
        }
        boolean version = bytes[7] == '1' || bytes[7] == '0';
        if (!version || bytes[8] != ' ') {
            return false;
        }
        status = 0;
        for (int i = STATUS_AT; i < REASON_AT; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            status = status * 10 + digit;
        }
        int at = REASON_AT;
        if (status < 100 || (bytes[at] != ' ' && bytes[at] != '\r')) {
            return false;
        }
        while (bytes[at] != '\r') {
            at++;
        }
        lineTo = at;
        return true;
    }

    private boolean headers(boolean http10) {
        int encodings = 0;
        boolean encodingKnown = true;
        boolean closes = false;
        boolean stays = false;
        chunked = false;
        eventStream = false;
        length = -1;
        upgrade = -1;
        for (int line = 0; line < lines.count(); line++) {
            switch (lines.kind(line)) {
                case CONTENT_LENGTH -> {
                    long given = lines.length(line);
                    if (given < 0 || (length >= 0 && length != given)) {
                        return false;
                    }
                    length = given;
                }
                case TRANSFER_ENCODING -> {
                    encodings++;
                    encodingKnown = lines.valueIs(line, "chunked");
                }
                case CONNECTION -> {
                    closes |= lines.lists(line, "close");
                    stays |= lines.lists(line, "keep-alive");
                    lines.dropThoseNamedIn(line);
                }
                case UPGRADE -> upgrade = line;
                case CONTENT_TYPE -> eventStream = lines.valueStartsWith(line, "text/event-stream");
                case OTHER, DROPPED, HOST, ACCEPT, EXPECT -> {
                    // goes on or not, and says nothing to the proxy
                }
            }
        }
        if (encodings > 1 || !encodingKnown || (encodings > 0 && http10)) {
            return false;
        }
        chunked = encodings > 0;
        // who says both of where its answer ends is believed the one that RFC 9112 prefers, and nothing more
        keepAlive = http10 ? stays && !closes : !closes && !(chunked && length >= 0);
        return true;
    }

    /** Writes the head for the client. */
    void write(HeadWriter out, Framing framing, boolean closing) {
        out.begin().put(HTTP_1_1).put(bytes, STATUS_AT - 1, lineTo);
        if (lineTo == REASON_AT) {
            // the blank is not optional
            out.put(bytes, STATUS_AT - 1, STATUS_AT);
        }
        out.put(LINE_END);
        lines.writeOn(out);
        if (framing == Framing.AS_CHUNKS) {
            out.put(CHUNKED);
        } else if (length >= 0 && !chunked && framing != Framing.BY_CLOSING && status != 204) {
            out.put(LENGTH).put(length).put(LINE_END);
        }
        if (closing) {
            out.put(CLOSE);
        }
        out.put(LINE_END);
    }

    /** Writes the head that switches the connection to another protocol. */
    void writeSwitch(HeadWriter out) {
        out.begin().put(HTTP_1_1).put(bytes, STATUS_AT - 1, lineTo).put(LINE_END);
        lines.writeOn(out);
        out.put(UPGRADE).put(bytes, lines.valueFrom(upgrade), lines.valueTo(upgrade));
        out.put(LINE_END).put(LINE_END);
    }

    int status() {
        return status;
    }

    /** Whether it switches to another protocol, which must be named. */
    boolean switches() {
        return status == 101 && upgrade >= 0;
    }

    boolean keepsAlive() {
        return keepAlive;
    }

    boolean isChunked() {
        return chunked;
    }

    /** The length of the body, or -1 when none is given. */
    long length() {
        return length;
    }

    boolean isEventStream() {
        return eventStream;
    }
}
