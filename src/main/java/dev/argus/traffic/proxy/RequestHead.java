package dev.argus.traffic.proxy;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, read strictly: whatever two readers could understand in two ways is refused. Made once and read into again and again;
 * what outlives the reading is taken out of it at once.
 */
final class RequestHead {
    private static final byte[] HTTP_1_1 = HeadWriter.text(" HTTP/1.1\r\nHost: ");
    private static final byte[] HTTP_1_0 = HeadWriter.text(" HTTP/1.0\r\nHost: ");
    private static final byte[] LINE_END = HeadWriter.text("\r\n");
    private static final byte[] LENGTH = HeadWriter.text("Content-Length: ");
    private static final byte[] CHUNKED = HeadWriter.text("Transfer-Encoding: chunked\r\n");
    private static final byte[] UPGRADE = HeadWriter.text("Connection: Upgrade\r\nUpgrade: ");
    private static final byte[] QUOTED_PROTO = HeadWriter.text("\";proto=http\r\nX-Forwarded-Host: ");
    private static final int LONGEST_HOST = 260;
    private static final int LONGEST_LINE = ProxyLimits.LONGEST_LINE;

    private final HeadLines lines = new HeadLines();
    private byte[] bytes = new byte[0];
    private int methodTo;
    private int targetFrom;
    private int targetTo;
    private int hostFrom;
    private int hostTo;
    private String host = "";
    private boolean http10;
    private boolean keepAlive;
    private boolean idempotent;
    private boolean head;
    private boolean wantsJson;
    private boolean expectsContinue;
    private boolean chunked;
    private long length;
    private boolean lengthGiven;
    private int upgrade;
    private int pathFrom;
    private int pathTo;

    /** Reads a head that {@link HeadScanner} has found, up to {@code to}; answers with what is wrong with it, or null. */
    @Nullable
    Page read(byte[] source, int to) {
        bytes = source;
        wantsJson = false;
        Page wrong = requestLine();
        if (wrong != null) {
            return wrong;
        }
        int from = targetTo + " HTTP/1.1\r\n".length();
        if (!lines.read(source, from, to, true)) {
            return lines.areTooMany() ? Page.TOO_MANY_HEADERS : Page.NOT_HTTP;
        }
        return headers();
    }

    private @Nullable Page requestLine() {
        int at = 0;
        while (HeadLines.isToken(bytes[at])) {
            at++;
        }
        methodTo = at;
        if (at == 0 || bytes[at] != ' ') {
            return Page.NOT_HTTP;
        }
        targetFrom = at + 1;
        at = targetFrom;
        while (bytes[at] != ' ' && bytes[at] != '\r' && bytes[at] != '#') {
            at++;
        }
        targetTo = at;
        if (at > LONGEST_LINE) {
            return Page.LONG_ADDRESS;
        }
        if (at == targetFrom || !isAt(at, " HTTP/") || bytes[at + 7] != '.' || bytes[at + 9] != '\r') {
            return Page.NOT_HTTP;
        }
        int major = bytes[at + 6] - '0';
        int minor = bytes[at + 8] - '0';
        if (major < 0 || major > 9 || minor < 0 || minor > 9) {
            return Page.NOT_HTTP;
        }
        if (major != 1 || minor > 1) {
            return Page.OTHER_VERSION;
        }
        http10 = minor == 0;
        head = isMethod("HEAD");
        idempotent = head || isMethod("GET") || isMethod("PUT") || isMethod("DELETE") || isMethod("OPTIONS");
        return isMethod("CONNECT") || isMethod("TRACE") ? Page.NOT_FOR_US : null;
    }

