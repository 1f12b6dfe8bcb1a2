package dev.argus.traffic.proxy;

/** What a header is to the proxy. */
enum HeaderKind {
    /** Nothing: it goes on as it is. */
    OTHER,
    /** Concerns one connection only (RFC 9110, 7.6.1), or only the proxy may say it: it stays behind. */
    DROPPED,
    HOST,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    CONNECTION,
    UPGRADE,
    ACCEPT,
    EXPECT,
    CONTENT_TYPE;

    /** The kind of a header that a client sent. */
    static HeaderKind ofRequest(byte[] bytes, int from, int to) {
        HeaderKind kind = known(bytes, from, to);
        if (kind == OTHER && isOfTheProxy(bytes, from, to)) {
            return DROPPED;
        }
        // some services take Content_Length for Content-Length and so on; the proxy does not, so they must not see it
        return kind != OTHER && hasUnderscore(bytes, from, to) ? DROPPED : kind;
    }

    /** The kind of a header that a service sent. */
    static HeaderKind ofAnswer(byte[] bytes, int from, int to) {
        HeaderKind kind = known(bytes, from, to);
        return kind != OTHER && hasUnderscore(bytes, from, to) ? OTHER : kind;
    }

    private static HeaderKind known(byte[] bytes, int from, int to) {
        return switch (to - from) {
            case 2 -> is(bytes, from, "te") ? DROPPED : OTHER;
            case 4 -> is(bytes, from, "host") ? HOST : OTHER;
            case 6 -> is(bytes, from, "accept") ? ACCEPT : is(bytes, from, "expect") ? EXPECT : OTHER;
            case 7 -> is(bytes, from, "upgrade") ? UPGRADE : is(bytes, from, "trailer") ? DROPPED : OTHER;
            case 10 -> is(bytes, from, "connection") ? CONNECTION : is(bytes, from, "keep-alive") ? DROPPED : OTHER;
            case 12 -> is(bytes, from, "content-type") ? CONTENT_TYPE : OTHER;
            case 14 ->
                is(bytes, from, "content-length")
                        ? CONTENT_LENGTH
                        : is(bytes, from, "http2-settings") ? DROPPED : OTHER;
            case 16 -> is(bytes, from, "proxy-connection") ? DROPPED : OTHER;
            case 17 -> is(bytes, from, "transfer-encoding") ? TRANSFER_ENCODING : OTHER;
            case 18 -> is(bytes, from, "proxy-authenticate") ? DROPPED : OTHER;
            case 19 -> is(bytes, from, "proxy-authorization") ? DROPPED : OTHER;
            default -> OTHER;
        };
    }

    /** By which clients would say who they are; and Proxy, which becomes HTTP_PROXY in programs that speak CGI. */
    private static boolean isOfTheProxy(byte[] bytes, int from, int to) {
        int length = to - from;
        return switch (length) {
            case 5 -> is(bytes, from, "proxy");
            case 9 -> is(bytes, from, "forwarded") || is(bytes, from, "x-real-ip") || is(bytes, from, "x-argus-", 8);
            case 11 -> is(bytes, from, "x-client-ip") || is(bytes, from, "x-argus-", 8);
            default ->
                (length >= 8 && is(bytes, from, "x-argus-", 8))
                        || (length >= 12 && is(bytes, from, "x-forwarded-", 12));
        };
    }

    private static boolean is(byte[] bytes, int from, String name) {
        return is(bytes, from, name, name.length());
    }

    /** Whether the name begins so; letters of either case, and underscores for hyphens. */
    private static boolean is(byte[] bytes, int from, String name, int length) {
        for (int i = 0; i < length; i++) {
            int c = bytes[from + i];
            if (c >= 'A' && c <= 'Z') {
                c += 'a' - 'A';
            } else if (c == '_') {
                c = '-';
            }
            if (c != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasUnderscore(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '_') {
                return true;
            }
        }
        return false;
    }
}
