package dev.argus.service;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What somebody said of how a service is asked whether it is alive; null where nothing was said. */
public record ProbeSpec(
        @Nullable String path,
        @Nullable Duration interval,
        @Nullable Duration timeout,
        @Nullable Integer failures,
        @Nullable Duration grace,
        @Nullable Boolean dump) {
    /** Nothing said. */
    public static final ProbeSpec NONE = new ProbeSpec(null, null, null, null, null, null);

    /** This, and where it says nothing {@code other}. */
    public ProbeSpec orElse(ProbeSpec other) {
        return new ProbeSpec(
                path != null ? path : other.path,
                interval != null ? interval : other.interval,
                timeout != null ? timeout : other.timeout,
                failures != null ? failures : other.failures,
                grace != null ? grace : other.grace,
                dump != null ? dump : other.dump);
    }
}
