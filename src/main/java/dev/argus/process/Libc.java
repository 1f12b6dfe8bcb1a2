package dev.argus.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The few calls of the C library that Java lacks. Every method gives the result, or the error number made negative.
 *
 * <p>The pidfd calls go through {@code syscall}, since the C library has wrappers for them only from 2.36 on; their numbers are the same on
 * every architecture.
 */
@SuppressWarnings("restricted")
final class Libc {
    static final int EINTR = 4;
    static final int ESRCH = 3;

    private static final long SYS_PIDFD_SEND_SIGNAL = 424;
    private static final long SYS_PIDFD_OPEN = 434;
    private static final int SC_CLK_TCK = 2;
    private static final int SC_PAGESIZE = 30;
    private static final int WNOHANG = 1;
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int SHORT_TEXT = 32;
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    /** The one flag here that is not the same everywhere. */
    static final int O_NOFOLLOW = System.getProperty("os.arch", "").equals("aarch64") ? 0x8000 : 0x20000;

    private static final int COLLAPSE_RANGE = 8;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = LINKER.defaultLookup();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker.Option WITH_ERRNO = Linker.Option.captureCallState("errno");

    private static final MethodHandle PIDFD_OPEN = function(
            "syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT),
            WITH_ERRNO,
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle PIDFD_SEND_SIGNAL = function(
            "syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
            WITH_ERRNO,
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle KILL =
            function("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), WITH_ERRNO);
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), WITH_ERRNO);
    private static final MethodHandle WAITPID =
            function("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), WITH_ERRNO);
    private static final MethodHandle EPOLL_CREATE =
            function("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT), WITH_ERRNO);
    private static final MethodHandle EPOLL_CTL =
            function("epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), WITH_ERRNO);
    private static final MethodHandle EPOLL_WAIT =
            function("epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), WITH_ERRNO);
    private static final MethodHandle EVENTFD =
            function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), WITH_ERRNO);
    private static final MethodHandle EVENTFD_WRITE =
            function("eventfd_write", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG), WITH_ERRNO);
    private static final MethodHandle EVENTFD_READ =
            function("eventfd_read", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS), WITH_ERRNO);
    private static final MethodHandle SOCKET_PAIR =
            function("socketpair", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), WITH_ERRNO);
    private static final MethodHandle SEND =
            function("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT), WITH_ERRNO);
    private static final MethodHandle RECEIVE =
            function("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT), WITH_ERRNO);
    private static final MethodHandle OPEN = function(
            "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), WITH_ERRNO, Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FALLOCATE = function(
            "fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG), WITH_ERRNO);
    private static final MethodHandle SYSCONF = function("sysconf", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
    private static final MethodHandle STRERROR = function("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private Libc() {}

    /** A function that may be missing in an older library. */
    static Optional<MethodHandle> find(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LIBRARY.find(name).map(address -> LINKER.downcallHandle(address, descriptor, options));
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return find(name, descriptor, options)
                .orElseThrow(() -> new UnsatisfiedLinkError("The C library has no function " + name + "."));
    }

    static int pidfdOpen(long pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return result(state, (int) (long) PIDFD_OPEN.invokeExact(state, SYS_PIDFD_OPEN, (int) pid, 0));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int pidfdSendSignal(int pidfd, int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return result(state, (int) (long)
                    PIDFD_SEND_SIGNAL.invokeExact(state, SYS_PIDFD_SEND_SIGNAL, pidfd, signal, MemorySegment.NULL, 0));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** To a group when {@code target} is negative. */
    static int kill(long target, int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return result(state, (int) KILL.invokeExact(state, (int) target, signal));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return result(state, (int) CLOSE.invokeExact(state, descriptor));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** The wait status of this one child when it has ended; empty while it runs and for what is no child of ours. Does not block. */
    static Optional<Integer> reap(long pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment status = arena.allocate(JAVA_INT);
            int reaped = (int) WAITPID.invokeExact(state, (int) pid, status, WNOHANG);
            return reaped == pid ? Optional.of(status.get(JAVA_INT, 0)) : Optional.empty();
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int epollCreate(int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return result(state, (int) EPOLL_CREATE.invokeExact(state, flags));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int epollControl(int epoll, int operation, int descriptor, MemorySegment event) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return result(state, (int) EPOLL_CTL.invokeExact(state, epoll, operation, descriptor, event));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Blocks until something happened. */
    static int epollWait(int epoll, MemorySegment events, int room) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return result(state, (int) EPOLL_WAIT.invokeExact(state, epoll, events, room, -1));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int eventDescriptor(int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return result(state, (int) EVENTFD.invokeExact(state, 0, flags));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int eventWrite(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return result(state, (int) EVENTFD_WRITE.invokeExact(state, descriptor, 1L));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int eventRead(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return result(state, (int) EVENTFD_READ.invokeExact(state, descriptor, arena.allocate(JAVA_LONG)));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Two connected stream sockets that no program started later inherits. */
    static int socketPair(int[] ends) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment pair = arena.allocate(JAVA_INT, 2);
            int result = (int) SOCKET_PAIR.invokeExact(state, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
            ends[0] = pair.getAtIndex(JAVA_INT, 0);
            ends[1] = pair.getAtIndex(JAVA_INT, 1);
            return result(state, result);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Sends a short text without blocking, and without a signal when the other end is closed. */
    static int send(int socket, String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment bytes = arena.allocateFrom(text, StandardCharsets.US_ASCII);
            return result(state, (int)
                    (long) SEND.invokeExact(state, socket, bytes, bytes.byteSize() - 1, MSG_DONTWAIT | MSG_NOSIGNAL));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** What came in, a few bytes; empty when there is nothing and when the other end is closed. Does not block. */
    static String receive(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment bytes = arena.allocate(SHORT_TEXT + 1L);
            long count = (long) RECEIVE.invokeExact(state, socket, bytes, (long) SHORT_TEXT, MSG_DONTWAIT);
            return count <= 0 ? "" : bytes.getString(0, StandardCharsets.US_ASCII);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /**
     * Takes the first bytes out of a file, whole blocks of its file system, and moves what follows to its beginning.
     *
     * @throws IOException when that cannot be done; then nothing has changed
     */
    static void collapse(String file, long bytes, boolean followNoLink) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int flags = O_RDWR | O_CLOEXEC | (followNoLink ? O_NOFOLLOW : 0);
            int descriptor = result(state, (int) OPEN.invokeExact(state, arena.allocateFrom(file), flags));
            if (descriptor < 0) {
                throw new IOException(file + ": " + describe(-descriptor));
            }
            int done = result(state, (int) FALLOCATE.invokeExact(state, descriptor, COLLAPSE_RANGE, 0L, bytes));
            close(descriptor);
            if (done < 0) {
                throw new IOException(file + ": " + describe(-done));
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long clockTicksPerSecond() {
        return configuration(SC_CLK_TCK);
    }

    static long pageSize() {
        return configuration(SC_PAGESIZE);
    }

    private static long configuration(int name) {
        try {
            return (long) SYSCONF.invokeExact(name);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** What the C library says about an error number. */
    static String describe(int error) {
        try {
            return ((MemorySegment) STRERROR.invokeExact(error))
                    .reinterpret(256)
                    .getString(0);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static IllegalStateException broken(Throwable cause) {
        return new IllegalStateException("A call of the C library failed inside the JVM.", cause);
    }

    private static int result(MemorySegment state, int result) {
        return result < 0 ? -(int) ERRNO.get(state, 0L) : result;
    }
}
