package dev.argus.instance;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is about to become of an instance, for those who ask why it is as it is.
 *
 * @param id of the instance
 * @param probeFailure what the last probe found, a sentence without its end; empty when it was answered or none was made
 * @param failingSince since when probes fail without one that was answered
 * @param grace how long after a start failures do not count; null when it is over or it has been healthy
 * @param nextStartAt when it is started again; null when it does not wait for that
 * @param restarts how many of its restarts count for the policy, within {@code restartsWithin}
 */
public record Outlook(
        String id,
        String probeFailure,
        @Nullable Instant failingSince,
        @Nullable Duration grace,
        @Nullable Instant nextStartAt,
        int restarts,
        Duration restartsWithin) {}
