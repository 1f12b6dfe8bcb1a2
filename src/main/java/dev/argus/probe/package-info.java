/**
 * Asks every running instance whether it is alive.
 *
 * <p>{@link dev.argus.probe.ProbeVerticle} owns the timers; {@link dev.argus.probe.HealthTracker} is the pure judgement of
 * what the probes found.
 */
@NullMarked
package dev.argus.probe;

import org.jspecify.annotations.NullMarked;
