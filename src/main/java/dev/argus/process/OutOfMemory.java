package dev.argus.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells a kill by the kernel for want of memory from other kills, where that can be known: by the counter of the control group that an instance
 * may have for itself, or by what the kernel has logged of the process. Where neither says so, it stays a kill by a signal. Thread-safe; blocks for some
 * milliseconds at most.
 */
public final class OutOfMemory {
    private static final String COUNTER = "oom_kill ";

    private final Map<String, Long> counted = new ConcurrentHashMap<>();

    /**
     * The same exit, or {@link Exit.KilledForMemory} where it was that.
     *
     * @param service the process that has ended, where it is known
     */
    public Exit explain(Exit exit, String instance, Optional<ProcessIdentity> service) {
        if (!(exit instanceof Exit.Killed(int signal)) || signal != Signal.KILL.number()) {
            return exit;
        }
        boolean known = roseFor(instance) || service.map(OutOfMemory::isLogged).orElse(false);
        return known ? new Exit.KilledForMemory() : exit;
    }

    /** Begins with what is counted already, for an instance that lived before this Argus. */
    public void note(String instance) {
        countOf(instance).ifPresent(kills -> counted.put(instance, kills));
    }

    /** Forgets an instance that was stopped: its control group, if there is a next one, counts from zero. */
    public void forget(String instance) {
        counted.remove(instance);
    }

    private boolean roseFor(String instance) {
        OptionalLong now = countOf(instance);
        if (now.isEmpty()) {
            return false;
        }
        Long before = counted.put(instance, now.getAsLong());
        return now.getAsLong() > (before == null ? 0 : before);
    }

    private static OptionalLong countOf(String instance) {
        return ControlGroup.of(instance)
                .map(group -> count(group.directory().resolve("memory.events")))
                .orElse(OptionalLong.empty());
    }

    private static boolean isLogged(ProcessIdentity service) {
        return KernelLog.tellsOfKill(
                KernelLog.read(), service.pid(), service.startTicks() / Libc.clockTicksPerSecond());
    }

    private static OptionalLong count(Path events) {
        try {
            return count(ProcessStat.text(events));
        } catch (IOException _) {
            // the instance has no control group, or one that does not count
            return OptionalLong.empty();
        }
    }

    static OptionalLong count(String events) {
        return events.lines()
                .filter(line -> line.startsWith(COUNTER))
                .mapToLong(
                        line -> Long.parseLong(line.substring(COUNTER.length()).trim()))
                .findFirst();
    }
}
