package dev.argus.service;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of memory or disk in bytes. */
public record ByteSize(long bytes) {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,12})(?:\\.(\\d{1,3}))?\\s?([kKMGT]i?B?|B)?", Pattern.UNICODE_CHARACTER_CLASS);
    private static final long LARGEST = 1L << 50;

    /**
     * The amount that {@code text} says: {@code 256MiB} and {@code 256Mi} count by 1024, {@code 10MB} and {@code 10M} by 1000,
     * a number alone is bytes.
     *
     * @throws InvalidValue of {@code field}
     */
    public static ByteSize parse(String field, String text) {
        Matcher parts = FORM.matcher(text.strip());
        if (!parts.matches()) {
            throw refused(field, text);
        }
        double factor = factor(parts.group(3) == null ? "" : parts.group(3));
        double number = Double.parseDouble(parts.group(1) + "." + (parts.group(2) == null ? "0" : parts.group(2)));
        if (number * factor > LARGEST) {
            throw refused(field, text);
        }
        return new ByteSize(Math.round(number * factor));
    }

    private static InvalidValue refused(String field, String text) {
        return new InvalidValue(
                field,
                field + " is " + Shown.quoted(text) + ", which is no size; write for example \"256MiB\" or \"1GiB\".");
    }

    private static double factor(String unit) {
        double base = unit.contains("i") ? 1024 : 1000;
        return switch (unit.isEmpty() ? 'B' : Character.toUpperCase(unit.charAt(0))) {
            case 'K' -> base;
            case 'M' -> base * base;
            case 'G' -> base * base * base;
            case 'T' -> base * base * base * base;
            default -> 1;
        };
    }

    /** The shortest text that {@link #parse} reads back as the same. */
    @Override
    public String toString() {
        String[] units = {"TiB", "GiB", "MiB", "KiB"};
        for (int i = 0; i < units.length; i++) {
            long unit = 1L << (10 * (units.length - i));
            if (bytes >= unit && bytes % unit == 0) {
                return String.format(Locale.ROOT, "%d%s", bytes / unit, units[i]);
            }
        }
        return bytes + "B";
    }
}
