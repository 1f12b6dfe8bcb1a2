package dev.argus.doctor;

import dev.argus.config.ServerConfig;
import dev.argus.process.ListeningPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The ports of Argus: free or its own, allowed, and the range of instances not the one of outgoing connections. */
final class PortChecks {
    private static final Path EPHEMERAL = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final Path UNPRIVILEGED = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");

    private PortChecks() {}

    static List<Finding> of(ServerConfig config, OptionalLong server) {
        List<Finding> findings = new ArrayList<>();
        findings.add(port("API port", "server.port", config.port(), server));
        findings.add(port("proxy port", "server.proxy.httpPort", config.proxy().httpPort(), server));
        ephemeral(text(EPHEMERAL), config.portRange()).ifPresent(findings::add);
        return findings;
    }

    static Finding port(String check, String key, int port, OptionalLong server) {
        if (port == 0) {
            return Finding.ok(check, "Any free port is taken, as " + key + " is 0.");
        }
        if (!ListeningPorts.isTaken(port)) {
            return free(check, key, port);
        }
        Optional<ListeningPorts.Holder> holder = ListeningPorts.holderOf(port);
        if (holder.isEmpty()) {
            return server.isPresent()
                    ? Finding.ok(
                            check,
                            "Port " + port + " is in use while Argus runs; by whom, only root or its user may see.")
                    : Finding.problem(
                            check,
                            "Port " + port + " is held by a process of another user; stop it or change " + key + ".");
        }
        ListeningPorts.Holder found = holder.get();
        // HAProxy is a child of Argus at first and lives on without it
        boolean ours = (server.isPresent() && server.getAsLong() == found.pid())
                || (found.command().contains("haproxy") && key.contains("proxy"));
        return ours
                ? Finding.ok(check, "Port " + port + " is Argus's own (pid " + found.pid() + ").")
                : Finding.problem(
                        check,
                        "Port " + port + " is held by process " + found.pid() + " (" + found.command()
                                + "); stop it or change " + key + ".");
    }

    private static Finding free(String check, String key, int port) {
        int first = text(UNPRIVILEGED).matches("[0-9]{1,5}") ? Integer.parseInt(text(UNPRIVILEGED)) : 1024;
        return port < first && !"root".equals(System.getProperty("user.name"))
                ? Finding.warning(
                        check,
                        "Port " + port + " is free, and only a process with CAP_NET_BIND_SERVICE may listen below "
                                + first + "; with Ansible set argus_low_ports, else see docs/installing.md, or change "
                                + key + ".")
                : Finding.ok(check, "Port " + port + " is free.");
    }

    static Optional<Finding> ephemeral(String range, ServerConfig.PortRange ours) {
        String[] ends = range.split("\\s+", -1);
        if (ends.length != 2 || !ends[0].matches("[0-9]{1,5}") || !ends[1].matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        boolean overlap = ours.first() <= Integer.parseInt(ends[1]) && Integer.parseInt(ends[0]) <= ours.last();
        String own = ours.first() + " to " + ours.last();
        return Optional.of(
                overlap
                        ? Finding.warning(
                                "port range",
                                "The ports of instances, " + own
                                        + ", overlap with those that the kernel gives to outgoing" + " connections ("
                                        + ends[0] + " to " + ends[1] + "); choose another server.portRange.")
                        : Finding.ok(
                                "port range",
                                "The ports of instances, " + own + ", are apart from those of outgoing connections."));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException _) {
            // a kernel that does not say it
            return "";
        }
    }
}
