package dev.argus.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether the unit of systemd is as services need it. */
final class UnitCheck {
    private static final String UNIT = "systemd unit";
    private static final String PROPERTIES =
            "LoadState,UnitFileState,Type,KillMode,Delegate,OOMPolicy,Restart,WatchdogUSec,"
                    + "TasksMax,PrivateTmp,ExecStopPost,ReadWritePaths,StateDirectory,NeedDaemonReload";

    /** What each setting must be, and what happens otherwise. */
    private static final Map<String, List<String>> WANTED = new LinkedHashMap<>();

    static {
        WANTED.put("KillMode", List.of("process", "systemd ends all services whenever Argus ends"));
        WANTED.put("Restart", List.of("always", "nobody starts Argus again when it has crashed"));
        WANTED.put("Type", List.of("notify", "systemd does not know when Argus is ready or hangs"));
        WANTED.put("Delegate", List.of("yes", "limits of services are not enforced"));
        WANTED.put("OOMPolicy", List.of("continue", "a service that runs out of memory ends Argus"));
        WANTED.put("PrivateTmp", List.of("no", "services lose their /tmp when Argus restarts"));
    }

    private UnitCheck() {}

    static List<Finding> of(Programs programs) {
        if (!Files.isDirectory(Path.of("/run/systemd/system"))) {
            return List.of(
                    Finding.warning(
                            UNIT,
                            "systemd does not run on this machine, so nobody starts Argus again when it ends; see to that yourself."));
        }
        return programs.ask("systemctl", "show", "argus.service", "--property=" + PROPERTIES)
                .map(UnitCheck::of)
                .orElseGet(() ->
                        List.of(Finding.warning(UNIT, "systemctl does not answer, so the unit was not looked at.")));
    }

    /** By what {@code systemctl show} says. */
    static List<Finding> of(String shown) {
        Map<String, String> unit = new HashMap<>();
        shown.lines().forEach(line -> {
            int end = line.indexOf('=');
            if (end > 0) {
                unit.put(line.substring(0, end), line.substring(end + 1));
            }
        });
        if (!"loaded".equals(unit.get("LoadState"))) {
            return List.of(Finding.warning(
                    UNIT,
                    "There is no argus.service, so Argus is not started with this machine; see docs/installing.md."));
        }
        List<Finding> findings = new ArrayList<>();
        WANTED.forEach((setting, wanted) -> {
            String is = unit.getOrDefault(setting, "");
            if (!is.equals(wanted.getFirst())) {
                findings.add(Finding.problem(
                        UNIT,
                        "argus.service has " + setting + "=" + is + " and not " + wanted.getFirst() + ", so "
                                + wanted.getLast() + "; correct it with systemctl edit argus."));
            }
        });
        if (!unit.getOrDefault("ExecStopPost", "").contains("release-controllers")) {
            findings.add(Finding.warning(
                    UNIT,
                    "argus.service has no ExecStopPost with release-controllers, without which systemd 252 may not start Argus"
                            + " again while services live on; take the unit of the distribution."));
        }
        if ("yes".equals(unit.get("NeedDaemonReload"))) {
            findings.add(Finding.warning(
                    UNIT, "argus.service was changed and systemd does not know it yet; run systemctl daemon-reload."));
        }
        if (!"enabled".equals(unit.get("UnitFileState"))) {
            findings.add(
                    Finding.warning(
                            UNIT,
                            "argus.service is not enabled, so Argus does not start with this machine; run systemctl enable argus."));
        }
        return findings.isEmpty()
                ? List.of(Finding.ok(UNIT, "argus.service is set as services need it, and starts with this machine."))
                : findings;
    }
}
