package dev.argus.command;

import dev.argus.backup.Backup;
import dev.argus.service.Durations;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a backup, also while the server runs. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = "Writes store, keys, releases and data to one file, also while the server runs.")
public final class BackupCommand implements Runnable {
    private final String version;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Parameters(paramLabel = "FILE", description = "Where to; one that is there is replaced when the new one is whole.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(names = "--within", defaultValue = "1h", description = "When to give up; ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String within;

    @Option(names = "--quiet", description = "Tells nothing of what it does.")
    private boolean quiet;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** Of the Argus of that version. */
    public BackupCommand(String version) {
        this.version = version;
    }

    @Override
    public void run() {
        Duration limit = Durations.parse("within", within, Duration.ofSeconds(1), Duration.ofDays(7));
        var err = spec.commandLine().getErr();
        Path directory = options.load().dataDirectory();
        long size = new Backup(directory, version, line -> {
                    if (!quiet) {
                        err.println(line);
                    }
                })
                .write(file, limit);
        try (var office = new Office(directory)) {
            office.act("backup", String.valueOf(file.toAbsolutePath()));
        }
        spec.commandLine()
                .getOut()
                .println(file + " is written, " + size + " bytes; it holds keys and secrets, so keep it safe.");
    }
}
