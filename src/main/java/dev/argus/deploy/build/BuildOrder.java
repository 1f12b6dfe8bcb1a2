package dev.argus.deploy.build;

import dev.argus.service.CommandLine;
import dev.argus.service.ServiceName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is to be built.
 *
 * @param release the directory that holds the checkout
 * @param commands in this order; the first that fails ends the build
 * @param env the service's own environment, over the one that Argus gives
 * @param secrets values that are not to be in the output, wherever else they are
 * @param logFile where the output goes, at most 10 MB; replaced where it exists
 * @param deadline for all commands together
 */
public record BuildOrder(
        ServiceName service,
        Path release,
        List<CommandLine> commands,
        Map<String, String> env,
        Set<String> secrets,
        Path logFile,
        Duration deadline) {
    /** The deadline where nothing is configured. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(30);

    /** Copies the collections. */
    public BuildOrder {
        commands = List.copyOf(commands);
        env = Map.copyOf(env);
        secrets = Set.copyOf(secrets);
    }

    @Override
    public String toString() {
        return "BuildOrder[" + service + ", " + commands + " in " + release + "]";
    }
}
