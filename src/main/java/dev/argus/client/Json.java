package dev.argus.client;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value. What is asked for and is not there is null or empty: a client goes on with what an older or a newer
 * server says.
 */
final class Json {
    private static final Json NOTHING = new Json(null);

    /** Map of String to value, List of values, String, Long, Double, Boolean or null. */
    private final @Nullable Object value;

    private Json(@Nullable Object value) {
        this.value = value;
    }

    /** null. */
    static Json nothing() {
        return NOTHING;
    }

    /**
     * Reads one value.
     *
     * @throws JsonException if the text is no JSON
     */
    static Json read(String text) throws JsonException {
        return new Json(new JsonReader(text).read());
    }

    private Map<?, ?> fields() {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    Json at(String key) {
        Object field = fields().get(key);
        return field == null ? NOTHING : new Json(field);
    }

    /** The names of an object's fields in their order. */
    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        for (Object key : fields().keySet()) {
            keys.add(String.valueOf(key));
        }
        return keys;
    }

    List<Json> items() {
        List<Json> items = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object item : list) {
                items.add(new Json(item));
            }
        }
        return items;
    }

    boolean isNull() {
        return value == null;
    }

    boolean isObject() {
        return value instanceof Map;
    }

    boolean isArray() {
        return value instanceof List;
    }

    boolean isNumber() {
        return value instanceof Number;
    }

    /** The text of this value alone, null if it is no string. */
    @Nullable
    String string() {
        return value instanceof String text ? text : null;
    }

    /** A field as people read it, null if it is not there; objects and arrays as JSON. */
    @Nullable
    String text(String key) {
        Json field = at(key);
        return field.isNull() ? null : field.shown();
    }

    String text(String key, String otherwise) {
        String text = text(key);
        return text == null ? otherwise : text;
    }

    /** This value as people read it. */
    String shown() {
        return value instanceof Map || value instanceof List ? write(value) : String.valueOf(value);
    }

    long number(String key, long otherwise) {
        return at(key).value instanceof Number number ? number.longValue() : otherwise;
    }

    double decimal(String key, double otherwise) {
        return at(key).value instanceof Number number ? number.doubleValue() : otherwise;
    }

    boolean flag(String key) {
        return Boolean.TRUE.equals(at(key).value);
    }

    /** The same as maps, lists, texts, numbers and booleans. */
    @Nullable
    Object plain() {
        return value;
    }

    /** Writes maps, iterables, texts, numbers, booleans, null and values of this class. */
    static String write(@Nullable Object plain) {
        return JsonWriter.write(plain);
    }
}
