package dev.argus.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel has logged lately; readable for root, and for others only where the machine allows it. */
final class KernelLog {
    private static final int READ_ALL = 3;
    private static final int LENGTH = 64 * 1024;
    private static final Pattern KILL =
            Pattern.compile("(?m)^<\\d+>\\[\\s*(\\d+)\\.\\d+\\].*[Kk]illed process (\\d+) \\(");
    private static final Optional<MethodHandle> KLOGCTL =
            Libc.find("klogctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

    private KernelLog() {}

    /** Its last 64 KiB; empty where Argus may not read it. */
    static String read() {
        if (KLOGCTL.isEmpty()) {
            return "";
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(LENGTH);
            int length = (int) KLOGCTL.get().invokeExact(READ_ALL, buffer, LENGTH);
            return length <= 0
                    ? ""
                    : new String(
                            buffer.asSlice(0, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE),
                            StandardCharsets.ISO_8859_1);
        } catch (Throwable e) {
            throw new IllegalStateException("The kernel's log cannot be asked for.", e);
        }
    }

    /**
     * Whether this log tells that the kernel has killed a process for want of memory.
     *
     * @param startedSeconds when the process was started, since boot: an older entry is about another one of the same pid
     */
    static boolean tellsOfKill(String log, long pid, long startedSeconds) {
        Matcher kill = KILL.matcher(log);
        while (kill.find()) {
            if (kill.group(2).equals(Long.toString(pid)) && Long.parseLong(kill.group(1)) >= startedSeconds) {
                return true;
            }
        }
        return false;
    }
}
