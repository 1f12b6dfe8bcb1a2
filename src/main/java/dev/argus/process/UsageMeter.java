package dev.argus.process;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Measures how much of the machine an instance uses. Keeps the last sample: one for each instance, used by one thread at a time. */
public final class UsageMeter {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Map<ProcessIdentity, Long> ticksBefore = Map.of();
    private long sampledAt;

    /**
     * What an instance uses.
     *
     * @param cpuPercent since the last measurement, 100 for one core; 0 at the first
     * @param rssBytes memory in use now; pages that processes share are counted for each
     */
    public record Usage(double cpuPercent, long rssBytes) {}

    /** Measures these processes, those that have gone counting nothing. */
    public Usage measure(Collection<ProcessIdentity> processes) {
        return measure(processes, System.nanoTime());
    }

    private Usage measure(Collection<ProcessIdentity> processes, long now) {
        var ticks = new HashMap<ProcessIdentity, Long>();
        long pages = 0;
        long spent = 0;
        boolean first = ticksBefore.isEmpty() && sampledAt == 0;
        for (ProcessIdentity process : processes) {
            ProcessStat stat = process.stat().orElse(null);
            if (stat != null) {
                ticks.put(process, stat.cpuTicks());
                pages += stat.residentPages();
                // One that was born since the last sample spent all of its time since then.
                spent += stat.cpuTicks() - ticksBefore.getOrDefault(process, first ? stat.cpuTicks() : 0L);
            }
        }
        double seconds = (double) (now - sampledAt) / NANOS_PER_SECOND;
        double percent = first || seconds <= 0 ? 0 : 100.0 * spent / Libc.clockTicksPerSecond() / seconds;
        ticksBefore = ticks;
        sampledAt = now;
        return new Usage(percent, pages * Libc.pageSize());
    }
}
