package dev.argus.service;

import java.time.Duration;

/**
 * How a service is asked whether it is alive.
 *
 * @param path what is asked for, begins with a slash
 * @param interval from one question to the next
 * @param timeout how long an answer may take
 * @param failures how many in a row make a service unhealthy
 * @param grace how long after a start failures do not count
 * @param dump whether an unhealthy one is asked by SIGQUIT for a dump of its threads before it is stopped
 */
public record ProbeSettings(
        String path, Duration interval, Duration timeout, int failures, Duration grace, boolean dump) {
    /** The settings where neither configuration nor service say anything. */
    public static final ProbeSettings DEFAULT =
            new ProbeSettings("/isalive", Duration.ofSeconds(2), Duration.ofSeconds(2), 3, Duration.ofSeconds(30));

    /** Settings without a dump. */
    public ProbeSettings(String path, Duration interval, Duration timeout, int failures, Duration grace) {
        this(path, interval, timeout, failures, grace, false);
    }

    /** These, changed where {@code spec} says something. */
    public ProbeSettings with(ProbeSpec spec) {
        return new ProbeSettings(
                spec.path() != null ? spec.path() : path,
                spec.interval() != null ? spec.interval() : interval,
                spec.timeout() != null ? spec.timeout() : timeout,
                spec.failures() != null ? spec.failures() : failures,
                spec.grace() != null ? spec.grace() : grace,
                spec.dump() != null ? spec.dump() : dump);
    }
}
