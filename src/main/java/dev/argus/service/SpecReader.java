package dev.argus.service;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads typed values out of a JSON object and says by path what is wrong with one. */
final class SpecReader {
    private final JsonObject json;
    private final String path;

    SpecReader(JsonObject json, String path) {
        this.json = json;
        this.path = path;
    }

    String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    void refuseOtherKeysThan(Set<String> known) {
        for (String key : json.fieldNames()) {
            if (!known.contains(key)) {
                String field = at(Shown.plain(key));
                throw new InvalidValue(
                        field,
                        field + " is not known here; known are "
                                + known.stream().sorted().collect(Collectors.joining(", ")) + ".");
            }
        }
    }

    @Nullable
    String text(String key, int longest) {
        Object value = json.getValue(key);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text)) {
            throw wrong(key, "must be text; put it into quotes");
        }
        if (text.isBlank() || text.length() > longest) {
            throw wrong(key, "must have 1 to " + longest + " characters");
        }
        return text;
    }

    @Nullable
    Integer integer(String key, int least, int most) {
        Object value = json.getValue(key);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Integer || value instanceof Long)) {
            throw wrong(key, "must be a whole number between " + least + " and " + most);
        }
        long number = ((Number) value).longValue();
        if (number < least || number > most) {
            throw wrong(key, "is " + number + "; it must be between " + least + " and " + most);
        }
        return (int) number;
    }

    @Nullable
    Double decimal(String key, double least, double most) {
        Object value = json.getValue(key);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Number number) || !(number.doubleValue() >= least && number.doubleValue() <= most)) {
            throw wrong(key, "must be a number between " + least + " and " + most);
        }
        return number.doubleValue();
    }

    @Nullable
    Boolean flag(String key) {
        Object value = json.getValue(key);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        throw wrong(key, "must be true or false");
    }

    /** The object under the key, empty where there is none. */
    SpecReader object(String key) {
        Object value = json.getValue(key);
        if (value == null) {
            return new SpecReader(new JsonObject(), at(key));
        }
        if (value instanceof JsonObject object) {
            return new SpecReader(object, at(key));
        }
        throw wrong(key, "must be an object in braces");
    }

    /** The array under the key, empty where there is none. */
    JsonArray array(String key, int longest) {
        Object value = json.getValue(key);
        if (value == null) {
            return new JsonArray();
        }
        if (!(value instanceof JsonArray array)) {
            throw wrong(key, "must be an array in square brackets");
        }
        if (array.size() > longest) {
            throw wrong(key, "must have at most " + longest + " elements");
        }
        return array;
    }

    Map<String, Object> entries() {
        return json.getMap();
    }

    InvalidValue wrong(String key, String why) {
        return new InvalidValue(at(key), at(key) + " " + why + ".");
    }
}
