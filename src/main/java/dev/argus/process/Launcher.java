package dev.argus.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Starts instances under the shim, so that they outlive Argus. Blocks for well under a millisecond. Thread-safe. */
public final class Launcher {
    private static final String SHELL = "/bin/sh";
    private static final String SHIM = shim();
    /** For a command that needs no record: found on the PATH of its environment. */
    private static final String PLAIN = "exec \"$@\"";

    private static final Duration SERVICE_WITHIN = Duration.ofSeconds(2);

    private final ExitWatcher watcher;
    private final Spawner spawner;

    /** Takes some 50 ms the first time in a JVM: the calls of the C library are linked. */
    public Launcher(ExitWatcher watcher) {
        this(watcher, Spawner.ofThisMachine());
    }

    Launcher(ExitWatcher watcher, Spawner spawner) {
        this.watcher = watcher;
        this.spawner = spawner;
    }

    /**
     * Starts the instance and watches it: {@code listener} is told once when it ends, perhaps before this method returns.
     *
     * @throws LaunchException when it cannot be started: the program is missing or may not be executed, the log is a symbolic link…
     */
    public Launched launch(LaunchSpec spec, ExitListener listener) {
        Executable.check(spec.command().getFirst(), spec.directory(), spec.environment());
        RunDirectory run = spec.run();
        try {
            LogFile.attributes(spec.log());
            run.prepare();
        } catch (IOException e) {
            throw new LaunchException("The instance " + run.instance() + " cannot be started: " + e.getMessage(), e);
        }
        Spawner.Spawned shim = spawner.spawn(
                shell(SHIM, run.path().toString(), spec.command()), spec.environment(), spec.directory(), spec.log());
        try {
            run.recordShim(shim.identity());
            ServiceWatch.launched(watcher, run, shim.identity(), shim.child(), listener);
        } catch (IOException | ProcessException e) {
            // A service that nobody can find again or watch must not run. The group is that of the process we just
            // started.
            Libc.kill(-shim.identity().pid(), Signal.KILL.number());
            throw new LaunchException(
                    "The instance " + run.instance() + " was stopped again because it could not be watched: "
                            + e.getMessage(),
                    e);
        }
        return new Launched(run, shim.identity(), service(run, shim.identity()));
    }

    /** Starts a command beside an instance, with the same environment and log; for the few that stop it. Calls {@code ended} once. */
    ProcessIdentity run(
            List<String> command, Map<String, String> environment, Path directory, Path log, ExitListener ended) {
        Executable.check(command.getFirst(), directory, environment);
        try {
            LogFile.attributes(log);
        } catch (IOException e) {
            throw new LaunchException(command.getFirst() + " cannot be started: " + e.getMessage(), e);
        }
        Spawner.Spawned process = spawner.spawn(shell(PLAIN, SHELL, command), environment, directory, log);
        watcher.watch(
                process.identity(),
                () -> ended.exited(
                        (process.child() ? Libc.reap(process.identity().pid()) : Optional.<Integer>empty())
                                .map(Exit::ofWait)
                                .orElseGet(Exit.Unknown::new)));
        return process.identity();
    }

    private static List<String> shell(String script, String name, List<String> command) {
        var argv = new ArrayList<String>(command.size() + 4);
        argv.addAll(List.of(SHELL, "-c", script, name));
        argv.addAll(command);
        return argv;
    }

    /** The shim writes the pid within a millisecond or two, and nothing tells when: so look for it, ever more seldom. */
    private static CompletableFuture<ProcessIdentity> service(RunDirectory run, ProcessIdentity shim) {
        var service = new CompletableFuture<ProcessIdentity>();
        Thread.ofVirtual().name("argus-pid-" + run.instance()).start(() -> {
            try {
                long deadline = System.nanoTime() + SERVICE_WITHIN.toNanos();
                for (long pause = 1; System.nanoTime() < deadline; pause = Math.min(pause * 2, 50)) {
                    Thread.sleep(pause);
                    Optional<ProcessIdentity> found = run.service(shim.bootId());
                    if (found.isPresent()) {
                        service.complete(found.get());
                        return;
                    }
                }
                service.completeExceptionally(new LaunchException("The shim of instance " + run.instance()
                        + " did not start the service within " + SERVICE_WITHIN.toSeconds()
                        + " s; look at the instance's log and at the load of the machine."));
            } catch (RuntimeException e) {
                service.completeExceptionally(e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                service.cancel(false);
            }
        });
        return service;
    }

    /** The shim without its comments: it is an argument that {@code ps} shows. */
    private static String shim() {
        try (InputStream resource = Launcher.class.getResourceAsStream("shim.sh")) {
            if (resource == null) {
                throw new IllegalStateException("The resource shim.sh is missing from this build of Argus.");
            }
            return new String(resource.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
