package dev.argus.service;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them: a whole or decimal number and one of {@code ms s m h d}. */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,3}))?(ms|s|m|h|d)");

    private Durations() {}

    /**
     * The length of time that {@code text} says, for example {@code 500ms}, {@code 2s}, {@code 1.5m}.
     *
     * @throws InvalidValue of {@code field}
     */
    public static Duration parse(String field, String text) {
        Matcher parts = FORM.matcher(text.strip());
        if (!parts.matches()) {
            throw new InvalidValue(
                    field,
                    field + " is " + Shown.quoted(text)
                            + ", which is no length of time; write for example \"500ms\", \"10s\" or \"2m\".");
        }
        long unit = millisOf(parts.group(3));
        String fraction = parts.group(2);
        long millis = Long.parseLong(parts.group(1)) * unit;
        if (fraction != null) {
            millis += Long.parseLong((fraction + "00").substring(0, 3)) * unit / 1000;
        }
        return Duration.ofMillis(millis);
    }

    /**
     * Like {@link #parse}, and within bounds.
     *
     * @throws InvalidValue of {@code field}, naming the bounds
     */
    public static Duration parse(String field, String text, Duration least, Duration most) {
        Duration duration = parse(field, text);
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw new InvalidValue(
                    field,
                    field + " is " + Shown.quoted(text) + "; it must be between " + format(least) + " and "
                            + format(most) + ".");
        }
        return duration;
    }

    /** The shortest text that {@link #parse} reads back as the same, to the millisecond. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        for (String unit : new String[] {"d", "h", "m", "s"}) {
            if (millis != 0 && millis % millisOf(unit) == 0) {
                return millis / millisOf(unit) + unit;
            }
        }
        return millis + "ms";
    }

    private static long millisOf(String unit) {
        return switch (unit) {
            case "s" -> 1000L;
            case "m" -> 60_000L;
            case "h" -> 3_600_000L;
            case "d" -> 86_400_000L;
            default -> 1L;
        };
    }
}
