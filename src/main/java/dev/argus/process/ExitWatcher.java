package dev.argus.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees processes end, children of Argus and strangers alike, within a fraction of a millisecond: one daemon thread sleeps in epoll over one pidfd
 * for each. Needs Linux 5.3. Thread-safe.
 */
public final class ExitWatcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ExitWatcher.class);

    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int NON_BLOCKING = 0x800;
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int READABLE = 1;
    private static final long WAKE = 0;
    private static final int ROOM = 64;
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    /** {@code struct epoll_event} is packed on x86-64 and on no other architecture. */
    private static final int DATA_OFFSET = System.getProperty("os.arch", "").equals("amd64") ? 4 : 8;

    private static final int EVENT_SIZE = DATA_OFFSET + 8;

    /** @param pidfd to be closed after its only event; otherwise the descriptor stays, and is another's to close */
    private record Watch(int descriptor, boolean pidfd, Runnable ready) {}

    private final int epoll;
    private final int wake;
    private final AtomicLong tokens = new AtomicLong(WAKE);
    private final Map<Long, Watch> watches = new ConcurrentHashMap<>();
    private final Queue<Runnable> alreadyGone = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Starts the thread.
     *
     * @throws ProcessException when the kernel has none of this
     */
    public ExitWatcher() {
        epoll = needed(Libc.epollCreate(CLOSE_ON_EXEC), "epoll");
        wake = needed(Libc.eventDescriptor(CLOSE_ON_EXEC | NON_BLOCKING), "eventfd");
        needed(control(ADD, wake, WAKE), "epoll");
        thread = Thread.ofPlatform().daemon().name("argus-exit-watcher").start(this::run);
    }

    /**
     * Calls {@code ended} on the watcher's thread once, when this process has ended (a zombie has), or at once when it already had. It must not
     * block.
     *
     * @throws ProcessException when the process lives and cannot be watched, as without a free file descriptor
     */
    public Watching watch(ProcessIdentity process, Runnable ended) {
        if (closed) {
            throw new IllegalStateException("The exit watcher is closed.");
        }
        int pidfd = Libc.pidfdOpen(process.pid());
        // Compared after the pidfd was opened: from here on it cannot become another process.
        boolean there = process.stat().isPresent();
        if (pidfd < 0 && there) {
            throw new ProcessException(
                    "Process " + process.pid() + " cannot be watched (" + Libc.describe(-pidfd) + ").");
        }
        long token = tokens.incrementAndGet();
        if (!there) {
            if (pidfd >= 0) {
                Libc.close(pidfd);
            }
            watches.put(token, new Watch(-1, true, ended));
            alreadyGone.add(() -> fire(token));
            Libc.eventWrite(wake);
        } else {
            watches.put(token, new Watch(pidfd, true, ended));
            int result = control(ADD, pidfd, token);
            if (result < 0) {
                forget(token);
                throw new ProcessException(
                        "Process " + process.pid() + " cannot be watched (" + Libc.describe(-result) + ").");
            }
        }
        if (closed) {
            forget(token);
        }
        return () -> forget(token);
    }

    /** Calls {@code ended} on the watcher's thread once, when the last of these processes has ended; at once when there is none. */
    public Watching watchAll(Collection<ProcessIdentity> processes, Runnable ended) {
        var left = new AtomicInteger(processes.size() + 1);
        Runnable one = () -> {
            if (left.decrementAndGet() == 0) {
                ended.run();
            }
        };
        List<Watching> all = new ArrayList<>();
        try {
            processes.forEach(process -> all.add(watch(process, one)));
        } catch (ProcessException e) {
            all.forEach(Watching::close);
            throw e;
        }
        alreadyGone.add(one);
        Libc.eventWrite(wake);
        return () -> all.forEach(Watching::close);
    }

    /**
     * Watches a service that an earlier Argus launched.
     *
     * @see Launcher#launch for those of this one
     */
    public void watch(Adopted.Running running, ExitListener listener) {
        running.shim()
                .ifPresentOrElse(
                        shim -> new Shim(this, running.run(), shim, false, Optional.empty(), listener).follow(),
                        () -> Shim.followService(this, running.service().orElseThrow(), listener));
    }

    /** Calls {@code ready} on the watcher's thread whenever this descriptor can be read, until that is closed. The descriptor stays the caller's. */
    Watching watchReadable(int descriptor, Runnable ready) {
        long token = tokens.incrementAndGet();
        watches.put(token, new Watch(descriptor, false, ready));
        int result = control(ADD, descriptor, token);
        if (result < 0) {
            watches.remove(token);
            throw new ProcessException("A shim cannot be watched (" + Libc.describe(-result) + ").");
        }
        return () -> forget(token);
    }

    /** How many processes are being watched. */
    public int size() {
        return watches.size();
    }

    /** Stops watching: nobody is told any more, and no process is touched. */
    @Override
    public void close() {
        closed = true;
        Libc.eventWrite(wake);
        if (Thread.currentThread() != thread) {
            try {
                thread.join(CLOSE_WITHIN);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate((long) EVENT_SIZE * ROOM, 8);
            while (!closed) {
                int count = Libc.epollWait(epoll, events, ROOM);
                if (count < 0 && count != -Libc.EINTR) {
                    log.error("Waiting for processes failed ({}); no exit is seen any more.", Libc.describe(-count));
                    return;
                }
                for (int i = 0; i < count; i++) {
                    long token = events.get(JAVA_LONG_UNALIGNED, (long) i * EVENT_SIZE + DATA_OFFSET);
                    if (token == WAKE) {
                        Libc.eventRead(wake);
                    } else {
                        fire(token);
                    }
                }
                for (Runnable gone = alreadyGone.poll(); gone != null; gone = alreadyGone.poll()) {
                    guarded(gone);
                }
            }
        } finally {
            closed = true;
            List.copyOf(watches.keySet()).forEach(this::forget);
            Libc.close(wake);
            Libc.close(epoll);
        }
    }

    private void fire(long token) {
        Watch watch = watches.get(token);
        if (watch != null && (!watch.pidfd() || forget(token))) {
            guarded(watch.ready());
        }
    }

    private static void guarded(Runnable ended) {
        try {
            ended.run();
        } catch (Throwable e) {
            // whatever it is: no other process must go unwatched for it
            log.error("What had to follow the end of a process failed.", e);
        }
    }

    private boolean forget(long token) {
        Watch watch = watches.remove(token);
        if (watch != null && watch.descriptor() >= 0) {
            // Not left to close(): a child that is being forked may hold a copy of the descriptor for a moment.
            control(DELETE, watch.descriptor(), token);
            if (watch.pidfd()) {
                Libc.close(watch.descriptor());
            }
        }
        return watch != null;
    }

    private int control(int operation, int descriptor, long token) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(EVENT_SIZE, 8);
            event.set(JAVA_INT, 0, READABLE);
            event.set(JAVA_LONG_UNALIGNED, DATA_OFFSET, token);
            return Libc.epollControl(epoll, operation, descriptor, event);
        }
    }

    private static int needed(int result, String what) {
        if (result < 0) {
            throw new ProcessException("The kernel refuses " + what + " (" + Libc.describe(-result)
                    + "); Argus needs Linux 5.3 or newer.");
        }
        return result;
    }
}
