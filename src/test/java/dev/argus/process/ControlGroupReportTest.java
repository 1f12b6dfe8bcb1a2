package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class ControlGroupReportTest {
    @Test
    void allLimitsAreEnforcedWhereAllControllersAreOn() {
        var report = ControlGroupReport.of("/argus", Set.of("cpu", "memory", "pids", "io"), Set.of());
        assertThat(report.missing()).isEmpty();
        assertThat(report.reason()).isEmpty();
    }

    @Test
    void whatIsMissingIsNamedAsPeopleAskForItAndWithTheReason() {
        var none = ControlGroupReport.of("/user", Set.of(), Set.of());
        assertThat(none.missing()).containsExactlyInAnyOrder("cpus", "memory", "tasks");
        assertThat(none.reason()).contains("/user", "systemd");
        var some = ControlGroupReport.of("/argus", Set.of("memory", "pids"), Set.of("cpu"));
        assertThat(some.missing()).containsExactly("cpus");
        assertThat(some.reason()).contains("cgroup v1");
    }

    @Test
    void ofThisProcessSomethingIsSaidInAnyCase() {
        var report = ControlGroupReport.of(ProcessHandle.current().pid());
        assertThat(report.missing().isEmpty()).isEqualTo(report.reason().isEmpty());
    }
}
