package dev.argus.traffic.haproxy;

import dev.argus.process.Adopted;
import dev.argus.process.Environment;
import dev.argus.process.ExitListener;
import dev.argus.process.ExitWatcher;
import dev.argus.process.LaunchSpec;
import dev.argus.process.Launcher;
import dev.argus.process.ProcessException;
import dev.argus.process.RunDirectory;
import dev.argus.process.Stopper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HAProxy as a process of this machine: started below the shim like an instance, in a session of its own, so that it outlives Argus. Blocks; not
 * thread-safe.
 */
final class Daemon implements Host {
    private static final Logger log = LoggerFactory.getLogger(Daemon.class);
    private static final Duration START_WITHIN = Duration.ofSeconds(15);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(2);
    private static final long LOG_AT_MOST = 4 << 20;
    private static final int WORDS = 64 << 10;

    private final Path directory;
    private final ExitWatcher watcher;
    private final Launcher launcher;
    private final RunDirectory run;
    private final Path output;
    private final SocketPath sockets;
    private final Master master;
    private CountDownLatch gone = new CountDownLatch(0);
    private volatile boolean stopping;

    /** @param node a name that no other directory of this machine has */
    Daemon(Path directory, String node, ExitWatcher watcher) {
        this.directory = directory;
        this.watcher = watcher;
        launcher = new Launcher(watcher);
        run = new RunDirectory(directory.resolve("run").resolve("haproxy-" + node));
        output = directory.resolve("haproxy.log");
        sockets = SocketPath.of(directory.resolve("master.sock"));
        master = new Master(sockets.path());
    }

    @Override
    public Master master() {
        return master;
    }

    @Override
    public boolean alive() {
        return gone.getCount() > 0;
    }

    @Override
    public boolean ends(Duration within) throws InterruptedException {
        return gone.await(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Watches the one that an earlier Argus started. */
    @Override
    public boolean adopt(Runnable ended) {
        if (!(run.adopt() instanceof Adopted.Running running)) {
            return false;
        }
        try {
            master.ready();
            var latch = new CountDownLatch(1);
            gone = latch;
            watcher.watch(running, listener(latch, ended));
            return true;
        } catch (IOException | ProcessException e) {
            log.warn(
                    "The HAProxy that an earlier Argus started does not answer ({}); it is started anew.",
                    e.getMessage());
            return false;
        }
    }

    /** Starts it, and ends what there was before. */
    @Override
    public void launch(Path program, Runnable ended) throws IOException, InterruptedException {
        stop();
        Files.deleteIfExists(directory.resolve("master.sock"));
        trim();
        long mark = said();
        var latch = new CountDownLatch(1);
        var up = new CountDownLatch(1);
        gone = latch;
        launcher.launch(new LaunchSpec(run, command(program), environment(), directory, output), listener(latch, () -> {
            if (up.getCount() == 0) {
                ended.run();
            }
        }));
        long end = System.nanoTime() + START_WITHIN.toNanos();
        Optional<String> problem = Optional.of("it did not come up");
        while (problem.isPresent() && System.nanoTime() < end) {
            if (ends(LOOK_AGAIN)) {
                throw Program.unavailable("HAProxy ended as soon as it was started: " + Program.said(since(mark)));
            }
            problem = Files.exists(directory.resolve("master.sock")) ? problem() : problem;
        }
        up.countDown();
        if (problem.isPresent() || !alive()) {
            stop();
            throw Program.unavailable("HAProxy does not take commands after its start (" + problem.orElse("it ended")
                    + "); look at " + output + ".");
        }
    }

    private Optional<String> problem() {
        try {
            master.ready();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void reload() throws IOException, InterruptedException {
        trim();
        long mark = said();
        long before = master.ready();
        master.reload();
        long end = System.nanoTime() + START_WITHIN.toNanos();
        while (System.nanoTime() < end && !ends(LOOK_AGAIN)) {
            try {
                if (master.ready() != before) {
                    return;
                }
            } catch (IOException e) {
                log.trace("HAProxy is not back from its reload: {}", e.getMessage());
            }
        }
        throw Program.unavailable("HAProxy could not be reloaded: " + Program.said(since(mark)));
    }

    /** Ends it, with all that belongs to it. */
    void stop() {
        if (Files.isDirectory(run.path())) {
            stopping = true;
            new Stopper(watcher, launcher).stop(run.instance(), run.shim(), STOP_WITHIN, Optional.empty());
            stopping = false;
        }
    }

    @Override
    public void close() {
        sockets.close();
    }

    private ExitListener listener(CountDownLatch latch, Runnable ended) {
        return exit -> {
            if (!stopping) {
                log.warn("HAProxy ended with {}.", exit.describe());
            }
            latch.countDown();
            ended.run();
        };
    }

    private static List<String> command(Path program) {
        return List.of(
                program.toString(), "-W", "-S", "unix@master.sock,mode,600,level,admin", "-f", Configuration.MAIN);
    }

    private Map<String, String> environment() {
        return Environment.of(System.getenv(), "argus-haproxy", "", run.instance(), OptionalInt.empty(), Map.of());
    }

    private long said() throws IOException {
        return Files.exists(output) ? Files.size(output) : 0;
    }

    private String since(long mark) throws IOException {
        try (var in = Files.newInputStream(output)) {
            in.skipNBytes(Math.min(mark, Files.size(output)));
            return new String(in.readNBytes(WORDS), StandardCharsets.UTF_8);
        }
    }

    /** It says a line whenever a server changes; it appends, so that the file may be emptied under it. */
    void trim() throws IOException {
        if (said() > LOG_AT_MOST) {
            try (FileChannel channel = FileChannel.open(output, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
        }
    }
}
