package dev.argus.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Follows one shim and the service below it.
 *
 * <pre>
 *   RUNNING ── the service ended, told over the channel ──→ WAITING ── again ──→ RUNNING
 *      └─────────────── the shim ended ──────────────────────→ GONE ←─────────────┘
 * </pre>
 *
 * A shim without a channel never waits: it ends right after its service.
 */
final class Shim {
    private enum State {
        RUNNING,
        WAITING,
        GONE
    }

    /** What is done when the service ends, without asking anybody. */
    record Restart(Predicate<Exit> fits, ExitListener next) {}

    private final ExitWatcher watcher;
    private final RunDirectory run;
    private final ProcessIdentity identity;
    private final boolean child;
    private final @Nullable ShimChannel channel;

    private State state = State.RUNNING;
    private int launches = 1;
    private @Nullable ExitListener listener;
    private @Nullable Watching channelWatch;
    private @Nullable Restart allowed;

    /**
     * Follows a shim that was just started, or was adopted.
     *
     * @param child whether nobody else reaps it
     */
    Shim(
            ExitWatcher watcher,
            RunDirectory run,
            ProcessIdentity identity,
            boolean child,
            Optional<ShimChannel> channel,
            ExitListener listener) {
        this.watcher = watcher;
        this.run = run;
        this.identity = identity;
        this.child = child;
        this.channel = channel.orElse(null);
        this.listener = listener;
    }

    /** Follows a service whose shim is gone. */
    static void followService(ExitWatcher watcher, ProcessIdentity service, ExitListener listener) {
        watcher.watch(service, () -> listener.exited(new Exit.Unknown()));
    }

    ProcessIdentity identity() {
        return identity;
    }

    /**
     * Begins to follow.
     *
     * @throws ProcessException when that is not possible
     */
    synchronized void follow() {
        if (channel != null) {
            channelWatch = watcher.watchReadable(channel.ours(), this::told);
        }
        watcher.watch(identity, this::ended);
    }

    /**
     * Has a waiting shim start its service again.
     *
     * @return false when it does not wait: then a new shim is needed
     */
    synchronized boolean again(ExitListener next) throws IOException {
        if (state != State.WAITING || channel == null) {
            return false;
        }
        run.forgetLast();
        if (!channel.again()) {
            return false;
        }
        state = State.RUNNING;
        launches++;
        listener = next;
        return true;
    }

    synchronized void allowRestart(@Nullable Restart restart) {
        allowed = state == State.RUNNING ? restart : null;
    }

    /** Needs no other start of this shim: it ends as soon as its service has ended. */
    synchronized void release() {
        allowed = null;
        if (channelWatch != null) {
            channelWatch.close();
            channelWatch = null;
        }
        if (channel != null) {
            channel.close();
        }
    }

    private void told() {
        ExitListener informed;
        Optional<Exit> exit;
        boolean startedAgain;
        synchronized (this) {
            exit = channel == null ? Optional.empty() : channel.reported();
            if (exit.isEmpty() || state != State.RUNNING) {
                // the shim closed it or is gone, which its own end will tell
                release();
                return;
            }
            state = State.WAITING;
            informed = listener;
            listener = null;
            startedAgain = restart(exit.get());
        }
        if (informed != null && startedAgain) {
            informed.restarted(exit.get(), new Launched(run, identity, service()));
        } else if (informed != null) {
            informed.exited(exit.get());
        }
    }

    private boolean restart(Exit exit) {
        Restart restart = allowed;
        allowed = null;
        try {
            return restart != null && restart.fits().test(exit) && again(restart.next());
        } catch (IOException _) {
            // the exit is told, and who starts it then hears of this
            return false;
        }
    }

    private void ended() {
        Optional<Exit> ofShim = child ? Libc.reap(identity.pid()).map(Exit::ofWait) : Optional.empty();
        ExitListener informed;
        synchronized (this) {
            state = State.GONE;
            release();
            informed = listener;
            listener = null;
        }
        if (informed == null) {
            return;
        }
        Optional<Exit> recorded = run.exit();
        Optional<ProcessIdentity> service = run.service().filter(ProcessIdentity::isAlive);
        if (recorded.isEmpty() && service.isPresent()) {
            informed.shimLost(service.get());
            followService(watcher, service.get(), informed);
        } else {
            informed.exited(recorded.or(() -> ofShim).orElseGet(Exit.Unknown::new));
        }
    }

    /**
     * Finds the process that the shim started for the present launch and records it. Nothing tells when it is there, so look for it, ever more
     * seldom, as long as the launch lasts; not at once, for the processor has better to do while the service starts.
     */
    synchronized CompletableFuture<ProcessIdentity> service() {
        var service = new CompletableFuture<ProcessIdentity>();
        int launch = launches;
        Thread.ofVirtual().name("argus-pid-" + run.instance()).start(() -> {
            try {
                Duration pause = Duration.ofMillis(5);
                Optional<ProcessIdentity> found = Optional.empty();
                while (found.isEmpty() && isPresent(launch)) {
                    Thread.sleep(pause);
                    pause = pause.compareTo(Duration.ofMillis(100)) < 0 ? pause.multipliedBy(2) : pause;
                    found = childOf(identity);
                }
                if (found.isPresent() && record(launch, found.get())) {
                    service.complete(found.get());
                } else {
                    service.completeExceptionally(new LaunchException("The service of instance " + run.instance()
                            + " ended before its process could be seen; look at its log."));
                }
            } catch (RuntimeException | IOException e) {
                service.completeExceptionally(e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                service.cancel(false);
            }
        });
        return service;
    }

    private synchronized boolean isPresent(int launch) {
        return launch == launches && state == State.RUNNING;
    }

    private synchronized boolean record(int launch, ProcessIdentity service) throws IOException {
        if (!isPresent(launch)) {
            return false;
        }
        run.recordService(service);
        return true;
    }

    /** The one child of a shim; empty before it was started, and after it ended. */
    static Optional<ProcessIdentity> childOf(ProcessIdentity shim) {
        return children(shim.pid())
                .mapToObj(ProcessIdentity::of)
                .flatMap(Optional::stream)
                .findFirst()
                .filter(_ -> shim.isAlive());
    }

    private static LongStream children(long pid) {
        try {
            String text = ProcessStat.text(Path.of("/proc/" + pid + "/task/" + pid + "/children"));
            return Arrays.stream(text.split(" ", -1))
                    .filter(word -> !word.isEmpty())
                    .mapToLong(Long::parseLong);
        } catch (IOException _) {
            // gone, or a kernel without this file: then the long way
            return ProcessTable.read().childrenOf(pid);
        }
    }
}
