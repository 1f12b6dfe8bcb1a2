package dev.argus.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads on in an instance's log, through rotations. Holds no file open and needs no closing. Not thread-safe. */
public final class LogFollower {
    /** About the most that one {@link #poll} reads, in bytes. */
    static final int AT_ONCE = 256 * 1024;

    /** About the most lines that one {@link #poll} gives. */
    private static final int LINES_AT_ONCE = 4_096;

    private static final int BLOCK = 16 * 1024;

    /** For how many polls a log may be shorter than it was before it counts as a new one: its keeper tells sooner. */
    private static final int PATIENCE = 5;

    private final InstanceLog log;
    private final LineSplitter splitter = new LineSplitter();
    private long offset;
    private int polledShorter;

    /**
     * What was new.
     *
     * @param missed how many bytes were left out before them, because they came faster than they were read
     * @param full whether there is probably more
     */
    public record Piece(List<String> lines, long missed, boolean full) {
        /** Copies the lines. */
        public Piece {
            lines = List.copyOf(lines);
        }
    }

    LogFollower(InstanceLog log, long offset) {
        this.log = log;
        this.offset = offset;
    }

    /** Where the next line begins that a poll will give, in bytes, counted over all rotations. */
    public long position() {
        return offset - splitter.pending();
    }

    /**
     * The lines that were ended since the last poll, some 256 KiB at most. Who lags behind by more than 8 MiB, or by more than is kept, goes on near
     * the end.
     *
     * @throws IOException when the log cannot be read, or was replaced by a symbolic link
     */
    public Piece poll() throws IOException {
        try (LogView view = LogView.open(log)) {
            long end = view.end();
            if (end < offset) {
                return shorter(view);
            }
            polledShorter = 0;
            if (end == offset) {
                return new Piece(List.of(), 0, false);
            }
            long missed = catchUp(view, end);
            var lines = new ArrayList<String>();
            long stop = Math.min(end, offset + AT_ONCE);
            while (offset < stop && lines.size() < LINES_AT_ONCE) {
                long read = InstanceLog.read(view, offset, Math.min(stop, offset + BLOCK), splitter, lines::add);
                if (read == offset) {
                    break;
                }
                offset = read;
            }
            return new Piece(lines, missed, offset < end);
        }
    }

    /** Somebody has truncated it. */
    private Piece shorter(LogView view) {
        if (++polledShorter > PATIENCE) {
            polledShorter = 0;
            splitter.reset();
            offset = view.base();
        }
        return new Piece(List.of(), 0, false);
    }

    private long catchUp(LogView view, long end) throws IOException {
        long oldest = Math.max(end - InstanceLog.LOOK_BACK, offset < view.base() ? view.start() : offset);
        if (offset >= oldest) {
            return 0;
        }
        // not to lag behind again at once
        long to = Math.max(oldest, end - AT_ONCE);
        long missed = to - offset;
        splitter.reset();
        offset = to;
        return missed;
    }
}
