package dev.argus.doctor;

import dev.argus.process.ControlGroupReport;
import java.util.OptionalLong;

/** Whether limits of services are enforced. */
final class LimitCheck {
    private static final String LIMITS = "limits";

    private LimitCheck() {}

    static Finding of(OptionalLong server, Programs programs) {
        if (server.isPresent()) {
            return of(ControlGroupReport.of(server.getAsLong()));
        }
        boolean delegated = programs.ask("systemctl", "show", "argus.service", "--property=Delegate", "--value")
                .filter("yes"::equals)
                .isPresent();
        var machine = ControlGroupReport.ofTheMachine();
        return delegated && machine.missing().isEmpty()
                ? Finding.ok(
                        LIMITS,
                        "The unit of Argus delegates control groups, so limits are enforced when systemd has started it.")
                : of(machine);
    }

    static Finding of(ControlGroupReport report) {
        if (report.missing().isEmpty()) {
            return Finding.ok(
                    LIMITS,
                    "Limits of memory, cpus and tasks are enforced by control groups in " + report.place() + ".");
        }
        return Finding.warning(
                LIMITS,
                "Limits of " + String.join(", ", report.missing()) + " are not enforced because " + report.reason()
                        + "; services run all the same.");
    }
}
