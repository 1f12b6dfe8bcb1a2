package dev.argus.metrics;

import dev.argus.bus.Command;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked of the {@link MetricsVerticle}. Figures are null where nothing was known. */
public sealed interface MetricsCommand<R> extends Command<R> {
    /** The address of the {@link MetricsVerticle}. */
    String ADDRESS = "argus.metrics";

    @Override
    default String address() {
        return ADDRESS;
    }

    /**
     * Points of a range, oldest first.
     *
     * @param from when the first begins
     * @param columns by name, all as long as the range has points
     */
    record Series(Range range, Instant from, Map<String, List<@Nullable Number>> columns) {
        /** Keeps the order of the columns. */
        public Series {
            columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        }
    }

    /**
     * The figures of a service: {@code cpu} (percent of one core), {@code memory} (bytes), {@code probe} (milliseconds), {@code requests} and {@code
     * errors} (per second). Nothing is known of one that does not exist.
     */
    record OfService(String service, Range range) implements MetricsCommand<Series> {}

    /** The figures of the machine: {@code cpu} (percent of all cores), {@code memory}, {@code disk} (bytes used), {@code load}. */
    record OfNode(Range range) implements MetricsCommand<Series> {}

    /**
     * A service in short: means over the thirtieths of the last hour, and what was measured last.
     *
     * @param requests per second
     * @param errors per second
     * @param probe milliseconds
     */
    record Glance(
            String service,
            List<@Nullable Number> cpu,
            List<@Nullable Number> memory,
            @Nullable Number requests,
            @Nullable Number errors,
            @Nullable Number probe) {}

    /** These services in short, in the same order. */
    record Glances(List<String> services) implements MetricsCommand<List<Glance>> {
        /** Copies the names. */
        public Glances {
            services = List.copyOf(services);
        }
    }
}
