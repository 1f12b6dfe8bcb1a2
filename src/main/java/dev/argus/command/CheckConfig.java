package dev.argus.command;

import dev.argus.config.ConfigLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells every problem of a configuration with its JSON path. */
@Command(
        name = "check-config",
        mixinStandardHelpOptions = true,
        description = "Tells every problem of the configuration; status 1 when there is one.")
public final class CheckConfig implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        Path file = options.file();
        var out = spec.commandLine().getOut();
        if (file == null) {
            out.println("There is no configuration; the defaults hold.");
            return 0;
        }
        ConfigLoader.Loaded loaded = ConfigLoader.read(file);
        List<String> problems = new ArrayList<>(loaded.problems());
        problems.addAll(loaded.problemsOfTheClient());
        loaded.config().refusal().ifPresent(sentence -> problems.add("server.host: " + sentence));
        problems.forEach(out::println);
        if (problems.isEmpty()) {
            out.println(file + " is good.");
        }
        return problems.isEmpty() ? 0 : 1;
    }
}
