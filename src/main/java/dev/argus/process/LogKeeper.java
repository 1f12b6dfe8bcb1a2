package dev.argus.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one log small and its index true. The service keeps its file open and appends to it, so the file stays and its beginning is moved into
 * {@code .1}: without loss where the file system can take out blocks ({@link LogCutter}), else by copying and truncating. What is lost or left
 * out is said in the log itself.
 */
final class LogKeeper {
    private static final Logger remarks = LoggerFactory.getLogger(LogKeeper.class);

    /** How exact the index is. */
    private static final long NOTE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LONGEST_PAUSE_MILLIS = 250;
    private static final long SHORTEST_PAUSE_MILLIS = 10;

    private static final int COPY_ROUNDS = 5;
    private static final int MOST_AT_ONCE = 50;

    private final InstanceLog log;
    private final Clock clock;
    private final DeletedLog deleted;
    private LogCutter cutter;
    private boolean first = true;
    private boolean closed;
    private long base;
    private long size;
    private long lookedAt;
    private long notedOffset;
    private long notedAt;
    private int notes;
    private long dropped;

    /**
     * What was seen.
     *
     * @param full whether it is to be rotated
     * @param pauseMillis when to look again
     */
    record Look(boolean full, long pauseMillis) {}

    /** @param shim the process whose output the log is, as far as it is known */
    LogKeeper(InstanceLog log, Clock clock, Supplier<Optional<ProcessIdentity>> shim) {
        this(log, clock, shim, LogCutter.COLLAPSE);
    }

    LogKeeper(InstanceLog log, Clock clock, Supplier<Optional<ProcessIdentity>> shim, LogCutter cutter) {
        this.log = log;
        this.clock = clock;
        this.deleted = new DeletedLog(log, shim);
        this.cutter = cutter;
    }

    /**
     * Looks how long the log is and notes it; some microseconds.
     *
     * @throws IOException when the log was replaced by something that is not to be touched
     */
    synchronized Look look() throws IOException {
        if (closed) {
            return new Look(false, LONGEST_PAUSE_MILLIS);
        }
        deleted.rescue(cutter, first);
        long now = System.nanoTime();
        long length = log.size();
        if (first) {
            takeUp(length);
        } else if (length < size) {
            startOver(base + size);
        }
        long growth = Math.max(0, length - size);
        long pause = first ? LONGEST_PAUSE_MILLIS : pause(length, growth, Math.max(1, now - lookedAt));
        if (base + length != notedOffset && (first || now - notedAt >= NOTE_EVERY_NANOS)) {
            note(base + length, now);
        }
        first = false;
        size = length;
        lookedAt = now;
        return new Look(length >= log.limits().fileBytes(), pause);
    }

