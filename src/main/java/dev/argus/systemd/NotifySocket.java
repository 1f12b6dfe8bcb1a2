package dev.argus.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Sends datagrams to a socket of the file system or, where the address begins with {@code @}, an abstract one. By the C library,
 * because Java has no datagrams of this family. Sending does not block: a receiver that is full loses the message.
 */
@SuppressWarnings("restricted")
final class NotifySocket implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    /** The room for the address in {@code sockaddr_un}. */
    private static final int LONGEST_ADDRESS = 108;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET =
            function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SEND_TO = function(
            "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final byte[] address;
    private final int descriptor;

    /**
     * Opens a socket for messages to {@code address}.
     *
     * @throws IOException if the address is none, or no socket is to be had
     */
    NotifySocket(String address) throws IOException {
        byte[] bytes = address.getBytes(StandardCharsets.UTF_8);
        boolean hidden = address.startsWith("@");
        if (!(hidden || address.startsWith("/")) || bytes.length < 2 || bytes.length >= LONGEST_ADDRESS) {
            throw new IOException("\"" + address + "\" is no address of a notification socket");
        }
        if (hidden) {
            bytes[0] = 0;
            this.address = bytes;
        } else {
            this.address = Arrays.copyOf(bytes, bytes.length + 1);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            descriptor = (int) SOCKET.invokeExact(state, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            check("socket", state, descriptor);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /**
     * Sends one message, which is lines of {@code KEY=value}.
     *
     * @throws IOException if nobody takes it
     */
    void send(String message) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment text = arena.allocateFrom(JAVA_BYTE, message.getBytes(StandardCharsets.UTF_8));
            MemorySegment to = arena.allocate(Short.BYTES + (long) address.length, Short.BYTES);
            to.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(address, 0, to, JAVA_BYTE, Short.BYTES, address.length);
            long sent = (long) SEND_TO.invokeExact(
                    state, descriptor, text, text.byteSize(), MSG_DONTWAIT | MSG_NOSIGNAL, to, (int) to.byteSize());
            check("sendto", state, sent);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    @Override
    public void close() {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(arena.allocate(STATE), descriptor);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private static void check(String what, MemorySegment state, long result) throws IOException {
        if (result < 0) {
            throw new IOException(what + " failed with error " + (int) ERRNO.get(state, 0L));
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    private static IllegalStateException broken(Throwable cause) {
        return new IllegalStateException("A call of the C library failed inside the JVM.", cause);
    }
}
