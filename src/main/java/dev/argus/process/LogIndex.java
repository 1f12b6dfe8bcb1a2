package dev.argus.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code INSTANCE.log.index}: when what was written. Services write their logs themselves, and nobody sees each line come; so Argus notes from
 * time to time how long the log is.
 *
 * <p>Offsets are counted over rotations: the base is that of the current file's first byte, and a byte keeps its offset when it moves into a
 * rotated file. The file is a header (a mark and the base) and entries of 16 bytes. What is torn or makes no sense is left out, which makes
 * answers less exact and never wrong. Not thread-safe; the log's lock is held around it.
 */
final class LogIndex {
    /** Everything before {@code offset} was written until {@code millis}, what follows it later. */
    record Entry(long millis, long offset) {}

    /** From so many entries on those are thinned out which are closer to each other than anybody needs. */
    static final int MOST = 8_192;

    /** Entries may be apart by this part of their age. */
    private static final int AGE_PARTS = 256;

    private static final long MARK = 0x4152_4755_534c_4f31L;
    private static final int RECORD = 2 * Long.BYTES;

    private final Path file;

    LogIndex(Path file) {
        this.file = file;
    }

    /** The offset of the current file's first byte; 0 where there is no index. */
    long base() throws IOException {
        try (FileChannel channel = LogFile.read(file).orElse(null)) {
            return channel == null ? 0 : base(channel);
        }
    }

    private static long base(FileChannel channel) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(RECORD);
        return channel.read(header, 0) == RECORD && header.getLong(0) == MARK ? header.getLong(Long.BYTES) : 0;
    }

    /** The entries, oldest first. */
    List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (FileChannel channel = LogFile.read(file).orElse(null)) {
            if (channel == null || channel.size() > (long) RECORD * 2 * MOST) {
                return entries;
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
                // goes on until all is read
            }
            bytes.flip();
            if (bytes.remaining() < RECORD || bytes.getLong(0) != MARK) {
                return entries;
            }
            bytes.position(RECORD);
            long last = Long.MIN_VALUE;
            while (bytes.remaining() >= RECORD) {
                var entry = new Entry(bytes.getLong(), bytes.getLong());
                if (entry.offset >= last) {
                    entries.add(entry);
                    last = entry.offset;
                }
            }
        }
        return entries;
    }

    /** Up to which offset surely nothing was written after {@code instant}; {@code otherwise} when nobody can tell. */
    long before(Instant instant, long otherwise) throws IOException {
        long millis = instant.toEpochMilli();
        for (Entry entry : entries().reversed()) {
            if (entry.millis <= millis) {
                return entry.offset;
            }
        }
        return otherwise;
    }

    /** Adds an entry; makes the index where there is none. */
    void add(Entry entry) throws IOException {
        try (FileChannel channel = writable()) {
            channel.write(record(entry.millis, entry.offset), channel.size() / RECORD * RECORD);
        }
    }

    /** Says that the current file begins at another offset now. */
    void setBase(long base) throws IOException {
        try (FileChannel channel = writable()) {
            channel.write(record(MARK, base), 0);
        }
    }

    private FileChannel writable() throws IOException {
        if (LogFile.attributes(file).isEmpty()) {
            replace(0, List.of());
        }
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /** Puts another index in place of the one there is. */
    void replace(long base, List<Entry> entries) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        ByteBuffer bytes = ByteBuffer.allocate((entries.size() + 1) * RECORD);
        bytes.put(record(MARK, base));
        entries.forEach(entry -> bytes.put(record(entry.millis, entry.offset)));
        bytes.flip();
        try (FileChannel channel = LogFile.create(fresh)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    private static ByteBuffer record(long first, long second) {
        return ByteBuffer.allocate(RECORD).putLong(first).putLong(second).flip();
    }

    /** Leaves out what lies before {@code start}, and of what is long ago what is closer than one per cent of its age. Pure. */
    static List<Entry> thinned(List<Entry> entries, long start, long now) {
        List<Entry> kept = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            boolean nextIsGoneToo = i + 1 < entries.size() && entries.get(i + 1).offset <= start;
            // powers of two, so that what is thinned out again and again still lies in the same grid
            long width = Long.highestOneBit(Math.max(1, (now - entry.millis) / AGE_PARTS));
            boolean tooClose = !kept.isEmpty()
                    && Math.floorDiv(entry.millis, width) == Math.floorDiv(kept.getLast().millis, width);
            if (!nextIsGoneToo && (!tooClose || i == entries.size() - 1)) {
                kept.add(entry);
            }
        }
        return kept;
    }
}
