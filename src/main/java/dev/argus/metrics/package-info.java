/**
 * How much services and the machine use, kept in bounded space for graphs: what was measured every 15 s of the last hour, and means of it for a day
 * and a week.
 *
 * <p>MetricsVerticle measures by asking the owners of the counters ({@link dev.argus.metrics.Sampler}), turns two measurements into figures ({@link
 * dev.argus.metrics.Rates}), records them ({@link dev.argus.metrics.Recording}) and saves what has changed once a minute. The last two are pure.
 */
@NullMarked
package dev.argus.metrics;

import org.jspecify.annotations.NullMarked;
