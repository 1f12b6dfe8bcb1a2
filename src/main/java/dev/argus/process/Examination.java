package dev.argus.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks at living processes through {@code /proc}, without touching them. One examination serves the questions about several processes of the
 * same moment. What cannot be read, or is gone meanwhile, is left out; it stops at its deadline with what it has.
 */
public final class Examination {
    private static final Path PROC = Path.of("/proc");
    private static final int MOST_PROCESSES = 32;
    private static final int MOST_THREADS = 500;
    private static final int MOST_FILES = 20_000;
    private static final Pattern FIELD = Pattern.compile("(?m)^(\\w+):\\s*(\\d+)");
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files\\s+(\\d+)");

    private final SocketTable sockets = SocketTable.read();
    private final long deadlineNanos;

    /** An examination that ends at a moment of {@link System#nanoTime}. */
    public Examination(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    /** What can be seen of these, in their order; of more than 32 the first. */
    public List<ProcessEvidence> of(List<ProcessIdentity> processes) {
        List<ProcessEvidence> seen = new ArrayList<>();
        for (ProcessIdentity process : processes.subList(0, Math.min(MOST_PROCESSES, processes.size()))) {
            if (isOver()) {
                break;
            }
            process.stat().map(this::look).ifPresent(seen::add);
        }
        return seen;
    }

    /** Whether the deadline has come. */
    public boolean isOver() {
        return System.nanoTime() - deadlineNanos >= 0;
    }

    private ProcessEvidence look(ProcessStat stat) {
        Path directory = PROC.resolve(Long.toString(stat.pid()));
        Map<String, Long> status = numbers(read(directory.resolve("status")));
        var files = new TreeMap<String, Integer>();
        List<Socket> open = new ArrayList<>();
        int openFiles = files(directory.resolve("fd"), files, open);
        // listening ones first, then those with most to read
        open.sort(Comparator.comparingLong(socket -> socket.listens() ? Long.MIN_VALUE : -socket.receiveQueue()));
        return new ProcessEvidence(
                stat.pid(),
                stat.parent(),
                ListeningPorts.command(stat.pid()),
                word(stat.state()),
                status.getOrDefault("Threads", 1L).intValue(),
                waits(directory.resolve("task")),
                SystemCall.describe(read(directory.resolve("syscall"))),
                read(directory.resolve("stack"))
                        .lines()
                        .limit(30)
                        .map(line -> line.replaceFirst("^\\[<[0-9a-f]+>\\] ", ""))
                        .toList(),
                kibibytes(status, "VmRSS"),
                kibibytes(status, "VmHWM"),
                kibibytes(status, "VmSwap"),
                number(read(directory.resolve("oom_score"))).map(Long::intValue).orElse(null),
                openFiles,
                limit(read(directory.resolve("limits"))),
                files,
                open.subList(0, Math.min(ProcessEvidence.MOST_SOCKETS, open.size())),
                open.size());
    }

    static String word(char state) {
        return switch (state) {
            case 'R' -> "running";
            case 'S' -> "sleeping";
            case 'D' -> "disk-wait";
            case 'T' -> "stopped";
            case 't' -> "traced";
            case 'I' -> "idle";
            default -> Character.toString(state);
        };
    }

    private Map<String, Integer> waits(Path tasks) {
        var waits = new TreeMap<String, Integer>();
        int seen = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                if (++seen > MOST_THREADS || isOver()) {
                    break;
                }
                ProcessStat.parse(read(task.resolve("stat"))).ifPresent(stat -> {
                    String where = read(task.resolve("wchan")).trim();
                    String state = word(stat.state());
                    boolean known = !where.isEmpty() && !where.equals("0");
                    waits.merge(known ? state + " in " + where : state, 1, Integer::sum);
                });
            }
        } catch (IOException | DirectoryIteratorException _) {
            // it has ended meanwhile, or is not ours to look into: what was seen counts
            return waits;
        }
        return waits;
    }

    private int files(Path descriptors, Map<String, Integer> kinds, List<Socket> open) {
        int count = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : all) {
                if (++count > MOST_FILES || isOver()) {
                    break;
                }
                String target = Files.readSymbolicLink(descriptor).toString();
                kinds.merge(kind(target), 1, Integer::sum);
                if (target.startsWith("socket:[")) {
                    sockets.find(Long.parseLong(target.substring(8, target.length() - 1)))
                            .ifPresent(open::add);
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // it has ended meanwhile, or is not ours to look into: what was seen counts
            return count;
        }
        return count;
    }

    static String kind(String target) {
        if (target.startsWith("anon_inode:")) {
            return target.substring("anon_inode:".length()).replaceAll("[\\[\\]]", "");
        }
        int colon = target.indexOf(":[");
        if (colon > 0 && !target.startsWith("/")) {
            return target.substring(0, colon);
        }
        return target.startsWith("/dev/") ? "device" : target.endsWith(" (deleted)") ? "deleted" : "file";
    }

    private static Map<String, Long> numbers(String status) {
        var numbers = new TreeMap<String, Long>();
        Matcher field = FIELD.matcher(status);
        while (field.find()) {
            number(field.group(2)).ifPresent(value -> numbers.put(field.group(1), value));
        }
        return numbers;
    }

    private static long kibibytes(Map<String, Long> status, String field) {
        return status.getOrDefault(field, 0L) * 1024;
    }

    private static @Nullable Long limit(String limits) {
        Matcher files = OPEN_FILES.matcher(limits);
        return files.find() ? number(files.group(1)).orElse(null) : null;
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.valueOf(text.trim()));
        } catch (NumberFormatException _) {
            // not said, which is what empty says
            return Optional.empty();
        }
    }

    private static String read(Path file) {
        try {
            return ProcessStat.text(file);
        } catch (IOException _) {
            // not ours to read, or gone: one thing less that is known
            return "";
        }
    }
}
