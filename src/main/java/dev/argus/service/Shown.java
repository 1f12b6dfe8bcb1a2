package dev.argus.service;

/** How a value that somebody else wrote is shown inside a sentence: short and without control characters. */
public final class Shown {
    private static final int LONGEST = 80;

    private Shown() {}

    /** The text in double quotes; control characters become spaces, and what is longer than 80 characters is cut. */
    public static String quoted(String text) {
        return "\"" + plain(text) + "\"";
    }

    /** The text without quotes; control characters become spaces, and what is longer than 80 characters is cut. */
    public static String plain(String text) {
        String cut = text.length() > LONGEST ? text.substring(0, LONGEST - 1) + "…" : text;
        var shown = new StringBuilder(cut.length());
        cut.codePoints()
                .forEach(point -> shown.appendCodePoint(
                        Character.isISOControl(point) || Character.getType(point) == Character.FORMAT ? ' ' : point));
        return shown.toString();
    }
}