    /** A log that grows quickly is looked at when it will be full. */
    private long pause(long length, long growth, long nanos) {
        if (growth == 0) {
            return LONGEST_PAUSE_MILLIS;
        }
        double millis = (log.limits().fileBytes() - length) / (double) growth * nanos / 1e6;
        return Math.clamp((long) millis, SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
    }

    /** Takes up the index that an earlier Argus left. */
    private void takeUp(long length) throws IOException {
        base = log.index().base();
        List<LogIndex.Entry> entries = log.index().entries();
        notes = entries.size();
        notedOffset = entries.isEmpty() ? base : entries.getLast().offset();
        if (base + length < notedOffset) {
            // truncated while nobody looked
            startOver(notedOffset);
        }
    }

    /** Somebody has emptied the file: nothing of the index counts any more, and no offset is used twice. */
    private void startOver(long end) throws IOException {
        var now = new LogIndex.Entry(clock.millis(), end);
        log.lock().writeLock().lock();
        try {
            log.index().replace(end, List.of(now));
        } finally {
            log.lock().writeLock().unlock();
        }
        base = end;
        size = 0;
        notedOffset = end;
        notes = 1;
    }

    private void note(long end, long now) throws IOException {
        log.lock().writeLock().lock();
        try {
            log.index().add(new LogIndex.Entry(clock.millis(), end));
            if (++notes > LogIndex.MOST) {
                long start = oldest();
                List<LogIndex.Entry> kept = LogIndex.thinned(log.index().entries(), start, clock.millis());
                log.index().replace(base, kept);
                notes = kept.size();
            }
        } finally {
            log.lock().writeLock().unlock();
        }
        notedOffset = end;
        notedAt = now;
    }

    private long oldest() throws IOException {
        long oldest = base;
        for (int age = 1; age < log.limits().files(); age++) {
            oldest -= LogFile.attributes(log.file(age))
                    .map(attributes -> attributes.size())
                    .orElse(0L);
        }
        return oldest;
    }

    /** Touches nothing from now on; waits for a rotation that goes on. */
    synchronized void close() {
        closed = true;
    }

    /** Rotates until the current file is small. */
    synchronized void rotate() throws IOException {
        if (closed) {
            return;
        }
        if (first) {
            look();
        }
        long length = log.size();
        for (int i = 0; i < MOST_AT_ONCE && length >= log.limits().fileBytes(); i++) {
            rotateOnce(length);
            length = log.size();
        }
        size = length;
    }

    private void rotateOnce(long length) throws IOException {
        long file = log.limits().fileBytes();
        if (cutter.cuttable(length, file) == 0) {
            cutter = LogCutter.TRUNCATE;
        }
        // so much came before anybody could look that copying it all would only let more come
        long from = length > cutter.farBehind() * file ? length - cutter.farBehind() / 2 * file : 0;
        long to = cutter.cuttable(length, from + file);
        if (Files.exists(log.file(log.limits().files() - 1), LinkOption.NOFOLLOW_LINKS)) {
            deleteOldest();
        }
        while (true) {
            try {
                move(from, to);
                return;
            } catch (NoRoom e) {
                if (!deleteOldest()) {
                    drop(to, e.reason);
                    return;
                }
            }
        }
    }

    /** The copy cannot be written. */
    private static final class NoRoom extends Exception {
        private static final long serialVersionUID = 1L;
        private final IOException reason;

        NoRoom(IOException reason) {
            super(reason);
            this.reason = reason;
        }
    }

    /** Moves the bytes from one offset of the current file to another into {@code .1}, and what is before them nowhere. */
    private void move(long from, long to) throws IOException, NoRoom {
        Path copy = log.path().resolveSibling(log.path().getFileName() + ".copy");
        Files.deleteIfExists(copy);
        try (FileChannel source = FileChannel.open(log.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                FileChannel target = LogFile.create(copy)) {
            long copied = copy(source, from, to, target);
            log.lock().writeLock().lock();
            try {
                shift();
                Files.move(copy, log.file(1), StandardCopyOption.ATOMIC_MOVE);
                if (cutter == LogCutter.COLLAPSE && !collapsed(to, target.size())) {
                    cutter = LogCutter.TRUNCATE;
                }
                if (cutter == LogCutter.TRUNCATE) {
                    // what came meanwhile; after this only what comes in this very moment is lost
                    copied = copyRest(source, copied, copied + log.limits().fileBytes(), target);
                    long all = source.size();
                    cut(all, target.size());
                    if (all > copied) {
                        LogRemark.lost(all - copied).appendTo(target);
                    }
                }
            } finally {
                log.lock().writeLock().unlock();
            }
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /** @return false when this file system cannot take out blocks; then nothing has changed */
    private boolean collapsed(long bytes, long kept) throws IOException {
        try {
            cut(bytes, kept);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static long copy(FileChannel source, long from, long to, FileChannel target) throws IOException, NoRoom {
        try {
            if (from > 0) {
                LogRemark.leftOut(from).appendTo(target);
            }
            return transfer(source, from, to, target);
        } catch (IOException e) {
            throw new NoRoom(e);
        }
    }

    private static long copyRest(FileChannel source, long from, long most, FileChannel target) throws IOException {
        long done = from;
        try {
            for (int round = 0; round < COPY_ROUNDS && done < Math.min(most, source.size()); round++) {
                done = transfer(source, done, Math.min(most, source.size()), target);
            }
        } catch (IOException e) {
            // what has no room is lost, and told so
            return done;
        }
        return done;
    }

    private static long transfer(FileChannel source, long from, long to, FileChannel target) throws IOException {
        long at = from;
        while (at < to) {
            long count = source.transferTo(at, to - at, target);
            if (count <= 0) {
                return at;
            }
            at += count;
        }
        return at;
    }

    private void shift() throws IOException {
        for (int age = log.limits().files() - 2; age >= 1; age--) {
            if (Files.exists(log.file(age), LinkOption.NOFOLLOW_LINKS)) {
                Files.move(log.file(age), log.file(age + 1), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /** Takes bytes off the current file, of which so many were kept; what the index says stays true or becomes vaguer. */
    private void cut(long bytes, long kept) throws IOException {
        long before = base;
        setBase(before + Math.max(bytes, kept));
        try {
            cutter.cut(log.path(), bytes);
        } catch (IOException e) {
            setBase(before);
            throw e;
        }
    }

    private void setBase(long fresh) throws IOException {
        base = fresh;
        log.index().setBase(fresh);
    }

    private boolean deleteOldest() throws IOException {
        log.lock().writeLock().lock();
        try {
            for (int age = log.limits().files() - 1; age >= 1; age--) {
                if (Files.deleteIfExists(log.file(age))) {
                    return true;
                }
            }
            return false;
        } finally {
            log.lock().writeLock().unlock();
        }
    }

    /** Perhaps there is no room for this either; then it is said when more is dropped. */
    private void remarkDropped(IOException reason) {
        try (FileChannel current = FileChannel.open(
                log.path(), StandardOpenOption.WRITE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS)) {
            LogRemark.noRoom(dropped, reason).appendTo(current);
            dropped = 0;
        } catch (IOException e) {
            remarks.debug("{}: {} bytes were dropped, which its log has no room to say", log.path(), dropped);
        }
    }

    /** Nothing can be kept: the disk is full, and this log is not to keep it so. */
    private void drop(long bytes, IOException reason) throws IOException {
        log.lock().writeLock().lock();
        try {
            long all = bytes;
            if (cutter == LogCutter.COLLAPSE && !collapsed(bytes, 0)) {
                cutter = LogCutter.TRUNCATE;
            }
            if (cutter == LogCutter.TRUNCATE) {
                all = log.size();
                cut(all, 0);
            }
            dropped += all;
            remarkDropped(reason);
        } finally {
            log.lock().writeLock().unlock();
        }
    }
}
