package dev.argus.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON as RFC 8259 has it, and nothing else; a key that stands twice in an object is an error.
 *
 * <p>Jackson would do it too, but it initialises BigDecimal and regular expressions first, which takes 15 ms, a quarter of
 * what {@code argus-client ls} takes with the start of the JVM.
 */
final class JsonReader {
    private static final int DEEPEST = 200;

    private final String text;
    private int position;
    private int depth;

    JsonReader(String text) {
        this.text = text;
    }

    /**
     * Reads the one value that the text has to be.
     *
     * @return Map of String to value, List of values, String, Long, Double, Boolean or null
     */
    @Nullable
    Object read() throws JsonException {
        Object value = value();
        skipSpace();
        if (position < text.length()) {
            throw wrong("something follows its end");
        }
        return value;
    }

    private @Nullable Object value() throws JsonException {
        skipSpace();
        char c = position < text.length() ? text.charAt(position) : '\0';
        return switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private @Nullable Object word(String word, @Nullable Object value) throws JsonException {
        if (!text.startsWith(word, position)) {
            throw wrong("a value is missing");
        }
        position += word.length();
        return value;
    }

    private Map<String, @Nullable Object> object() throws JsonException {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        open();
        if (!closes('}')) {
            do {
                skipSpace();
                if (position == text.length() || text.charAt(position) != '"') {
                    throw wrong("a name in quotation marks is missing");
                }
                int start = position;
                String key = string();
                skipSpace();
                expect(':');
                Object value = value();
                if (fields.containsKey(key)) {
                    position = start;
                    throw wrong("\"" + key + "\" stands there twice");
                }
                fields.put(key, value);
            } while (continues('}'));
        }
        depth--;
        return fields;
    }

    private List<@Nullable Object> array() throws JsonException {
        List<@Nullable Object> items = new ArrayList<>();
        open();
        if (!closes(']')) {
            do {
                items.add(value());
            } while (continues(']'));
        }
        depth--;
        return items;
    }

    private void open() throws JsonException {
        if (++depth > DEEPEST) {
            throw wrong("it is nested too deeply");
        }
        position++;
    }

    private boolean closes(char end) {
        skipSpace();
        if (position < text.length() && text.charAt(position) == end) {
            position++;
            return true;
        }
        return false;
    }

    private boolean continues(char end) throws JsonException {
        if (closes(end)) {
            return false;
        }
        expect(',');
        return true;
    }

    private void expect(char wanted) throws JsonException {
        if (position == text.length() || text.charAt(position) != wanted) {
            throw wrong("'" + wanted + "' is missing");
        }
        position++;
    }

    private String string() throws JsonException {
        int start = ++position;
        StringBuilder unescaped = null;
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c == '"') {
                String rest = text.substring(start, position++);
                return unescaped == null ? rest : unescaped.append(rest).toString();
            }
            if (c < ' ') {
                throw wrong("a control character stands in a text");
            }
            if (c == '\\') {
                unescaped = unescaped == null ? new StringBuilder() : unescaped;
                unescaped.append(text, start, position++).append(escaped());
                start = position;
            } else {
                position++;
            }
        }
        throw wrong("a text has no end");
    }

    private char escaped() throws JsonException {
        char c = position < text.length() ? text.charAt(position++) : '\0';
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> codeUnit();
            default -> throw wrong("an escape is not known");
        };
    }

    private char codeUnit() throws JsonException {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = position < text.length() ? Character.digit(text.charAt(position), 16) : -1;
            if (digit < 0 || text.charAt(position) > 'f') {
                throw wrong("an escape is not known");
            }
            unit = unit * 16 + digit;
            position++;
        }
        return (char) unit;
    }

    private Object number() throws JsonException {
        int start = position;
        accept('-');
        int first = position;
        int digits = digits();
        if (digits == 0 || (digits > 1 && text.charAt(first) == '0')) {
            position = start;
            throw wrong("a value is missing");
        }
        boolean whole = true;
        if (accept('.')) {
            whole = false;
            needDigits();
        }
        if (accept('e') || accept('E')) {
            whole = false;
            if (!accept('+')) {
                accept('-');
            }
            needDigits();
        }
        String number = text.substring(start, position);
        return whole && digits <= 18 ? (Object) Long.valueOf(number) : (Object) Double.valueOf(number);
    }

    private void needDigits() throws JsonException {
        if (digits() == 0) {
            throw wrong("a digit is missing");
        }
    }

    private int digits() {
        int start = position;
        while (position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9') {
            position++;
        }
        return position - start;
    }

    private boolean accept(char c) {
        if (position < text.length() && text.charAt(position) == c) {
            position++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (position < text.length() && isSpace(text.charAt(position))) {
            position++;
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private JsonException wrong(String reason) {
        return new JsonException(position == text.length() ? "it ends too early" : reason, text, position);
    }
}
