package dev.argus.deploy.build;

import dev.argus.deploy.CancelToken;
import dev.argus.deploy.Cancelled;
import dev.argus.process.Members;
import dev.argus.process.ProcessIdentity;
import dev.argus.process.Signal;
import dev.argus.service.CommandLine;
import dev.argus.service.Durations;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Runs the build commands of a release, each in a session of its own with low priority, nothing on standard input and an environment made
 * from empty. Whatever a command leaves running is ended with it.
 */
public final class Builder {
    private static final long LEAST_FREE = 512L << 20;
    private static final Duration AFTER_EXIT = Duration.ofSeconds(2);

    /** By it all processes of an instance are found, and so those of a build. */
    private static final String MARK = "ARGUS_INSTANCE";

    private static final Duration LEFTOVERS_WITHIN = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final BuildEnvironment environment;

    /** A builder whose caches are in {@code dataDirectory}; {@code ownEnvironment} is that of Argus, usually {@link System#getenv()}. */
    public Builder(Path dataDirectory, Map<String, String> ownEnvironment) {
        this.environment = new BuildEnvironment(dataDirectory.toAbsolutePath(), ownEnvironment);
    }

    /**
     * Builds; returns when all commands have succeeded.
     *
     * @param lines is told every line of output, at most 4096 bytes each and 10 MB together, on another thread
     * @throws BuildFailed with the cause and the last lines
     * @throws Cancelled when the token was cancelled
     */
    public void build(BuildOrder order, Consumer<String> lines, CancelToken cancel) {
        cancel.throwIfCancelled();
        long end = System.nanoTime() + order.deadline().toNanos();
        try (var output = new BuildOutput(order.logFile(), lines, new Masking(order.secrets()))) {
            checkSpace(order.release());
            Map<String, String> made = environment.make(order.release(), order.env());
            for (CommandLine command : order.commands()) {
                run(command, order, made, output, end, cancel);
            }
        } catch (IOException e) {
            throw new BuildFailed(
                    "The build of " + order.service() + " could not be run (" + e.getMessage() + ").", List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled("The build of " + order.service() + " was interrupted.");
        }
    }

    /** Ends what a build left running that was cut off together with its Argus; returns when it is gone. */
    public void endLeftovers(Path release) throws IOException {
        long end = System.nanoTime() + LEFTOVERS_WITHIN.toNanos();
        List<ProcessIdentity> left = Members.of(mark(release), Optional.empty());
        while (!left.isEmpty()) {
            if (System.nanoTime() > end) {
                throw new IOException(
                        "processes " + left.stream().map(ProcessIdentity::pid).toList() + " of its build do not end");
            }
            left.forEach(Signal.KILL::send);
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            left = Members.of(mark(release), Optional.empty());
        }
    }

    private static String mark(Path release) {
        return "build of " + release.toAbsolutePath();
    }

    private static void checkSpace(Path release) throws IOException {
        long free = Files.getFileStore(release).getUsableSpace();
        if (free < LEAST_FREE) {
            throw new BuildFailed(
                    "Only " + (free >> 20) + " MiB are free where " + release + " is, but a build needs "
                            + (LEAST_FREE >> 20) + " MiB; make room.",
                    List.of());
        }
    }

    private void run(
            CommandLine command,
            BuildOrder order,
            Map<String, String> made,
            BuildOutput output,
            long end,
            CancelToken cancel)
            throws IOException, InterruptedException {
        Path directory = command.directoryIn(order.release());
        var variables = new HashMap<>(made);
        variables.putAll(command.environment());
        variables.put("PWD", directory.toString());
        // so that a later Argus finds what this one had no time to end
        variables.put(MARK, mark(order.release()));
        String program = command.argv().getFirst();
        if (Toolchain.find(program, directory, variables).isEmpty()) {
            throw new BuildFailed(Toolchain.missing(program, directory), output.lastLines());
        }
        output.accept("$ " + command.shown());
        int status = await(start(command, directory, variables), order, output, end, cancel);
        if (status != 0) {
            List<String> last = output.lastLines();
            throw new BuildFailed(FailureCause.sentence(command, status, last), status, last);
        }
    }

    private static Process start(CommandLine command, Path directory, Map<String, String> variables)
            throws IOException {
        var argv = new ArrayList<>(List.of("setsid", "nice", "-n", "10"));
        argv.addAll(command.argv());
        var builder = new ProcessBuilder(argv)
                .directory(directory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(variables);
        return builder.start();
    }

    private static int await(Process process, BuildOrder order, BuildOutput output, long end, CancelToken cancel)
            throws IOException, InterruptedException {
        var session = new Session(process.pid());
        var read = new CompletableFuture<Void>();
        Thread.ofPlatform().daemon().name("build-output-" + order.service()).start(() -> read(process, output, read));
        var given = new CompletableFuture<Void>();
        CompletableFuture<Void> broken = read.thenCompose(nothing -> new CompletableFuture<>());
        CancelToken.Registration registration = cancel.onCancel(() -> given.complete(null));
        try {
            CompletableFuture.anyOf(process.onExit(), given, broken)
                    .get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            cancel.throwIfCancelled();
            int status = process.exitValue();
            session.end();
            read.get(AFTER_EXIT.toMillis(), TimeUnit.MILLISECONDS);
            return status;
        } catch (TimeoutException e) {
            if (process.isAlive()) {
                throw new BuildFailed(
                        "The build did not end within " + Durations.format(order.deadline())
                                + " and was stopped; make it faster or raise the limit.",
                        output.lastLines());
            }
            // Something that left the session keeps the pipe open; what it says later is of no interest.
            return process.exitValue();
        } catch (ExecutionException e) {
            throw new IOException("its output could not be taken: " + e.getCause(), e);
        } finally {
            registration.close();
            if (process.isAlive()) {
                session.end();
                // One that was cancelled at once may not have had its own session yet.
                process.destroyForcibly();
            }
            session.end();
            process.getInputStream().close();
        }
    }

    private static void read(Process process, BuildOutput output, CompletableFuture<Void> read) {
        try (var in = process.getInputStream()) {
            output.readAll(in);
            read.complete(null);
        } catch (IOException | RuntimeException e) {
            read.completeExceptionally(e);
        }
    }
}
