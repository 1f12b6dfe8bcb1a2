package dev.argus.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code /proc/PID/stat} says about one process.
 *
 * @param command the name of the program (at most 15 bytes), which the process may choose freely
 * @param state one letter of the kernel: R, S, D, T, Z…
 * @param cpuTicks time spent in user and kernel mode, in clock ticks
 * @param startTicks when it was started, in clock ticks since boot
 * @param residentPages pages of memory in use
 */
public record ProcessStat(
        long pid,
        String command,
        char state,
        long parent,
        long group,
        long session,
        long cpuTicks,
        long startTicks,
        long residentPages) {

    private static final Path PROC = Path.of("/proc");

    /** Empty when there is no such process (any more). */
    public static Optional<ProcessStat> of(long pid) {
        try {
            return parse(text(PROC.resolve(Long.toString(pid)).resolve("stat")));
        } catch (IOException _) {
            // a process may go at any moment: then there is no such process
            return Optional.empty();
        }
    }

    /**
     * Reads one line of {@code /proc/PID/stat}. The name of the program may hold spaces, parentheses and line ends: it ends at the last
     * parenthesis.
     *
     * @return empty when the text is not such a line or not a whole one
     */
    public static Optional<ProcessStat> parse(String text) {
        int open = text.indexOf('(');
        int close = text.lastIndexOf(')');
        if (open < 2 || close < open || close + 2 > text.length()) {
            return Optional.empty();
        }
        String[] fields = text.substring(close + 2).trim().split(" ", -1);
        if (fields.length < 22 || fields[0].length() != 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProcessStat(
                    Long.parseLong(text.substring(0, open - 1)),
                    text.substring(open + 1, close),
                    fields[0].charAt(0),
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
                    Long.parseLong(fields[19]),
                    Long.parseLong(fields[21])));
        } catch (NumberFormatException _) {
            // not a line of the kernel, which is what empty says
            return Optional.empty();
        }
    }

    /** False for a zombie, which has ended and only waits to be reaped. */
    public boolean isAlive() {
        return state != 'Z' && state != 'X' && state != 'x';
    }

    /** A file of {@code /proc}; its bytes need not be UTF-8. */
    static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
