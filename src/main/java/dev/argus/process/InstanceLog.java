package dev.argus.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The output of one instance: {@code INSTANCE.log}, to which the service itself appends, and its rotated files {@code .1} (the newest) to {@code
 * .9}. Symbolic links are never followed. Rotation copies and truncates, as the service keeps its file open.
 */
public final class InstanceLog {
    /** Files that are kept, the current one included. */
    public static final int FILES = 10;

    /** From which size on the current file is rotated, in bytes. */
    public static final long ROTATE_AT = 10_000_000;

    /** The most lines that {@link #tail} gives. */
    public static final int MOST_LINES = 10_000;

    /** How far {@link #tail} looks back, in bytes. */
    static final long LOOK_BACK = 8L << 20;

    private static final int BLOCK = 64 * 1024;
    private static final int COPY_ROUNDS = 5;

    private final Path file;

    /**
     * The log of an instance.
     *
     * @param directory {@code services/NAME/logs}, which must exist before the instance is launched
     */
    public InstanceLog(Path directory, String instance) {
        file = directory.toAbsolutePath().normalize().resolve(instance + ".log");
    }

    /** The current file; absolute. */
    public Path path() {
        return file;
    }

    /**
     * A rotated file.
     *
     * @param age from 1, the newest
     */
    Path rotated(int age) {
        return file.resolveSibling(file.getFileName() + "." + age);
    }

    /**
     * The last lines, oldest first, from rotated files too. Each is shown up to 16 KiB; no more than {@link #MOST_LINES}, and none from further
     * back than 8 MiB.
     */
    public List<String> tail(int lines) throws IOException {
        int wanted = Math.clamp(lines, 0, MOST_LINES);
        var parts = new ArrayList<List<String>>();
        long budget = LOOK_BACK;
        for (int age = 0; age < FILES && wanted > 0 && budget > 0; age++) {
            try (FileChannel channel =
                    LogFile.read(age == 0 ? file : rotated(age)).orElse(null)) {
                if (channel != null) {
                    List<String> part = tail(channel, wanted, budget);
                    parts.add(part);
                    wanted -= part.size();
                    budget -= channel.size();
                }
            }
        }
        Collections.reverse(parts);
        return parts.stream().flatMap(List::stream).toList();
    }

    private static List<String> tail(FileChannel channel, int wanted, long budget) throws IOException {
        long size = channel.size();
        long from = startOfLast(channel, wanted, size, Math.max(0, size - budget));
        var lines = new ArrayDeque<String>();
        var splitter = new LineSplitter();
        read(channel, from, size, splitter, lines::add);
        splitter.finish(lines::add);
        while (lines.size() > wanted) {
            lines.removeFirst();
        }
        return List.copyOf(lines);
    }

    /** Where the last {@code wanted} lines begin, but not before {@code floor}. */
    private static long startOfLast(FileChannel channel, int wanted, long size, long floor) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        int ends = 0;
        for (long end = size; end > floor; ) {
            long start = Math.max(floor, end - BLOCK);
            block.clear().limit((int) (end - start));
            fill(channel, block, start);
            for (int i = block.position() - 1; i >= 0; i--) {
                // The line end at the very end of the file ends the last line and begins none.
                if (block.get(i) == '\n' && start + i != size - 1 && ++ends == wanted) {
                    return start + i + 1;
                }
            }
            end = start;
        }
        return floor;
    }

    private static void fill(FileChannel channel, ByteBuffer block, long at) throws IOException {
        while (block.hasRemaining()) {
            if (channel.read(block, at + block.position()) < 0) {
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
    static long read(FileChannel channel, long from, long to, LineSplitter splitter, Consumer<String> lines)
            throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        long at = from;
        while (at < to) {
            block.clear().limit((int) Math.min(BLOCK, to - at));
            int count = channel.read(block, at);
            if (count <= 0) {
                return at;
            }
            splitter.accept(block.array(), count, lines);
            at += count;
        }
        return at;
    }

    /** How many bytes the current file has; 0 where there is none. */
    public long size() throws IOException {
        return LogFile.attributes(file).map(attributes -> attributes.size()).orElse(0L);
    }

    /** Follows from what is there now. */
    public LogFollower followFromEnd() throws IOException {
        return follow(size());
    }

    /** Follows from an offset in the current file, in bytes. */
    public LogFollower follow(long offset) throws IOException {
        return new LogFollower(this, offset);
    }

    /**
     * Rotates when the current file has grown to {@link #ROTATE_AT}. To be called by one thread at a time.
     *
     * @return whether it did
     */
    public boolean rotate() throws IOException {
        return rotate(ROTATE_AT, 2 * ROTATE_AT);
    }

    /** @param keep how much is copied at most: of a file that grew far beyond the limit before anybody looked, the end */
    boolean rotate(long from, long keep) throws IOException {
        if (size() < from) {
            return false;
        }
        // First, for it makes room on a full disk.
        Files.deleteIfExists(rotated(FILES - 1));
        for (int age = FILES - 2; age >= 1; age--) {
            if (Files.exists(rotated(age), LinkOption.NOFOLLOW_LINKS)) {
                Files.move(rotated(age), rotated(age + 1), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Path copy = file.resolveSibling(file.getFileName() + ".copy");
        Files.deleteIfExists(copy);
        try (FileChannel source = FileChannel.open(
                        file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileChannel target = LogFile.create(copy)) {
            long done = Math.max(0, source.size() - keep);
            for (int round = 0; round < COPY_ROUNDS && done < source.size(); round++) {
                done = copy(source, done, target);
            }
            // In place before the truncation: a follower finds there what it has not read yet.
            Files.move(copy, rotated(1), StandardCopyOption.ATOMIC_MOVE);
            source.truncate(0);
        } finally {
            Files.deleteIfExists(copy);
        }
        return true;
    }

    private static long copy(FileChannel source, long from, FileChannel target) throws IOException {
        long end = source.size();
        long at = from;
        while (at < end) {
            long count = source.transferTo(at, end - at, target);
            if (count <= 0) {
                return at;
            }
            at += count;
        }
        return at;
    }

    /** Removes the log with its rotated files. */
    public void delete() throws IOException {
        Files.deleteIfExists(file);
        for (int age = 1; age < FILES; age++) {
            Files.deleteIfExists(rotated(age));
        }
    }

    /** What tells one rotated file from its successor under the same name. */
    Optional<Object> newestRotated() throws IOException {
        return LogFile.attributes(rotated(1)).map(attributes -> attributes.fileKey());
    }
}
