package dev.argus.deploy.build;

import dev.argus.service.CommandLine;
import dev.argus.service.ServiceName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What is to be built.
 *
 * @param release the directory that holds the checkout
 * @param commands in this order; the first that fails ends the build
 * @param env the service's own environment, over the one that Argus gives
 * @param logFile where the output goes, at most 10 MB; replaced where it exists
 * @param deadline for all commands together
 */
public record BuildOrder(
        ServiceName service,
        Path release,
        List<CommandLine> commands,
        Map<String, String> env,
        Path logFile,
        Duration deadline) {
    /** The deadline where nothing is configured. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(30);

    /** Copies the collections. */
    public BuildOrder {
        commands = List.copyOf(commands);
        env = Map.copyOf(env);
    }

    @Override
    public String toString() {
        return "BuildOrder[" + service + ", " + commands + " in " + release + "]";
    }
}
