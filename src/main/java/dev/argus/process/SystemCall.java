package dev.argus.process;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts {@code /proc/PID/syscall} into words. */
final class SystemCall {
    private static final Map<String, String> OF_X86_64 = Map.ofEntries(
            Map.entry("0", "read"),
            Map.entry("1", "write"),
            Map.entry("7", "poll"),
            Map.entry("23", "select"),
            Map.entry("34", "pause"),
            Map.entry("35", "nanosleep"),
            Map.entry("42", "connect"),
            Map.entry("43", "accept"),
            Map.entry("44", "sendto"),
            Map.entry("45", "recvfrom"),
            Map.entry("46", "sendmsg"),
            Map.entry("47", "recvmsg"),
            Map.entry("61", "wait4"),
            Map.entry("73", "flock"),
            Map.entry("74", "fsync"),
            Map.entry("202", "futex"),
            Map.entry("230", "clock_nanosleep"),
            Map.entry("232", "epoll_wait"),
            Map.entry("270", "pselect6"),
            Map.entry("271", "ppoll"),
            Map.entry("281", "epoll_pwait"),
            Map.entry("288", "accept4"));
    private static final Map<String, String> OF_AARCH64 = Map.ofEntries(
            Map.entry("22", "epoll_pwait"),
            Map.entry("32", "flock"),
            Map.entry("63", "read"),
            Map.entry("64", "write"),
            Map.entry("72", "pselect6"),
            Map.entry("73", "ppoll"),
            Map.entry("82", "fsync"),
            Map.entry("98", "futex"),
            Map.entry("101", "nanosleep"),
            Map.entry("115", "clock_nanosleep"),
            Map.entry("202", "accept"),
            Map.entry("203", "connect"),
            Map.entry("206", "sendto"),
            Map.entry("207", "recvfrom"),
            Map.entry("211", "sendmsg"),
            Map.entry("212", "recvmsg"),
            Map.entry("242", "accept4"),
            Map.entry("260", "wait4"));
    /** Their first argument is a file descriptor. */
    private static final Set<String> ON_A_FILE = Set.of(
            "read",
            "write",
            "connect",
            "accept",
            "accept4",
            "sendto",
            "recvfrom",
            "sendmsg",
            "recvmsg",
            "flock",
            "fsync");

    private SystemCall() {}

    /** {@code read of descriptor 3}, {@code poll}, {@code computing}; empty when the kernel does not say. */
    static String describe(String text) {
        return describe(text, System.getProperty("os.arch", ""));
    }

    static String describe(String text, String architecture) {
        String[] words = text.trim().split(" ", 3);
        if (words[0].equals("running")) {
            return "computing";
        }
        if (words.length < 2 || words[0].startsWith("-")) {
            return "";
        }
        Map<String, String> names = architecture.equals("aarch64") ? OF_AARCH64 : OF_X86_64;
        boolean known = architecture.equals("aarch64") || architecture.equals("amd64");
        String name = Optional.ofNullable(known ? names.get(words[0]) : null).orElse("system call " + words[0]);
        return ON_A_FILE.contains(name) ? name + " of descriptor " + descriptor(words[1]) : name;
    }

    private static String descriptor(String hex) {
        try {
            return Integer.toString(Integer.parseUnsignedInt(hex.substring(2), 16));
        } catch (NumberFormatException | StringIndexOutOfBoundsException _) {
            // more than 32 bits are no descriptor, and shown as they are
            return hex;
        }
    }
}
