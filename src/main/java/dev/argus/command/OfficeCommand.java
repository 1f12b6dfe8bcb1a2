package dev.argus.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command on the files of the host, in an {@link Office} that is closed behind it. */
abstract class OfficeCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** Refuses what was given and cannot be, before any file is opened. */
    void check() {}

    /** Does it and gives the status that the command ends with. */
    abstract int work(Office office, PrintWriter out);

    @Override
    public final Integer call() {
        check();
        try (var office = new Office(options.load().dataDirectory())) {
            return work(office, spec.commandLine().getOut());
        }
    }
}
