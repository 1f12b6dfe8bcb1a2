package dev.argus.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The other end: what systemd would receive at an address. */
final class Notifications implements AutoCloseable {
    private static final int DATAGRAM = 2;
    private static final int WITHOUT_WAITING = 0x40;
    private static final int ROOM = 4096;
    private static final Linker LINKER = Linker.nativeLinker();

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final int descriptor;

    Notifications(String address) throws Throwable {
        byte[] bytes = address.getBytes(StandardCharsets.UTF_8);
        if (bytes[0] == '@') {
            bytes[0] = 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            descriptor = (int) call("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT))
                    .invokeExact(1, DATAGRAM, 0);
            var at = arena.allocate(128, 8);
            at.set(JAVA_SHORT, 0, (short) 1);
            MemorySegment.copy(bytes, 0, at, JAVA_BYTE, 2, bytes.length);
            int bound = (int) call("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT))
                    .invokeExact(descriptor, at, 2 + bytes.length + (bytes[0] == 0 ? 0 : 1));
            if (bound != 0) {
                throw new IllegalStateException("no socket at " + address);
            }
        }
    }

    /** All messages until now. */
    List<String> received() {
        MethodHandle receive = call("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            var text = arena.allocate(ROOM);
            long length = (long) receive.invokeExact(descriptor, text, (long) ROOM, WITHOUT_WAITING);
            while (length > 0) {
                received.add(new String(text.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8));
                length = (long) receive.invokeExact(descriptor, text, (long) ROOM, WITHOUT_WAITING);
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        return List.copyOf(received);
    }

    @Override
    public void close() {
        try {
            int ignored = (int)
                    call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)).invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle call(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
    }
}
