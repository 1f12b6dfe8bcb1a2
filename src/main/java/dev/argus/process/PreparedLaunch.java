package dev.argus.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An instance that is ready to be started, again and again, one launch after the end of the other. Made by {@link Launcher#prepare}. While Argus
 * lives the shim outlives its service and waits to start it again; when Argus is gone, or this is closed, it ends after its service.
 * Thread-safe.
 */
public final class PreparedLaunch implements AutoCloseable {
    private final ExitWatcher watcher;
    private final Spawner spawner;
    private final LaunchSpec spec;
    private final Path program;
    private final List<String> argv;
    private @Nullable Shim shim;

    PreparedLaunch(ExitWatcher watcher, Spawner spawner, LaunchSpec spec, Path program, List<String> argv) {
        this.watcher = watcher;
        this.spawner = spawner;
        this.spec = spec;
        this.program = program;
        this.argv = argv;
    }

    /** What it starts. */
    public LaunchSpec spec() {
        return spec;
    }

    /**
     * Starts the instance and watches it; only after the last launch has ended. Blocks for about a millisecond.
     *
     * @param listener is told once when it ends, perhaps before this method returns
     * @throws LaunchException when it cannot be started
     */
    public synchronized Launched launch(ExitListener listener) {
        RunDirectory run = spec.run();
        if (!Files.isExecutable(program)) {
            Executable.find(spec.command().getFirst(), spec.directory(), spec.environment());
        }
        try {
            Shim started = shim != null && shim.again(listener) ? shim : start(listener);
            shim = started;
            return new Launched(run, started.identity(), started.service());
        } catch (IOException e) {
            throw new LaunchException("The instance " + run.instance() + " cannot be started: " + e.getMessage(), e);
        }
    }

    private Shim start(ExitListener listener) throws IOException {
        close();
        LogFile.attributes(spec.log());
        spec.run().clear();
        Optional<ShimChannel> channel = spawner.passesChannel() ? Optional.of(ShimChannel.open()) : Optional.empty();
        Spawner.Spawned spawned;
        try {
            spawned = spawner.spawn(argv, spec.environment(), spec.directory(), spec.log(), channel);
            channel.ifPresent(ShimChannel::handedOver);
        } catch (ProcessException e) {
            channel.ifPresent(ShimChannel::close);
            throw e;
        }
        var started = new Shim(watcher, spec.run(), spawned.identity(), spawned.child(), channel, listener);
        try {
            spec.run().recordShim(spawned.identity());
            started.follow();
        } catch (IOException | ProcessException e) {
            started.release();
            // A service that nobody can find again or watch must not run. The group is that of the process we just
            // started.
            Libc.kill(-spawned.identity().pid(), Signal.KILL.number());
            throw new LaunchException(
                    "The instance " + spec.run().instance() + " was stopped again because it could not be watched: "
                            + e.getMessage(),
                    e);
        }
        return started;
    }

    /**
     * Allows the running service to be started again once, in the moment in which it ends: nobody is asked then, which saves a restart the time of
     * asking. Its listener is told by {@link ExitListener#restarted}. Holds until then, or until it is {@linkplain #forbidRestart forbidden}.
     *
     * @param fits asked with the exit, quickly and on the exit watcher's thread; where it says no, the exit is only told
     * @param next the listener of the next launch
     */
    public synchronized void allowRestart(Predicate<Exit> fits, ExitListener next) {
        if (shim != null) {
            shim.allowRestart(new Shim.Restart(fits, next));
        }
    }

    /** Takes back {@link #allowRestart}: when this returns, it has happened already or never will. */
    public synchronized void forbidRestart() {
        if (shim != null) {
            shim.allowRestart(null);
        }
    }

    /** Lets the shim go: it ends with its service, at once when that has ended already. A running service goes on and is still watched. */
    @Override
    public synchronized void close() {
        if (shim != null) {
            shim.release();
        }
    }
}
