package dev.argus.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The output of one instance: {@code INSTANCE.log}, to which the service itself appends, its rotated files {@code .1} (the newest) to {@code .9},
 * and {@code .index}, which knows when what was written. Reads them as one; a {@link LogKeeper} rotates. Symbolic links are never followed.
 */
public final class InstanceLog {
    /** The most lines that are given at once. */
    public static final int MOST_LINES = 10_000;

    /** How far back is looked for them, in bytes. */
    static final long LOOK_BACK = 8L << 20;

    /** How far back for who then goes on to follow. */
    static final long FOLLOWED = 1L << 20;

    private static final int BLOCK = 64 * 1024;

    /** Between who rotates and who reads, in this process; shared by several logs, of which there may be any number. */
    private static final List<ReentrantReadWriteLock> LOCKS =
            Stream.generate(ReentrantReadWriteLock::new).limit(64).toList();

    private final Path file;
    private final LogLimits limits;
    private final LogIndex index;

    /**
     * Some lines.
     *
     * @param cut whether there were older ones that were asked for and are too many
     */
    public record Excerpt(List<String> lines, boolean cut) {
        /** Copies the lines. */
        public Excerpt {
            lines = List.copyOf(lines);
        }
    }

    /**
     * The log of an instance.
     *
     * @param directory {@code services/NAME/logs}, which must exist before the instance is launched
     */
    public InstanceLog(Path directory, String instance) {
        this(directory, instance, LogLimits.DEFAULT);
    }

    InstanceLog(Path directory, String instance, LogLimits limits) {
        this.file = directory.toAbsolutePath().normalize().resolve(instance + ".log");
        this.limits = limits;
        this.index = new LogIndex(file.resolveSibling(file.getFileName() + ".index"));
    }

    /** The current file; absolute. */
    public Path path() {
        return file;
    }

    LogLimits limits() {
        return limits;
    }

    LogIndex index() {
        return index;
    }

    ReentrantReadWriteLock lock() {
        return LOCKS.get(Math.floorMod(file.hashCode(), LOCKS.size()));
    }

    /**
     * One of the files.
     *
     * @param age 0 for the current one, from 1 on the rotated ones
     */
    Path file(int age) {
        return age == 0 ? file : file.resolveSibling(file.getFileName() + "." + age);
    }

    /** How many bytes the current file has; 0 where there is none. */
    public long size() throws IOException {
        return LogFile.attributes(file).map(attributes -> attributes.size()).orElse(0L);
    }

    /** The last lines, oldest first, of all files; see {@link #tail(int, Instant)}. */
    public List<String> tail(int lines) throws IOException {
        return tail(lines, null).lines();
    }

    /**
     * The last lines, oldest first, of all files. No more than {@link #MOST_LINES}, and none from further back than 8 MiB; a line longer than 16 KiB
     * counts for several.
     *
     * @param since leaves out what was surely written before; known to about two seconds, of what is long ago to one per cent of its age. What
     *     Argus did not see being written it cannot tell and gives.
     */
    public Excerpt tail(int lines, @Nullable Instant since) throws IOException {
        try (LogView view = LogView.open(this)) {
            long first = since == null ? view.start() : firstSince(view, since);
            return last(view, lines, first, view.end(), LOOK_BACK, true);
        }
    }

    /** As {@link #tail(int, Instant)}, but only to where a follower goes on, and none from further back than 1 MiB. */
    public Excerpt tailBefore(LogFollower follower, int lines, @Nullable Instant since) throws IOException {
        try (LogView view = LogView.open(this)) {
            long first = since == null ? view.start() : firstSince(view, since);
            return last(view, lines, first, Math.min(view.end(), follower.position()), FOLLOWED, false);
        }
    }

    /**
     * The last lines of what was there when the current file had that {@linkplain #size() size}, none from further back than 8 MiB; where the
     * file was cut since then, the last lines of all.
     *
     * @param size negative for all
     */
    public List<String> tailAt(long size, int lines) throws IOException {
        try (LogView view = LogView.open(this)) {
            long grown = size < 0 ? 0 : Math.max(0, size() - size);
            return last(view, lines, view.start(), view.end() - grown, LOOK_BACK, true)
                    .lines();
        }
    }

