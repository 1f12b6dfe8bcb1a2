package dev.argus.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Starts instances under the shim, so that they outlive Argus. Blocks for well under a millisecond. Thread-safe. */
public final class Launcher {
    private static final String SHELL = "/bin/sh";
    private static final String SHIM = shim();
    /** For a command that needs no record: found on the PATH of its environment. */
    private static final String PLAIN = "exec \"$@\"";

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
     * Starts the instance once and watches it: {@code listener} is told once when it ends, perhaps before this method returns. What is to be
     * started again and again is better {@linkplain #prepare prepared}.
     *
     * @throws LaunchException when it cannot be started: the program is missing or may not be executed, the log is a symbolic link…
     */
    public Launched launch(LaunchSpec spec, ExitListener listener) {
        try (PreparedLaunch prepared = prepare(spec)) {
            return prepared.launch(listener);
        }
    }

    /**
     * Prepares an instance for being started again and again, so that a restart is nearly as quick as that of a shell which waits for its child:
     * the shim stays and waits. Starts nothing and touches no record, so that it may be done while an adopted launch still runs.
     *
     * @return to be closed when the instance is not to be started by it any more
     * @throws LaunchException as {@link #launch}
     */
    public PreparedLaunch prepare(LaunchSpec spec) {
        Path program = Executable.find(spec.command().getFirst(), spec.directory(), spec.environment());
        try {
            spec.run().make();
        } catch (IOException e) {
            throw new LaunchException(
                    "The instance " + spec.run().instance() + " cannot be started: " + e.getMessage(), e);
        }
        var arguments = new ArrayList<String>(spec.command().size() + 1);
        arguments.add(spec.group().map(Path::toString).orElse(""));
        arguments.addAll(spec.command());
        List<String> argv = shell(SHIM, spec.run().path().toString(), arguments);
        return new PreparedLaunch(watcher, spawner, spec, program, argv);
    }

    /** Starts a command beside an instance, with the same environment and log; for the few that stop it. Calls {@code ended} once. */
    ProcessIdentity run(
            List<String> command, Map<String, String> environment, Path directory, Path log, ExitListener ended) {
        Executable.find(command.getFirst(), directory, environment);
        try {
            LogFile.attributes(log);
        } catch (IOException e) {
            throw new LaunchException(command.getFirst() + " cannot be started: " + e.getMessage(), e);
        }
        Spawner.Spawned process =
                spawner.spawn(shell(PLAIN, SHELL, command), environment, directory, log, Optional.empty());
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
