package dev.argus.traffic.haproxy;

import dev.argus.bus.ArgusException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A HAProxy that somebody else starts and stops, such as systemd. It counts as ours as long as its worker is the one that read what was laid ready
 * last: after a restart or a reload by somebody else it is reloaded, because its servers are then as of the file and not as of now.
 */
final class Elsewhere implements Host {
    private static final Logger log = LoggerFactory.getLogger(Elsewhere.class);
    private static final Duration TAKES_OVER_WITHIN = Duration.ofSeconds(15);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Duration LOOK_AFTER_IT = Duration.ofSeconds(1);

    private final HaproxySettings.Elsewhere settings;
    private final Program program;
    private final Path directory;
    private final Master master;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long worker;
    private volatile boolean reloading;
    private @Nullable Thread watching;

    Elsewhere(HaproxySettings.Elsewhere settings, Program program, Path directory) {
        this.settings = settings;
        this.program = program;
        this.directory = directory;
        master = new Master(settings.masterSocket());
    }

    @Override
    public Master master() {
        return master;
    }

    @Override
    public boolean alive() {
        try {
            return worker != 0 && master.ready() == worker;
        } catch (IOException e) {
            log.debug("HAProxy does not answer: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public boolean ends(Duration within) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        while (alive()) {
            if (System.nanoTime() > end || closed.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean adopt(Runnable ended) {
        try {
            worker = master.ready();
            watch(ended);
            return true;
        } catch (IOException e) {
            log.debug("HAProxy cannot be taken over: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public void launch(Path file, Runnable ended) throws IOException, InterruptedException {
        watch(ended);
        reload();
    }

    @Override
    public void reload() throws IOException, InterruptedException {
        reloading = true;
        try {
            reload(now());
        } finally {
            reloading = false;
        }
    }

    private void reload(long before) throws InterruptedException {
        if (settings.reload().isEmpty()) {
            master.reload();
        } else {
            program.command(directory, settings.reload());
        }
        long end = System.nanoTime() + TAKES_OVER_WITHIN.toNanos();
        while (System.nanoTime() < end && !closed.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                long after = master.ready();
                if (after != before) {
                    worker = after;
                    return;
                }
            } catch (IOException e) {
                log.trace("HAProxy is not back from its reload: {}", e.getMessage());
            }
        }
        throw Program.unavailable(
                "HAProxy was asked to reload and no new worker came up; look at its log for the reason, such as a port"
                        + " that it may not have.");
    }

    /** @throws ArgusException when it does not run: Argus does not start it */
    private long now() {
        try {
            return master.ready();
        } catch (IOException e) {
            throw Program.unavailable("HAProxy does not answer at " + settings.masterSocket() + " (" + e.getMessage()
                    + "); start it in master-worker mode (-W) with -S " + settings.masterSocket() + " and -f "
                    + directory.resolve(Configuration.MAIN) + ", which lies ready.");
        }
    }

    private void watch(Runnable ended) {
        if (watching == null) {
            watching = Thread.ofVirtual().name("argus-haproxy-watch").start(() -> look(ended));
        }
    }

    private void look(Runnable ended) {
        try {
            boolean well = true;
            while (!closed.await(LOOK_AFTER_IT.toMillis(), TimeUnit.MILLISECONDS)) {
                boolean now = reloading || alive();
                if (well && !now) {
                    log.warn("HAProxy is not the one any more that Argus has told what to do.");
                    ended.run();
                }
                well = now;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
