package dev.argus.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads on in an instance's log, through rotations. Holds no file open and needs no closing. Not thread-safe.
 */
public final class LogFollower {
    /** The most that one {@link #poll} reads, in bytes. */
    private static final long AT_ONCE = 1L << 20;

    private final InstanceLog log;
    private final LineSplitter splitter = new LineSplitter();
    private long offset;
    private Optional<Object> newestRotated;

    LogFollower(InstanceLog log, long offset) throws IOException {
        this.log = log;
        this.offset = offset;
        this.newestRotated = log.newestRotated();
    }

    /** Where the next poll reads on in the current file, in bytes. */
    public long offset() {
        return offset;
    }

    /**
     * The lines that were ended since the last poll; empty when there are none. No more than 1 MiB of log at once (and the rest of a rotated
     * file): poll again while it gives something.
     *
     * @throws IOException when the log cannot be read, or was replaced by a symbolic link
     */
    public List<String> poll() throws IOException {
        var lines = new ArrayList<String>();
        long size = log.size();
        // Also when nothing seems to have grown: what was written since may all be in the copy already.
        Optional<Object> rotated = log.newestRotated();
        boolean anotherCopy = !rotated.equals(newestRotated);
        if (size == offset && !anotherCopy) {
            return lines;
        }
        // While a rotation is under way the copy is there and the file is not yet truncated: then a later poll is to
        // see it.
        if (size < offset || (anotherCopy && size < copySize())) {
            if (anotherCopy) {
                readRest(lines);
            }
            newestRotated = rotated;
            offset = 0;
        }
        try (FileChannel channel = LogFile.read(log.path()).orElse(null)) {
            if (channel != null) {
                long end = Math.min(channel.size(), offset + AT_ONCE);
                offset = InstanceLog.read(channel, offset, end, splitter, lines::add);
            }
        }
        return lines;
    }

    private long copySize() throws IOException {
        return LogFile.attributes(log.rotated(1))
                .map(attributes -> attributes.size())
                .orElse(0L);
    }

    private void readRest(List<String> lines) throws IOException {
        try (FileChannel channel = LogFile.read(log.rotated(1)).orElse(null)) {
            if (channel != null && channel.size() > offset) {
                InstanceLog.read(channel, offset, channel.size(), splitter, lines::add);
            }
        }
    }
}
