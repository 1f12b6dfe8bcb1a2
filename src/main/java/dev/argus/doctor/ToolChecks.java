package dev.argus.doctor;

import dev.argus.bus.ArgusException;
import dev.argus.config.ServerConfig;
import dev.argus.traffic.haproxy.Presence;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** How repositories are fetched, what builds find on this machine, and the proxy. */
final class ToolChecks {
    private static final List<String> OTHERS =
            List.of("make", "gcc", "node", "npm", "python3", "cargo", "javac", "mvn");

    private ToolChecks() {}

    static List<Finding> of(ServerConfig config, Programs programs) {
        List<Finding> findings = new ArrayList<>();
        findings.add(protocols(config.gitProtocols()));
        findings.add(go(programs));
        findings.add(others(programs));
        findings.add(proxy(config, programs));
        return findings;
    }

    static Finding protocols(Set<String> protocols) {
        String all = "Repositories are fetched by " + String.join(", ", new TreeSet<>(protocols));
        if (protocols.isEmpty()) {
            return Finding.problem(
                    "git",
                    "No protocol is allowed for repositories, so nothing can be deployed; name some in server.git.protocols.");
        }
        if (protocols.contains("file")) {
            return Finding.warning(
                    "git",
                    all
                            + "; file lets whoever may deploy read every repository of this machine that the user of Argus can read"
                            + "; take it out of server.git.protocols where that is not wanted.");
        }
        return protocols.contains("http")
                ? Finding.warning(
                        "git",
                        all
                                + "; http is neither secret nor certain, so take it out of server.git.protocols where you can.")
                : Finding.ok("git", all + ", which JGit does itself; no git is needed.");
    }

    private static Finding go(Programs programs) {
        return programs.find("go")
                .map(file -> programs.ask("go", "version")
                        .map(version -> Finding.ok("go", file + " is " + version + "."))
                        .orElseGet(() -> Finding.problem(
                                "go", file + " does not run; install it anew (Debian: apt install golang-go).")))
                .orElseGet(
                        () -> Finding.warning(
                                "go",
                                "go is not in PATH, so services in Go cannot be built here; install it (Debian: apt install golang-go)."));
    }

    private static Finding others(Programs programs) {
        List<String> found =
                OTHERS.stream().filter(name -> programs.find(name).isPresent()).toList();
        List<String> missing =
                OTHERS.stream().filter(name -> !found.contains(name)).toList();
        return Finding.ok(
                "build tools",
                (found.isEmpty() ? "None of the other build tools is here" : "Builds find " + String.join(", ", found))
                        + (missing.isEmpty()
                                ? "."
                                : "; install what services need of " + String.join(", ", missing) + "."));
    }

    private static Finding proxy(ServerConfig config, Programs programs) {
        if (config.proxy().kind().equals("embedded")) {
            return Finding.ok("proxy", "The proxy is the one inside of Argus; no HAProxy is needed.");
        }
        try {
            return Finding.ok("proxy", "HAProxy is " + Presence.require(programs.searchPath()) + ".");
        } catch (ArgusException e) {
            return Finding.problem("proxy", e.sentence());
        }
    }
}
