package dev.argus.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which limits are enforced for the services of an Argus, by what the kernel says of its control group. Only looks.
 *
 * @param place the control group, as the kernel names it; empty where there is none
 * @param missing the limits that are not enforced: memory, cpus, tasks
 * @param reason why, a sentence without beginning and end; empty when all are
 */
public record ControlGroupReport(String place, List<String> missing, String reason) {
    private static final String SYSTEMD = "run Argus as its systemd service (docs/installing.md)";

    /** Copies the list. */
    public ControlGroupReport {
        missing = List.copyOf(missing);
    }

    /** Of the Argus with that process id. */
    public static ControlGroupReport of(long pid) {
        return read(Path.of("/proc", Long.toString(pid), "cgroup"), "cgroup.subtree_control");
    }

    /** Of this machine, for an Argus that does not run: what this process could be given. */
    public static ControlGroupReport ofTheMachine() {
        return read(Path.of("/proc/1/cgroup"), "cgroup.controllers");
    }

    private static ControlGroupReport read(Path ofProcess, String controllers) {
        try {
            String own = ProcessStat.text(ofProcess);
            Optional<ControlGroupPlace> place =
                    ControlGroupPlace.find(own, ProcessStat.text(Path.of("/proc/self/mountinfo")));
            if (place.isEmpty()) {
                return none("", "the control group (cgroup v2) of Argus cannot be seen here; " + SYSTEMD);
            }
            Path file = place.get().directory().resolve(controllers);
            var found = Files.isReadable(file)
                    ? Set.of(Files.readString(file).trim().split(" ", -1))
                    : Set.<String>of();
            return of(place.get().path(), found, ControlGroupPlace.controllersOfVersionOne(own));
        } catch (IOException e) {
            return none("", "the control group of Argus cannot be read (" + e.getMessage() + ")");
        }
    }

    /**
     * By the controllers that are on.
     *
     * @param versionOne those that cgroup v1 keeps to itself
     */
    static ControlGroupReport of(String place, Set<String> on, Set<String> versionOne) {
        List<String> missing = new ArrayList<>();
        for (String controller : new TreeSet<>(ResourceLimits.CONTROLLERS)) {
            if (!on.contains(controller)) {
                missing.add(controller.equals("cpu") ? "cpus" : controller.equals("pids") ? "tasks" : controller);
            }
        }
        if (missing.isEmpty()) {
            return new ControlGroupReport(place, missing, "");
        }
        return new ControlGroupReport(
                place,
                missing,
                versionOne.isEmpty()
                        ? "no controllers for them are delegated to the control group " + place + "; " + SYSTEMD
                        : "this machine keeps the controllers " + String.join(", ", versionOne)
                                + " in cgroup v1; start it with systemd.unified_cgroup_hierarchy=1");
    }

    private static ControlGroupReport none(String place, String reason) {
        return new ControlGroupReport(place, List.of("memory", "cpus", "tasks"), reason);
    }
}
