package dev.argus.metrics;

import dev.argus.node.NodeSample;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counters at one moment; what could not be had is null.
 *
 * @param nanos when, as of {@link System#nanoTime}
 * @param instances by id
 * @param visits by service
 */
record Measurement(
        long nanos,
        @Nullable Map<String, Used> instances,
        @Nullable Map<String, Answered> answers,
        @Nullable Map<String, Visited> visits,
        @Nullable NodeSample node) {

    /** What an instance uses. */
    record Used(String service, long cpuMillis, long rssBytes) {}

    /** How long the answers of an instance to its probes took. */
    record Answered(long answers, long nanos) {}

    /** What visitors of a service got. */
    record Visited(long requests, long failed) {}
}
