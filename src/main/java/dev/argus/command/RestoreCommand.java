package dev.argus.command;

import dev.argus.backup.Restore;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a data directory of a backup. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = "Makes the data directory of a backup; refuses one that is not empty.")
public final class RestoreCommand implements Runnable {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Parameters(paramLabel = "FILE", description = "A file that argus-server backup wrote.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        Path directory = options.load().dataDirectory();
        new Restore(directory, spec.commandLine().getErr()::println).read(file);
        try (var office = new Office(directory)) {
            office.act("restore", String.valueOf(file.toAbsolutePath()));
        }
        spec.commandLine().getOut().println(directory + " is restored; start Argus, and the services start with it.");
    }
}
