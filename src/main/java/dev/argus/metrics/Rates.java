package dev.argus.metrics;

import dev.argus.metrics.Measurement.Answered;
import dev.argus.metrics.Measurement.Used;
import dev.argus.metrics.Measurement.Visited;
import dev.argus.node.NodeSample;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the counters of two measurements into figures. A counter that has fallen began anew, and so did one that was not there before. What is not
 * known of both moments is {@code NaN}. Pure.
 */
final class Rates {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;

    private final @Nullable Measurement before;
    private final Measurement now;
    private final int cores;
    private final double seconds;

    /** @param cores how many the machine has: nobody uses more */
    Rates(@Nullable Measurement before, Measurement now, int cores) {
        this.before = before;
        this.now = now;
        this.cores = cores;
        seconds = before == null ? 0 : (now.nanos() - before.nanos()) / NANOS_PER_SECOND;
    }

    /** The figures of these services, in the order of {@link Column#OF_SERVICES}. */
    Map<String, float[]> services(Set<String> services) {
        Map<String, float[]> all = new HashMap<>();
        for (String service : services) {
            all.put(service, unknown(Column.OF_SERVICES.size()));
        }
        addUsage(all);
        addAnswers(all);
        addVisits(all);
        return all;
    }

    private static float[] unknown(int columns) {
        var figures = new float[columns];
        Arrays.fill(figures, Float.NaN);
        return figures;
    }

    private static void add(float[] figures, int column, double value) {
        figures[column] = (float) (Float.isNaN(figures[column]) ? value : figures[column] + value);
    }

    private void addUsage(Map<String, float[]> all) {
        Map<String, Used> instances = now.instances();
        if (instances == null) {
            return;
        }
        Map<String, Used> known = before == null ? null : before.instances();
        instances.forEach((id, used) -> {
            float[] figures = all.get(used.service());
            // without any memory there is no process
            if (figures == null || used.rssBytes() == 0) {
                return;
            }
            add(figures, Column.MEMORY, (double) used.rssBytes());
            if (known != null && seconds > 0) {
                Used then = known.get(id);
                long millis = since(then == null ? 0 : then.cpuMillis(), used.cpuMillis());
                add(figures, Column.CPU, Math.min(millis / (10 * seconds), 100.0 * cores));
            }
        });
    }

    private void addAnswers(Map<String, float[]> all) {
        Map<String, Used> instances = now.instances();
        Map<String, Answered> answers = now.answers();
        Map<String, Answered> known = before == null ? null : before.answers();
        if (instances == null || answers == null || known == null) {
            return;
        }
        Map<String, Answered> sums = new HashMap<>();
        answers.forEach((id, counted) -> {
            Used used = instances.get(id);
            if (used != null && all.containsKey(used.service())) {
                Answered then = known.get(id);
                boolean goesOn = then != null && then.answers() <= counted.answers();
                long more = counted.answers() - (goesOn && then != null ? then.answers() : 0);
                long took = counted.nanos() - (goesOn && then != null ? then.nanos() : 0);
                sums.merge(
                        used.service(),
                        new Answered(more, took),
                        (one, other) -> new Answered(one.answers() + other.answers(), one.nanos() + other.nanos()));
            }
        });
        sums.forEach((service, sum) -> {
            float[] figures = all.get(service);
            if (figures != null && sum.answers() > 0) {
                figures[Column.PROBE] = (float) (sum.nanos() / NANOS_PER_MILLI / sum.answers());
            }
        });
    }

    private void addVisits(Map<String, float[]> all) {
        Map<String, Visited> visits = now.visits();
        Map<String, Visited> known = before == null ? null : before.visits();
        if (visits == null || known == null || seconds <= 0) {
            return;
        }
        visits.forEach((service, counted) -> {
            float[] figures = all.get(service);
            if (figures != null) {
                Visited then = known.getOrDefault(service, new Visited(0, 0));
                boolean goesOn = then.requests() <= counted.requests() && then.failed() <= counted.failed();
                long requests = counted.requests() - (goesOn ? then.requests() : 0);
                long failed = counted.failed() - (goesOn ? then.failed() : 0);
                figures[Column.REQUESTS] = (float) (requests / seconds);
                figures[Column.ERRORS] = (float) (failed / seconds);
            }
        });
    }

    private static long since(long then, long counted) {
        return counted < then ? counted : counted - then;
    }

    /** The figures of the machine, in the order of {@link Column#OF_THE_NODE}. */
    float[] node() {
        float[] figures = unknown(Column.OF_THE_NODE.size());
        NodeSample sample = now.node();
        if (sample != null) {
            NodeSample then = before == null ? null : before.node();
            if (then != null && sample.allTicks() > then.allTicks()) {
                double share = (double) (sample.busyTicks() - then.busyTicks()) / (sample.allTicks() - then.allTicks());
                // the kernel corrects its counters now and then
                figures[Column.CPU] = (float) Math.clamp(100 * share, 0, 100);
            }
            figures[Column.MEMORY] = sample.memoryUsed();
            figures[Column.DISK] = sample.diskUsed();
            figures[Column.LOAD] = (float) sample.load1();
        }
        return figures;
    }
}
