package dev.argus.command;

import dev.argus.config.ConfigLoader;
import dev.argus.config.ServerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which configuration and which data directory a command works on. */
final class ConfigOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "The configuration; ./config.json when it exists.")
    private @Nullable Path config;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "The data directory, instead of the configured one.")
    private @Nullable Path dataDirectory;

    ServerConfig load() {
        Path file = file();
        ServerConfig loaded = file == null ? ServerConfig.DEFAULT : ConfigLoader.load(file);
        return inTheDirectoryAskedFor(loaded);
    }

    /** With the data directory of the command line, where one is given there. */
    ServerConfig inTheDirectoryAskedFor(ServerConfig config) {
        return dataDirectory == null ? config : config.keepingIn(dataDirectory);
    }

    /** The file that counts; null when there is none and the defaults hold. */
    @Nullable
    Path file() {
        if (config != null) {
            return config;
        }
        String given = System.getenv("ARGUS_CONFIG");
        if (given != null && !given.isEmpty()) {
            return Path.of(given);
        }
        Path here = Path.of("config.json");
        return Files.exists(here) ? here : null;
    }
}
