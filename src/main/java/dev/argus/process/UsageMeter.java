package dev.argus.process;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Measures how much of the machine an instance uses. Keeps the last sample: one for each instance, used by one thread at a time. */
public final class UsageMeter {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** Two who ask at nearly the same moment get the same figure: in less time the clock ticks too seldom to say anything. */
    private static final long SHORTEST_SAMPLE_NANOS = Duration.ofMillis(100).toNanos();

    private Map<ProcessIdentity, Long> ticksBefore = Map.of();
    private boolean begun;
    private long ticks;
    private long ticksThen;
    private long sampledAt;
    private double percent;

    /**
     * What an instance uses.
     *
     * @param cpuPercent since the last measurement, 100 for one core; 0 at the first
     * @param rssBytes memory in use now; pages that processes share are counted for each
     * @param cpuMillis processor time since its processes were started; of those that have ended what was seen of it. Never falls
     */
    public record Usage(double cpuPercent, long rssBytes, long cpuMillis) {}

    /** Measures these processes, those that have gone counting nothing. */
    public Usage measure(Collection<ProcessIdentity> processes) {
        return measure(processes, ProcessIdentity::stat);
    }

    /** Measures these processes by what a reading that was just made says of them. */
    public Usage measure(Collection<ProcessIdentity> processes, ProcessTable reading) {
        return measure(processes, reading::stat);
    }

    private Usage measure(
            Collection<ProcessIdentity> processes, Function<ProcessIdentity, Optional<ProcessStat>> reading) {
        long now = System.nanoTime();
        var ticksNow = new HashMap<ProcessIdentity, Long>();
        long pages = 0;
        for (ProcessIdentity process : processes) {
            ProcessStat stat = reading.apply(process).orElse(null);
            if (stat != null) {
                ticksNow.put(process, stat.cpuTicks());
                pages += stat.residentPages();
                // One that was born since the last sample spent all of its time since then.
                ticks += stat.cpuTicks() - ticksBefore.getOrDefault(process, 0L);
            }
        }
        ticksBefore = ticksNow;
        sample(now);
        return new Usage(percent, pages * Libc.pageSize(), 1000 * ticks / Libc.clockTicksPerSecond());
    }

    private void sample(long now) {
        if (!begun || now - sampledAt >= SHORTEST_SAMPLE_NANOS) {
            double seconds = (double) (now - sampledAt) / NANOS_PER_SECOND;
            percent = begun ? 100.0 * (ticks - ticksThen) / Libc.clockTicksPerSecond() / seconds : 0;
            begun = true;
            ticksThen = ticks;
            sampledAt = now;
        }
    }
}