    /** What lies between the position of an earlier follower and where another one goes on, none from further back than 1 MiB. */
    public Excerpt between(long position, LogFollower follower) throws IOException {
        try (LogView view = LogView.open(this)) {
            long end = Math.min(view.end(), follower.position());
            boolean known = position >= view.start();
            Excerpt between =
                    last(view, MOST_LINES, known ? Math.min(position, end) : view.start(), end, FOLLOWED, false);
            return new Excerpt(between.lines(), between.cut() || !known);
        }
    }

    private static Excerpt last(LogView view, int lines, long first, long end, long lookBack, boolean unfinishedToo)
            throws IOException {
        int wanted = Math.clamp(lines, 0, MOST_LINES);
        if (wanted == 0 || end <= first) {
            return new Excerpt(List.of(), false);
        }
        long from = startOfLast(view, wanted, end, Math.max(first, end - lookBack), false);
        var found = new ArrayDeque<String>();
        long[] count = {0};
        Consumer<String> keep = line -> {
            found.addLast(line);
            if (++count[0] > wanted) {
                found.removeFirst();
            }
        };
        var splitter = new LineSplitter();
        read(view, from, end, splitter, keep);
        if (unfinishedToo) {
            splitter.finish(keep);
        }
        return new Excerpt(List.copyOf(found), from > first || count[0] > wanted);
    }

    /** From where on to read for what was written since then: the beginning of a line. */
    private long firstSince(LogView view, Instant since) throws IOException {
        long start = view.start();
        long offset = Math.clamp(index.before(since, start), start, Math.max(start, view.end()));
        return startOfLine(view, offset, start);
    }

    /** Where the line begins in which a byte lies; or the byte itself when that is not near. */
    private static long startOfLine(LogView view, long offset, long start) throws IOException {
        long floor = Math.max(start, offset - LineSplitter.LONGEST);
        long found = startOfLast(view, 1, offset, floor, true);
        return found > floor || floor == start ? found : offset;
    }

    /**
     * Where the last {@code wanted} lines begin, but not before {@code floor}.
     *
     * @param afterEnd whether a line end right before {@code end} begins a line, an empty one, instead of ending the last one
     */
    private static long startOfLast(LogView view, int wanted, long end, long floor, boolean afterEnd)
            throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        int ends = 0;
        for (long to = end; to > floor; ) {
            long from = Math.max(floor, to - BLOCK);
            block.clear().limit((int) (to - from));
            fill(view, block, from);
            for (int i = block.position() - 1; i >= 0; i--) {
                if (block.get(i) == '\n' && (afterEnd || from + i != end - 1) && ++ends == wanted) {
                    return from + i + 1;
                }
            }
            to = from;
        }
        return floor;
    }

    private static void fill(LogView view, ByteBuffer block, long at) throws IOException {
        int limit = block.limit();
        while (block.position() < limit) {
            int count = view.read(block, at + block.position());
            block.limit(limit);
            if (count == 0) {
                // truncated in between: what is there counts
                return;
            }
        }
    }

    /**
     * Reads {@code [from, to)} into lines; stops early where the file was truncated in between.
     *
     * @return where it stopped
     */
    static long read(LogView view, long from, long to, LineSplitter splitter, Consumer<String> lines)
            throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        long at = from;
        while (at < to) {
            block.clear().limit((int) Math.min(BLOCK, to - at));
            int count = view.read(block, at);
            if (count == 0) {
                return at;
            }
            splitter.accept(block.array(), count, lines);
            at += count;
        }
        return at;
    }

    /** Follows from the line on that is being written now. */
    public LogFollower followFromEnd() throws IOException {
        try (LogView view = LogView.open(this)) {
            return new LogFollower(this, startOfLine(view, view.end(), view.start()));
        }
    }

    /** Follows from the oldest line on that is kept. */
    public LogFollower followFromStart() throws IOException {
        try (LogView view = LogView.open(this)) {
            return new LogFollower(this, view.start());
        }
    }

    /** Removes the log with its rotated files and its index. */
    public void delete() throws IOException {
        lock().writeLock().lock();
        try {
            for (int age = 0; age < limits.files(); age++) {
                Files.deleteIfExists(file(age));
            }
            index.delete();
        } finally {
            lock().writeLock().unlock();
        }
    }
}