    private boolean isAt(int from, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (bytes[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean isMethod(String name) {
        return methodTo == name.length() && isAt(0, name);
    }

    private @Nullable Page headers() {
        int hosts = 0;
        int lengths = 0;
        int encodings = 0;
        boolean encodingKnown = true;
        boolean connectionCloses = false;
        boolean connectionUpgrades = false;
        boolean unknownExpectation = false;
        upgrade = -1;
        length = 0;
        expectsContinue = false;
        for (int line = 0; line < lines.count(); line++) {
            switch (lines.kind(line)) {
                case HOST -> {
                    hosts++;
                    hostFrom = lines.valueFrom(line);
                    hostTo = lines.valueTo(line);
                }
                case CONTENT_LENGTH -> {
                    lengths++;
                    length = lines.length(line);
                }
                case TRANSFER_ENCODING -> {
                    encodings++;
                    encodingKnown = lines.valueIs(line, "chunked");
                }
                case CONNECTION -> {
                    connectionCloses |= lines.lists(line, "close");
                    connectionUpgrades |= lines.lists(line, "upgrade");
                    lines.dropThoseNamedIn(line);
                }
                case UPGRADE -> upgrade = line;
                case ACCEPT ->
                    wantsJson |= lines.valueContains(line, "json") && !lines.valueContains(line, "text/html");
                case EXPECT -> {
                    expectsContinue = lines.valueIs(line, "100-continue");
                    unknownExpectation |= !expectsContinue;
                }
                case OTHER, DROPPED, CONTENT_TYPE -> {
                    // goes on or not, and says nothing to the proxy
                }
            }
        }
        if (hosts != 1 || lengths > 1 || length < 0 || encodings > 1 || (lengths > 0 && encodings > 0)) {
            return Page.NOT_HTTP;
        }
        if (!encodingKnown || (encodings > 0 && http10)) {
            return Page.NOT_HTTP;
        }
        chunked = encodings > 0;
        lengthGiven = lengths > 0;
        keepAlive = !http10 && !connectionCloses;
        // h2c would be a way past everything that is checked here
        boolean otherProtocol = upgrade >= 0 && connectionUpgrades && !http10 && !chunked && length == 0;
        if (!otherProtocol || lines.valueStartsWith(upgrade, "h2")) {
            upgrade = -1;
        }
        if (!readTarget() || !readHost()) {
            return Page.NOT_HTTP;
        }
        return unknownExpectation ? Page.UNKNOWN_EXPECTATION : null;
    }

    /** Brings an address with scheme and host, as proxies are sent, into the usual form; its host must be that of the header. */
    private boolean readTarget() {
        int first = bytes[targetFrom];
        if (first == '/') {
            return true;
        }
        if (first == '*') {
            return targetTo == targetFrom + 1 && isMethod("OPTIONS");
        }
        int authority = targetFrom + "http://".length();
        if (targetTo <= authority || !lines.isWord(targetFrom, authority, "http://")) {
            return false;
        }
        int at = authority;
        while (at < targetTo && bytes[at] != '/' && bytes[at] != '?') {
            at++;
        }
        if (at - authority != hostTo - hostFrom) {
            return false;
        }
        for (int i = 0; i < at - authority; i++) {
            if (HeadLines.lower(bytes[authority + i]) != HeadLines.lower(bytes[hostFrom + i])) {
                return false;
            }
        }
        if (at == targetTo || bytes[at] == '?') {
            // there is room: the authority is no longer needed
            at--;
            bytes[at] = '/';
        }
        targetFrom = at;
        return true;
    }

    /** The name in the Host header: without port and final dot, in lower case. */
    private boolean readHost() {
        int to = hostTo;
        if (to == hostFrom || to - hostFrom > LONGEST_HOST) {
            return false;
        }
        int nameTo = bytes[hostFrom] == '[' ? endOfLiteral(to) : endOfName(to);
        if (nameTo < to && (bytes[nameTo] != ':' || !isPort(nameTo + 1, to))) {
            return false;
        }
        if (nameTo > hostFrom && bytes[nameTo - 1] == '.') {
            nameTo--;
        }
        boolean lower = true;
        for (int i = hostFrom; i < nameTo && lower; i++) {
            lower = bytes[i] < 'A' || bytes[i] > 'Z';
        }
        String name = new String(bytes, hostFrom, nameTo - hostFrom, StandardCharsets.ISO_8859_1);
        host = lower ? name : name.toLowerCase(java.util.Locale.ROOT);
        return !name.isEmpty();
    }

    private int endOfName(int to) {
        int at = hostFrom;
        while (at < to && (isLetterOrDigit(bytes[at]) || bytes[at] == '.' || bytes[at] == '-' || bytes[at] == '_')) {
            at++;
        }
        return at;
    }

    private int endOfLiteral(int to) {
        int at = hostFrom + 1;
        while (at < to && (isLetterOrDigit(bytes[at]) || bytes[at] == ':' || bytes[at] == '.')) {
            at++;
        }
        return at < to && bytes[at] == ']' ? at + 1 : hostFrom;
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private boolean isPort(int from, int to) {
        if (to - from > 5) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes the head for the service: what goes on, and who asks.
     *
     * @param client what begins the lines about the client, up to the quotation mark before the host
     */
    void write(HeadWriter out, byte[] client) {
        out.begin().put(bytes, 0, methodTo + 1);
        pathFrom = methodTo + 1;
        out.put(bytes, targetFrom, targetTo);
        pathTo = pathFrom + targetTo - targetFrom;
        out.put(http10 ? HTTP_1_0 : HTTP_1_1).put(bytes, hostFrom, hostTo).put(LINE_END);
        lines.writeOn(out);
        out.put(client).put(bytes, hostFrom, hostTo).put(QUOTED_PROTO);
        out.put(bytes, hostFrom, hostTo).put(LINE_END);
        if (chunked) {
            out.put(CHUNKED);
        } else if (lengthGiven) {
            out.put(LENGTH).put(length).put(LINE_END);
        }
        if (upgrade >= 0) {
            out.put(UPGRADE)
                    .put(bytes, lines.valueFrom(upgrade), lines.valueTo(upgrade))
                    .put(LINE_END);
        }
        out.put(LINE_END);
    }

    /** Where the path begins in what was written. */
    int pathFrom() {
        return pathFrom;
    }

    int pathTo() {
        return pathTo;
    }

    void describe(Body body) {
        if (chunked) {
            body.chunked(false);
        } else {
            body.length(length);
        }
    }

    String host() {
        return host;
    }

    /** Whether it is HTTP/1.0, which has neither chunks nor connections that stay. */
    boolean isOld() {
        return http10;
    }

    boolean keepsAlive() {
        return keepAlive;
    }

    /** Whether it may be sent twice (RFC 9110, 9.2.2). */
    boolean isIdempotent() {
        return idempotent;
    }

    boolean isHead() {
        return head;
    }

    boolean wantsJson() {
        return wantsJson;
    }

    boolean expectsContinue() {
        return expectsContinue;
    }

    /** Whether it asks for another protocol on its connection. */
    boolean wantsOtherProtocol() {
        return upgrade >= 0;
    }

    boolean wantsWebSocket() {
        return upgrade >= 0 && lines.valueIs(upgrade, "websocket");
    }
}
