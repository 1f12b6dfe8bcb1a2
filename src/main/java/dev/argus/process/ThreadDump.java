package dev.argus.process;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Asks processes by SIGQUIT for a dump of their threads, which lands in the log of the instance. A Java program goes on afterwards; one written in Go,
 * and whatever does not know the signal, ends: so it is only for those that are about to be stopped anyway.
 */
public final class ThreadDump {
    private static final int MOST_LINES = 2_000;
    /** After such a silence the dump is taken to be whole. */
    private static final Duration SILENCE = Duration.ofMillis(150);

    private ThreadDump() {}

    /**
     * Asks, and waits for what is written.
     *
     * @param atMost how long to wait for it
     * @return the lines that were written meanwhile, at most 2000; empty where none were
     * @throws IOException when the log cannot be read
     */
    public static List<String> take(List<ProcessIdentity> processes, InstanceLog log, Duration atMost)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        Path directory = log.path().getParent();
        if (directory == null) {
            throw new IllegalArgumentException("a log lies in a directory");
        }
        List<String> lines = new ArrayList<>();
        try (var watcher = directory.getFileSystem().newWatchService()) {
            directory.register(watcher, StandardWatchEventKinds.ENTRY_MODIFY);
            LogFollower follower = log.followFromEnd();
            processes.forEach(Signal.QUIT::send);
            long left = end - System.nanoTime();
            while (left > 0 && lines.size() < MOST_LINES) {
                long patience = lines.isEmpty() ? left : Math.min(left, SILENCE.toNanos());
                var written = watcher.poll(patience, TimeUnit.NANOSECONDS);
                if (written == null) {
                    break;
                }
                written.pollEvents();
                written.reset();
                lines.addAll(follower.poll().lines());
                left = end - System.nanoTime();
            }
        }
        return List.copyOf(lines.subList(0, Math.min(MOST_LINES, lines.size())));
    }
}
