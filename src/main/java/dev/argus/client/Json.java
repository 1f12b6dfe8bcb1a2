package dev.argus.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value. What is asked for and is not there is null or empty: a client goes on with what an older or a newer
 * server says.
 */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final Json NOTHING = new Json(null);

    /** Map of String to Json, List of Json, String, Long, Double, Boolean or null. */
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
     * @throws IOException if the text is no JSON
     */
    static Json read(String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new IOException("it is empty");
            }
            Json value = value(parser, token);
            if (parser.nextToken() != null) {
                throw new IOException("something follows its end");
            }
            return value;
        }
    }

    private static Json value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> new Json(parser.getText());
            case VALUE_NUMBER_INT -> new Json(parser.getNumberValue().longValue());
            case VALUE_NUMBER_FLOAT -> new Json(parser.getDoubleValue());
            case VALUE_TRUE -> new Json(true);
            case VALUE_FALSE -> new Json(false);
            default -> NOTHING;
        };
    }

    private static Json object(JsonParser parser) throws IOException {
        Map<String, Json> fields = new LinkedHashMap<>();
        String key;
        while ((key = parser.nextFieldName()) != null) {
            fields.put(key, value(parser, parser.nextToken()));
        }
        return new Json(fields);
    }

    private static Json array(JsonParser parser) throws IOException {
        List<Json> items = new ArrayList<>();
        JsonToken token;
        while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
            items.add(value(parser, token));
        }
        return new Json(items);
    }

    private Map<?, ?> fields() {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    Json at(String key) {
        return fields().get(key) instanceof Json json ? json : NOTHING;
    }

    /** The names of an object's fields in their order. */
    Set<String> keys() {
        Set<String> keys = new java.util.LinkedHashSet<>();
        for (Object key : fields().keySet()) {
            keys.add(String.valueOf(key));
        }
        return keys;
    }

    List<Json> items() {
        List<Json> items = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Json json) {
                    items.add(json);
                }
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
        return value instanceof Map || value instanceof List ? write(plain()) : String.valueOf(value);
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

    /** The same as maps, lists, strings, numbers and booleans, which {@link #write} takes. */
    @Nullable
    Object plain() {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> plain = new LinkedHashMap<>();
            for (Map.Entry<?, ?> field : map.entrySet()) {
                plain.put(String.valueOf(field.getKey()), ((Json) field.getValue()).plain());
            }
            return plain;
        }
        if (value instanceof List<?>) {
            List<@Nullable Object> plain = new ArrayList<>();
            for (Json item : items()) {
                plain.add(item.plain());
            }
            return plain;
        }
        return value;
    }

    /** Writes maps, collections, strings, numbers, booleans and null. */
    static String write(@Nullable Object plain) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            write(generator, plain);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("a StringWriter cannot fail", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator generator, @Nullable Object plain) throws IOException {
        switch (plain) {
            case null -> generator.writeNull();
            case Json json -> write(generator, json.plain());
            case Map<?, ?> map -> {
                generator.writeStartObject();
                for (Map.Entry<?, ?> field : map.entrySet()) {
                    generator.writeFieldName(String.valueOf(field.getKey()));
                    write(generator, field.getValue());
                }
                generator.writeEndObject();
            }
            case Iterable<?> list -> {
                generator.writeStartArray();
                for (Object item : list) {
                    write(generator, item);
                }
                generator.writeEndArray();
            }
            case Double number -> generator.writeNumber(number);
            case Number number -> generator.writeNumber(number.longValue());
            case Boolean flag -> generator.writeBoolean(flag);
            default -> generator.writeString(plain.toString());
        }
    }
}
