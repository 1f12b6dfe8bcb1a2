package dev.argus.probe;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One probe that was made.
 *
 * @param at when it began
 * @param took how long it lasted
 * @param failure the rest of a sentence that begins with "the probe"; null when it was answered as it should be
 */
public record Probed(Instant at, Duration took, @Nullable String failure) {}
