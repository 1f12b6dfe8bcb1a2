package dev.argus.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Sizes and times, read and written as people do. */
final class Units {
    private static final String[] NAMES = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Units() {}

    /** {@code 256MiB} in bytes; a number alone is bytes. */
    static @Nullable Long size(String text) {
        int digits = 0;
        while (digits < text.length() && (Character.isDigit(text.charAt(digits)) || text.charAt(digits) == '.')) {
            digits++;
        }
        long factor = factor(text.substring(digits).strip());
        if (digits == 0 || factor == 0) {
            return null;
        }
        try {
            return (long) (Double.parseDouble(text.substring(0, digits)) * factor);
        } catch (NumberFormatException e) {
            return null; // "1.2.3": the caller says what it wants instead
        }
    }

    private static long factor(String unit) {
        return switch (unit) {
            case "", "B" -> 1;
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            case "TiB" -> 1L << 40;
            case "kB", "KB" -> 1_000L;
            case "MB" -> 1_000_000L;
            case "GB" -> 1_000_000_000L;
            case "TB" -> 1_000_000_000_000L;
            default -> 0;
        };
    }

    /** Bytes as {@code 1.5 GiB}. */
    static String bytes(long bytes) {
        int unit = 0;
        double value = bytes;
        while (value >= 1024 && unit < NAMES.length - 1) {
            value /= 1024;
            unit++;
        }
        String number = unit == 0 ? Long.toString(bytes) : oneDecimal(value);
        return number + " " + NAMES[unit];
    }

    static String oneDecimal(double value) {
        long tenths = Math.round(value * 10);
        String sign = tenths < 0 ? "-" : "";
        return sign + Math.abs(tenths) / 10 + "." + Math.abs(tenths) % 10;
    }

    /** {@code 0.4 s}, {@code 1 min 5 s}, {@code 3 h 2 min}, {@code 2 d 4 h}. */
    static String duration(long millis) {
        long seconds = millis / 1000;
        if (seconds < 60) {
            return oneDecimal(millis / 1000.0) + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        if (seconds < 86_400) {
            return seconds / 3600 + " h " + seconds / 60 % 60 + " min";
        }
        return seconds / 86_400 + " d " + seconds / 3600 % 24 + " h";
    }

    /** Milliseconds between two RFC 3339 times, the second one now if null; null if one cannot be read. */
    static @Nullable Long between(@Nullable String from, @Nullable String to) {
        Instant start = instant(from);
        Instant end = to == null ? Instant.now() : instant(to);
        return start == null || end == null
                ? null
                : Math.max(0, Duration.between(start, end).toMillis());
    }

    private static @Nullable Instant instant(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return null; // a time that is no time is shown as nothing
        }
    }

    /** {@code 2026-11-23T02:20:35.123Z} as {@code 2026-11-23 02:20:35}. */
    static String moment(@Nullable String time) {
        if (time == null) {
            return "";
        }
        return time.length() < 19 || time.charAt(10) != 'T'
                ? time
                : time.substring(0, 10) + " " + time.substring(11, 19);
    }

    static @Nullable Integer whole(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            return null; // the caller says what it wants instead
        }
    }
}
