package dev.argus.client;

/**
 * Makes text from services, repositories and servers harmless to a terminal: what could move the cursor, change the
 * title, or turn the direction of reading is shown with a backslash, as {@code \x1b}.
 */
final class Text {
    private Text() {}

    /** Text of several lines: line ends and tabs stay. */
    static String safe(String text) {
        return escaped(text, true);
    }

    /** Text that has to stay on its line, so that it cannot forge another one. */
    static String line(String text) {
        return escaped(text, false);
    }

    private static String escaped(String text, boolean lines) {
        for (int i = 0; i < text.length(); i++) {
            if (dangerous(text.charAt(i), lines)) {
                return escapedFrom(i, text, lines);
            }
        }
        return text;
    }

    private static String escapedFrom(int first, String text, boolean lines) {
        StringBuilder safe = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!dangerous(c, lines)) {
                safe.append(c);
            } else if (c == '\r') {
                safe.append("\\r");
            } else if (c == '\n') {
                safe.append("\\n");
            } else if (c == '\t') {
                safe.append("\\t");
            } else if (c < 0x100) {
                safe.append("\\x").append(hex(c >> 4)).append(hex(c));
            } else {
                safe.append("\\u")
                        .append(hex(c >> 12))
                        .append(hex(c >> 8))
                        .append(hex(c >> 4))
                        .append(hex(c));
            }
        }
        return safe.toString();
    }

    private static boolean dangerous(char c, boolean lines) {
        if (c < 0x20) {
            return !lines || (c != '\n' && c != '\t');
        }
        return (c >= 0x7f && c < 0xa0)
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0x200e
                || c == 0x200f
                || c == 0x061c
                || c == 0x2028
                || c == 0x2029;
    }

    private static char hex(int digit) {
        return "0123456789abcdef".charAt(digit & 0xf);
    }

    /** Hides what must not be seen: the given token, everything that looks like one, and passwords in URLs. */
    static String withoutSecrets(String text, String... tokens) {
        String hidden = text;
        for (String token : tokens) {
            if (token.length() >= 4) {
                hidden = hidden.replace(token, "***");
            }
        }
        return withoutPasswords(withoutTokens(hidden));
    }

    private static String withoutTokens(String text) {
        int start = text.indexOf("eyJ");
        if (start < 0) {
            return text;
        }
        StringBuilder hidden = new StringBuilder();
        int from = 0;
        while (start >= 0) {
            int end = start;
            while (end < text.length() && tokenCharacter(text.charAt(end))) {
                end++;
            }
            while (text.charAt(end - 1) == '.') {
                end--; // that of the sentence
            }
            if (end - start > 20) {
                hidden.append(text, from, start).append("***");
                from = end;
            }
            start = text.indexOf("eyJ", end);
        }
        return hidden.append(text, from, text.length()).toString();
    }

    private static boolean tokenCharacter(char c) {
        return (c >= '0' && c <= '9')
                || (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || c == '.'
                || c == '-'
                || c == '_';
    }

    /** {@code https://user:password@host} becomes {@code https://user:***@host}. */
    static String withoutPasswords(String text) {
        int scheme = text.indexOf("://");
        if (scheme < 0) {
            return text;
        }
        StringBuilder hidden = new StringBuilder();
        int from = 0;
        while (scheme >= 0) {
            int start = scheme + 3;
            int colon = -1;
            int i = start;
            for (; i < text.length() && !endsAuthority(text.charAt(i)); i++) {
                if (text.charAt(i) == ':' && colon < 0) {
                    colon = i;
                } else if (text.charAt(i) == '@' && colon >= 0) {
                    hidden.append(text, from, colon + 1).append("***");
                    from = i;
                }
            }
            scheme = text.indexOf("://", i);
        }
        return hidden.append(text, from, text.length()).toString();
    }

    private static boolean endsAuthority(char c) {
        return c == '/' || c == ' ' || c == '?' || c == '#' || c == '"' || c == '\n';
    }
}
