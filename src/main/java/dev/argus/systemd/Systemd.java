package dev.argus.systemd;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * What systemd has asked for, as it stands in the environment.
 *
 * @param socket where it wants to be told
 * @param watchdog within which time it wants a sign of life, again and again; empty when it wants none
 */
public record Systemd(String socket, Optional<Duration> watchdog) {
    private static final int SIGNS_IN_TIME = 3;

    /** Empty when this process was not started by systemd, or not as {@code Type=notify}. */
    public static Optional<Systemd> in(Map<String, String> environment, long pid) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        return socket.isEmpty() ? Optional.empty() : Optional.of(new Systemd(socket, watchdog(environment, pid)));
    }

    private static Optional<Duration> watchdog(Map<String, String> environment, long pid) {
        String meant = environment.getOrDefault("WATCHDOG_PID", "");
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        if (!(meant.isEmpty() || meant.equals(Long.toString(pid))) || !micros.matches("[1-9][0-9]{3,17}")) {
            return Optional.empty();
        }
        return Optional.of(Duration.of(Long.parseLong(micros), ChronoUnit.MICROS));
    }

    /** From one sign of life to the next: so often that one may be late. */
    Optional<Duration> interval() {
        return watchdog.map(time -> time.dividedBy(SIGNS_IN_TIME));
    }
}
