package dev.argus.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process it is, also after its pid was given to another one and after a reboot.
 *
 * @param startTicks when it was started, in clock ticks since boot (field 22 of {@code /proc/PID/stat})
 * @param bootId the kernel's random name of this boot
 */
public record ProcessIdentity(long pid, long startTicks, String bootId) {

    /** The identity of a process that lives now; a zombie does not live. */
    public static Optional<ProcessIdentity> of(long pid) {
        return ProcessStat.of(pid).filter(ProcessStat::isAlive).map(ProcessIdentity::of);
    }

    static ProcessIdentity of(ProcessStat stat) {
        return new ProcessIdentity(stat.pid(), stat.startTicks(), currentBoot());
    }

    /** Whether this very process lives; a zombie counts as dead. */
    public boolean isAlive() {
        return stat().filter(ProcessStat::isAlive).isPresent();
    }

    /** What the kernel says about this very process, which may be a zombie; empty when it is gone or the pid is another's. */
    public Optional<ProcessStat> stat() {
        return bootId.equals(currentBoot())
                ? ProcessStat.of(pid).filter(stat -> stat.startTicks() == startTicks)
                : Optional.empty();
    }

    /** The opposite of {@link #line}; empty for anything else, such as a line that was not written to its end. */
    static Optional<ProcessIdentity> parse(String line) {
        String[] words = line.split(" ", -1);
        if (!line.endsWith("\n") || words.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new ProcessIdentity(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2].trim()));
        } catch (NumberFormatException _) {
            // not such a line, which is what empty says
            return Optional.empty();
        }
    }

    /** One line that {@link #parse} understands. */
    String line() {
        return pid + " " + startTicks + " " + bootId + "\n";
    }

    /** The name of this boot of the machine. */
    static String currentBoot() {
        return Boot.ID;
    }

    /** Read once, when first asked for: it cannot change while this process lives. */
    private static final class Boot {
        static final String ID = read();

        private static String read() {
            try {
                return ProcessStat.text(Path.of("/proc/sys/kernel/random/boot_id"))
                        .trim();
            } catch (IOException e) {
                throw new UncheckedIOException("The boot id of this machine cannot be read; is /proc mounted?", e);
            }
        }
    }
}
