package dev.argus.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SystemdTest {

    @Test
    void withoutASocketThereIsNoSystemd() {
        assertThat(Systemd.in(Map.of(), 1)).isEmpty();
        assertThat(Systemd.in(Map.of("NOTIFY_SOCKET", "", "WATCHDOG_USEC", "1000000"), 1))
                .isEmpty();
    }

    @Test
    void aSignOfLifeIsGivenThreeTimesInTheTimeOfTheWatchdog() {
        var systemd = Systemd.in(Map.of("NOTIFY_SOCKET", "/run/n", "WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "7"), 7)
                .orElseThrow();
        assertThat(systemd.interval()).contains(Duration.ofSeconds(10));
    }

    @Test
    void aWatchdogOfAnotherProcessIsNotOurs() {
        assertThat(watchdog(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "8")))
                .isEmpty();
    }

    @Test
    void aTimeThatIsNoneIsNoWatchdog() {
        for (String micros : new String[] {"", "0", "-5", "1e6", "999", "99999999999999999999"}) {
            assertThat(watchdog(Map.of("WATCHDOG_USEC", micros))).as(micros).isEmpty();
        }
    }

    private static Optional<Duration> watchdog(Map<String, String> environment) {
        var all = new java.util.HashMap<>(environment);
        all.put("NOTIFY_SOCKET", "@n");
        return Systemd.in(all, 7).orElseThrow().watchdog();
    }
}
