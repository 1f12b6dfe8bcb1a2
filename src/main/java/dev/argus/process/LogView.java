package dev.argus.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of a log, the current file and the rotated ones, as one run of bytes whose offsets stay what they are through rotations. No
 * rotation happens while a view is open: close it soon, on the thread that opened it.
 */
final class LogView implements AutoCloseable {
    private final InstanceLog log;
    private final Lock lock;
    private final @Nullable FileChannel[] channels;
    private final long[] starts;
    private final boolean[] opened;
    private int known;

    private LogView(InstanceLog log, Lock lock) {
        this.log = log;
        this.lock = lock;
        int files = log.limits().files();
        channels = new FileChannel[files];
        starts = new long[files];
        opened = new boolean[files];
    }

    static LogView open(InstanceLog log) throws IOException {
        Lock lock = log.lock().readLock();
        lock.lock();
        var view = new LogView(log, lock);
        try {
            view.starts[0] = log.index().base();
            view.known = 1;
            return view;
        } catch (IOException | RuntimeException e) {
            view.close();
            throw e;
        }
    }

    /** The offset of the current file's first byte. */
    long base() {
        return starts[0];
    }

    /** Behind the last byte. */
    long end() throws IOException {
        return starts[0] + log.size();
    }

    /** The oldest byte that is kept. */
    long start() throws IOException {
        return startOf(starts.length - 1);
    }

    private long startOf(int age) throws IOException {
        while (known <= age) {
            starts[known] = starts[known - 1]
                    - LogFile.attributes(log.file(known))
                            .map(attributes -> attributes.size())
                            .orElse(0L);
            known++;
        }
        return starts[age];
    }

    /**
     * Reads some bytes at an offset that is not before {@link #start}.
     *
     * @return how many, perhaps fewer than fit; none at the end
     */
    int read(ByteBuffer into, long at) throws IOException {
        int age = 0;
        while (at < startOf(age)) {
            if (++age == starts.length) {
                throw new IllegalArgumentException("there is no byte " + at);
            }
        }
        FileChannel channel = channel(age);
        if (channel == null) {
            return 0;
        }
        if (age > 0) {
            // what a rotated file has beyond is that of the next one
            into.limit((int) Math.min(into.limit(), into.position() + starts[age - 1] - at));
        }
        return Math.max(0, channel.read(into, at - starts[age]));
    }

    private @Nullable FileChannel channel(int age) throws IOException {
        if (!opened[age]) {
            channels[age] = LogFile.read(log.file(age)).orElse(null);
            opened[age] = true;
        }
        return channels[age];
    }

    @Override
    public void close() {
        try {
            for (FileChannel channel : channels) {
                if (channel != null) {
                    channel.close();
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
