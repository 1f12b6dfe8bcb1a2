package dev.argus.config;

import dev.argus.service.Durations;
import dev.argus.service.InvalidValue;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An object of the file with its path; hands out values of the right type and remembers which keys it was asked for. */
final class Section {
    private static final Duration LONGEST = Duration.ofDays(365);

    private final String path;
    private final JsonObject json;
    private final Problems problems;
    private final Set<String> known = new HashSet<>();

    Section(String path, JsonObject json, Problems problems) {
        this.path = path;
        this.json = json;
        this.problems = problems;
    }

    /** Whatever is there; what is no object counts as an empty one. */
    Section(String path, @Nullable Object value, Problems problems) {
        this(path, value instanceof JsonObject object ? object : new JsonObject(), problems);
    }

    /** A value of any type; null where there is none. */
    @Nullable
    Object value(String key) {
        return take(key);
    }

    Section section(String key) {
        Object value = take(key);
        if (value != null && !(value instanceof JsonObject)) {
            wrong(key, "must be an object");
        }
        return new Section(path(key), value instanceof JsonObject object ? object : new JsonObject(), problems);
    }

    /** As {@link #section}, of what somebody else has complained about if it is no object. */
    Section quietSection(String key) {
        return new Section(path(key), take(key), problems);
    }

    /** An object that lies in it under a path of its own. */
    Section sectionOf(String at, @Nullable Object value) {
        return new Section(path(at), value, problems);
    }

    String text(String key, String otherwise) {
        Object value = take(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof String text && !text.isBlank()) {
            return text;
        }
        wrong(key, "must be a text");
        return otherwise;
    }

    String oneOf(String key, String otherwise, Set<String> allowed) {
        String value = text(key, otherwise);
        if (!allowed.contains(value)) {
            wrong(
                    key,
                    "must be one of "
                            + String.join(", ", allowed.stream().sorted().toList()));
            return otherwise;
        }
        return value;
    }

    int number(String key, int otherwise, int least, int most) {
        Object value = take(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number && number.doubleValue() == number.intValue()) {
            int whole = number.intValue();
            if (whole >= least && whole <= most) {
                return whole;
            }
        }
        wrong(key, "must be a whole number from " + least + " to " + most);
        return otherwise;
    }

    boolean flag(String key, boolean otherwise) {
        Object value = take(key);
        if (value == null || value instanceof Boolean) {
            return value == null ? otherwise : (Boolean) value;
        }
        wrong(key, "must be true or false");
        return otherwise;
    }

    Duration duration(String key, Duration otherwise, Duration least) {
        Object value = take(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof String text) {
            try {
                return Durations.parse(path(key), text, least, LONGEST);
            } catch (InvalidValue notADuration) {
                problems.add(path(key), notADuration.sentence());
                return otherwise;
            }
        }
        wrong(key, "must be a length of time such as \"2s\"");
        return otherwise;
    }

    <T> List<T> list(String key, List<T> otherwise, Function<Object, @Nullable T> element, String what) {
        Object value = take(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof JsonArray array) {
            List<T> result = new ArrayList<>();
            for (Object item : array) {
                T converted = item == null ? null : element.apply(item);
                if (converted == null) {
                    wrong(key, "must be " + what);
                    return otherwise;
                }
                result.add(converted);
            }
            return result;
        }
        wrong(key, "must be " + what);
        return otherwise;
    }

    /** Leaves a key to somebody else. */
    void ignore(String key) {
        known.add(key);
    }

    void wrong(String key, String sentence) {
        problems.add(path(key), sentence + ".");
    }

    /** Complains about every key that nobody asked for; to be called last. */
    void refuseTheRest() {
        for (String key : json.fieldNames()) {
            if (!known.contains(key)) {
                problems.add(
                        path(key),
                        "is not known here; known are "
                                + String.join(", ", known.stream().sorted().toList()) + ".");
            }
        }
    }

    private @Nullable Object take(String key) {
        known.add(key);
        return json.getValue(key);
    }

    private String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
