package dev.argus.traffic.haproxy;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import dev.argus.process.ExitWatcher;
import dev.argus.process.ProcessException;
import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.TrafficSwitch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traffic through a HAProxy that Argus starts and watches, and that runs on without it. Changes of instances and routes go through its
 * sockets; it is reloaded, without losing a connection, when there are more services or instances than it has places for.
 *
 * <p>WebSockets cannot be closed politely by HAProxy: they stay until their service closes them, or the drain is over.
 */
public final class HaproxySwitch implements TrafficSwitch {
    private static final Logger log = LoggerFactory.getLogger(HaproxySwitch.class);
    private static final int MOST_WAITING = 1000;
    private static final long FIRST_DELAY_MILLIS = 500;
    private static final long LONGEST_DELAY_MILLIS = 30_000;
    private static final long STEADY_AFTER_NANOS = Duration.ofMinutes(1).toNanos();

    private final Vertx vertx;
    private final HaproxySettings settings;
    private final Path directory;
    /** One change after the other, in the order in which they were asked for. */
    private final ExecutorService changes = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofVirtual().name("argus-haproxy").factory());

    private volatile @Nullable Haproxy haproxy;
    /** Made and closed by a change, as it takes some time. */
    private volatile @Nullable ExitWatcher watcher;

    private volatile boolean closed;
    private volatile long delay;
    private volatile long startedAt;

    /**
     * Does nothing yet.
     *
     * @param directory all files of HAProxy are in it, none of anybody else; made where it is missing
     */
    public HaproxySwitch(Vertx vertx, HaproxySettings settings, Path directory) {
        this.vertx = vertx;
        this.settings = settings;
        this.directory = directory.toAbsolutePath().normalize();
    }

    @Override
    public Future<?> start(RoutingTable first) {
        return change(() -> {
            // distributions put it where the PATH of an ordinary user does not lead
            String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/usr/local/sbin";
            var deposit = new Deposit(directory, settings);
            Program program = Program.find(path, directory);
            Host host = settings.elsewhere()
                    .<Host>map(elsewhere -> new Elsewhere(elsewhere, program, directory))
                    .orElseGet(() -> new Daemon(directory, Deposit.node(directory), watching()));
            var made = new Haproxy(settings, deposit, program, host, this::ended);
            try {
                startedAt = System.nanoTime();
                haproxy = made;
                made.start(first);
                return made.port();
            } catch (IOException | InterruptedException | RuntimeException e) {
                haproxy = null;
                made.close();
                throw e;
            }
        });
    }

    /** Also where the settings leave it open; 0 before {@link #start} succeeded. */
    @Override
    public int port() {
        Haproxy running = haproxy;
        return running == null ? 0 : running.port();
    }

    @Override
    public Future<?> apply(RoutingTable table) {
        return change(() -> {
            running().apply(table);
            return table;
        });
    }

    @Override
    public Future<Drained> drain(Set<String> instances, Duration atMost) {
        var result = new CompletableFuture<Drained>();
        Thread.ofVirtual()
                .name("argus-haproxy-drain")
                .start(() -> complete(result, () -> running().drain(instances, atMost)));
        return on(result);
    }

    @Override
    public Future<List<TrafficFigures>> figures() {
        return change(() -> running().figures());
    }

    @Override
    public Future<List<Visits>> visits() {
        return change(() -> running().visits());
    }

    @Override
    public Future<?> close() {
        if (closed) {
            return Future.succeededFuture();
        }
        closed = true;
        Future<?> last = change(() -> {
            Haproxy running = haproxy;
            if (running != null) {
                running.close();
            }
            ExitWatcher watching = watcher;
            if (watching != null) {
                watching.close();
            }
            return directory;
        });
        changes.shutdown();
        return last;
    }

    /**
     * Ends a HAProxy that a switch left running in this directory, as when services are stopped together with Argus or another kind of proxy is to
     * take its port. Does nothing where there is none. Blocks, for some seconds at most.
     */
    public static void end(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        if (Files.isDirectory(path)) {
            try (var watching = new ExitWatcher()) {
                var daemon = new Daemon(path, Deposit.node(path), watching);
                daemon.stop();
                daemon.close();
            }
        }
    }

    private ExitWatcher watching() {
        ExitWatcher watching = watcher;
        if (watching == null) {
            watching = new ExitWatcher();
            watcher = watching;
        }
        return watching;
    }

    private Haproxy running() {
        Haproxy running = haproxy;
        if (running == null) {
            throw Program.unavailable("HAProxy has not been started; look at the log of Argus for the reason.");
        }
        return running;
    }

    /** Called by the exit watcher. */
    private void ended() {
        if (System.nanoTime() - startedAt > STEADY_AFTER_NANOS) {
            delay = 0;
        }
        revive();
    }

    private void revive() {
        if (closed) {
            return;
        }
        change(() -> {
                    startedAt = System.nanoTime();
                    Haproxy running = haproxy;
                    if (running != null) {
                        running.revive();
                    }
                    return directory;
                })
                .onFailure(problem -> {
                    delay = Math.clamp(delay * 2, FIRST_DELAY_MILLIS, LONGEST_DELAY_MILLIS);
                    log.error("{} Trying again in {} ms.", problem.getMessage(), delay);
                    if (!closed) {
                        vertx.setTimer(delay, _ -> revive());
                    }
                });
    }

    private <T> Future<T> change(Callable<T> action) {
        var result = new CompletableFuture<T>();
        try {
            changes.execute(() -> complete(result, action));
        } catch (RejectedExecutionException _) {
            result.completeExceptionally(new ArgusException(
                    ErrorCode.BUSY, "HAProxy is closed, or too many changes wait for it; try again later."));
        }
        return on(result);
    }

    private <T> Future<T> on(CompletableFuture<T> result) {
        Context context = vertx.getOrCreateContext();
        return Future.fromCompletionStage(result, context);
    }

    private static <T> void complete(CompletableFuture<T> result, Callable<T> action) {
        try {
            result.complete(action.call());
        } catch (ArgusException e) {
            result.completeExceptionally(e);
        } catch (ProcessException e) {
            result.completeExceptionally(new ArgusException(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage())));
        } catch (IOException | UncheckedIOException e) {
            result.completeExceptionally(new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "HAProxy could not be told of the change (" + e.getMessage()
                            + "); look at its log in the data directory."));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            result.completeExceptionally(
                    new ArgusException(ErrorCode.UNAVAILABLE, "HAProxy was not waited for, as Argus is ending."));
        } catch (Throwable e) {
            // whatever it is: somebody waits for an answer
            log.error("A change of HAProxy failed.", e);
            result.completeExceptionally(
                    new ArgusException(ErrorCode.INTERNAL, "HAProxy could not be changed: " + e + "."));
        }
    }
}
