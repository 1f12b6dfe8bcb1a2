package dev.argus.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One row of an answer: values by column name, as text, {@code Long}, {@code Double}, bytes or null. */
public record Row(Map<String, @Nullable Object> values) {

    /** The text of {@code column}, which must not be null. */
    public String text(String column) {
        String text = optionalText(column);
        if (text == null) {
            throw new IllegalStateException("column " + column + " is null");
        }
        return text;
    }

    /** The text of {@code column} or null. */
    public @Nullable String optionalText(String column) {
        Object value = values.get(column);
        return value == null ? null : value.toString();
    }

    /** The number in {@code column}, which must not be null. */
    public long number(String column) {
        if (values.get(column) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalStateException("column " + column + " holds no number");
    }

    /** The number in {@code column} or null. */
    public @Nullable Long optionalNumber(String column) {
        return values.get(column) instanceof Number number ? number.longValue() : null;
    }

    /** The bytes in {@code column}, which must not be null. */
    public byte[] bytes(String column) {
        if (values.get(column) instanceof byte[] bytes) {
            return bytes;
        }
        throw new IllegalStateException("column " + column + " holds no bytes");
    }

    /** Whether {@code column} is not 0. */
    public boolean flag(String column) {
        return number(column) != 0;
    }
}
