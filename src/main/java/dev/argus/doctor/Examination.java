package dev.argus.doctor;

import dev.argus.config.ServerConfig;
import dev.argus.store.DataDirectory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** All checks of one server. Blocks for some seconds at most: every program it asks has a deadline. */
public final class Examination {
    private Examination() {}

    /**
     * Looks at everything, whether or not the server runs.
     *
     * @param environment of this process; programs are looked for in its {@code PATH}
     */
    public static List<Finding> of(ServerConfig config, Map<String, String> environment) {
        Path directory = config.dataDirectory().toAbsolutePath().normalize();
        OptionalLong server = DataDirectory.holderOf(directory);
        var programs = new Programs(environment.getOrDefault("PATH", ""));
        List<Finding> findings = new ArrayList<>();
        findings.add(server(server, directory));
        findings.addAll(DataChecks.of(directory));
        findings.addAll(DiskChecks.of(directory, programs));
        findings.addAll(PortChecks.of(config, server));
        findings.add(TlsCheck.of(config, Instant.now()));
        findings.add(ClockCheck.of(directory, programs));
        findings.addAll(ToolChecks.of(config, programs));
        findings.add(LimitCheck.of(server, programs));
        findings.addAll(UnitCheck.of(programs));
        return List.copyOf(findings);
    }

    private static Finding server(OptionalLong server, Path directory) {
        return server.isPresent()
                ? Finding.ok("server", "Argus runs on " + directory + " (pid " + server.getAsLong() + ").")
                : Finding.ok("server", "No Argus runs on " + directory + " now.");
    }
}
