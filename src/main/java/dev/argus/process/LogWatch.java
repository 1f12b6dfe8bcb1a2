package dev.argus.process;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the logs of all instances, four times a second and at those that grow quickly up to a hundred times, and rotates them. Has a thread of
 * its own for looking and up to four for rotating, so that a slow rotation keeps no other log waiting. Thread-safe.
 */
public final class LogWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LogWatch.class);
    private static final long PAUSE_MILLIS = 250;
    private static final long SHORTEST_PAUSE_MILLIS = 10;
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 10_000;
    private static final int ROTATIONS_AT_ONCE = 4;
    private static final long END_WITHIN_SECONDS = 10;

    private final Clock clock;
    private final Map<String, Watched> logs = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread looking =
            Thread.ofPlatform().daemon().name("argus-log-watch").unstarted(this::run);
    private final ThreadPoolExecutor rotating;

    private static final class Watched {
        final String instance;
        final LogKeeper keeper;
        volatile long dueNanos = System.nanoTime();
        volatile boolean rotates;
        volatile boolean failed;
        volatile long notBeforeNanos = System.nanoTime();

        Watched(String instance, LogKeeper keeper) {
            this.instance = instance;
            this.keeper = keeper;
        }
    }

    /** Looks at nothing until it is {@linkplain #start started}. */
    public LogWatch(Clock clock) {
        this.clock = clock;
        rotating = new ThreadPoolExecutor(
                ROTATIONS_AT_ONCE,
                ROTATIONS_AT_ONCE,
                5,
                TimeUnit.SECONDS,
                // one for each log at most
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("argus-log-rotation-", 0).factory());
        rotating.allowCoreThreadTimeOut(true);
    }

    /** Begins. */
    public void start() {
        looking.start();
    }

    /**
     * Watches a log, if it is not watched already.
     *
     * @param shim the process whose output it is, as far as it is known
     */
    public void add(String instance, InstanceLog file, Supplier<Optional<ProcessIdentity>> shim) {
        logs.computeIfAbsent(instance, made -> new Watched(instance, new LogKeeper(file, clock, shim)));
    }

    void add(String instance, LogKeeper keeper) {
        logs.put(instance, new Watched(instance, keeper));
    }

    /** Watches it no more; a rotation that goes on is waited for. */
    public void remove(String instance) {
        Watched watched = logs.remove(instance);
        if (watched != null) {
            watched.keeper.close();
        }
    }

    private void run() {
        try {
            long pause = PAUSE_MILLIS;
            while (!closed.await(pause, TimeUnit.MILLISECONDS)) {
                pause = PAUSE_MILLIS;
                for (Watched watched : logs.values()) {
                    long left = TimeUnit.NANOSECONDS.toMillis(watched.dueNanos - System.nanoTime());
                    pause = Math.min(pause, left > 0 ? left : look(watched));
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private long look(Watched watched) {
        long pause = SHORTEST_PAUSE_MILLIS;
        if (!watched.rotates && System.nanoTime() - watched.notBeforeNanos >= 0) {
            try {
                LogKeeper.Look seen = watched.keeper.look();
                pause = seen.pauseMillis();
                watched.failed = false;
                if (seen.full()) {
                    watched.rotates = true;
                    rotating.execute(() -> rotate(watched));
                }
            } catch (IOException | RuntimeException e) {
                pause = failed(watched, e);
            }
        }
        watched.dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
        return pause;
    }

    private void rotate(Watched watched) {
        try {
            watched.keeper.rotate();
            log.debug("the log of {} was rotated", watched.instance);
        } catch (IOException | RuntimeException e) {
            failed(watched, e);
            watched.notBeforeNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_AFTER_FAILURE_MILLIS);
        } finally {
            watched.rotates = false;
        }
    }

    /** Says it once, until it is over. */
    private static long failed(Watched watched, Exception e) {
        if (!watched.failed) {
            log.warn("the log of {} cannot be kept: {}", watched.instance, e.getMessage());
        }
        watched.failed = true;
        return PAUSE_AFTER_FAILURE_MILLIS;
    }

    /** Ends; rotations that go on are waited for. */
    @Override
    public void close() {
        closed.countDown();
        try {
            boolean looked =
                    looking.getState() == Thread.State.NEW || looking.join(Duration.ofSeconds(END_WITHIN_SECONDS));
            rotating.shutdown();
            if (!looked || !rotating.awaitTermination(END_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                log.warn("a log is still being rotated");
            }
        } catch (InterruptedException _) {
            rotating.shutdown();
            Thread.currentThread().interrupt();
        }
    }
}
