package dev.argus.control;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Picks out of the end of a service's log the line that says why it ended. Pure. */
public final class LastWords {
    /** How many lines of the log it wants to see. */
    static final int LINES = 60;

    private static final int LONGEST = 300;
    private static final Pattern CRASH = Pattern.compile("(panic|fatal error): .+");
    private static final Pattern USAGE = Pattern.compile("(?i)usage( of .*)?:.*");
    private static final Pattern COLOUR = Pattern.compile("\\u001b\\[[0-9;?]*[A-Za-z]");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    private LastWords() {}

    /**
     * The line, made safe to show and at most 300 characters long: of a crash its first line, else the last one before a description
     * of the usage, else the last one.
     */
    public static Optional<String> of(List<String> log) {
        List<String> lines = log.stream()
                .map(line ->
                        CONTROL.matcher(COLOUR.matcher(line).replaceAll("")).replaceAll(" "))
                .filter(line -> !line.isBlank())
                .toList();
        return last(lines, LastWords::isCrash)
                .or(() -> last(beforeUsage(lines), line -> !Character.isWhitespace(line.charAt(0))))
                .or(() -> last(lines, line -> true))
                .map(String::strip)
                .map(line -> line.length() > LONGEST ? line.substring(0, LONGEST - 1) + "…" : line);
    }

    private static boolean isCrash(String line) {
        return CRASH.matcher(line).matches();
    }

    /** What was said before the usage was, where that ends the log; programs say it at length after one line that matters. */
    private static List<String> beforeUsage(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (USAGE.matcher(lines.get(i).strip()).matches()) {
                boolean endsTheLog = lines.subList(i + 1, lines.size()).stream()
                        .allMatch(line -> Character.isWhitespace(line.charAt(0)) || line.endsWith(":"));
                return endsTheLog && i > 0 ? lines.subList(0, i) : lines;
            }
        }
        return lines;
    }

    private static Optional<String> last(List<String> lines, Predicate<String> wanted) {
        return lines.reversed().stream().filter(wanted).findFirst();
    }
}
