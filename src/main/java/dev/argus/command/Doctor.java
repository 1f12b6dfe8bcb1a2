package dev.argus.command;

import dev.argus.config.ConfigLoader;
import dev.argus.config.ServerConfig;
import dev.argus.doctor.Examination;
import dev.argus.doctor.Finding;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what is so on this machine and what to do about it. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Looks at what Argus needs of this machine and says what to do; status 1 when there is a problem.")
public final class Doctor implements Callable<Integer> {
    /** How it is told. */
    enum Output {
        table,
        json
    }

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json; ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Output output;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>();
        Path file = options.file();
        ConfigLoader.Loaded loaded = file == null ? null : ConfigLoader.read(file);
        if (loaded == null) {
            findings.add(new Finding(
                    "configuration", Finding.Grade.OK, "There is no configuration file; the defaults hold."));
        } else if (loaded.problems().isEmpty()) {
            findings.add(new Finding("configuration", Finding.Grade.OK, file + " is good."));
        } else {
            loaded.problems()
                    .forEach(problem -> findings.add(
                            new Finding("configuration", Finding.Grade.PROBLEM, "In " + file + " correct " + problem)));
        }
        ServerConfig config = loaded == null ? ServerConfig.DEFAULT : loaded.config();
        findings.addAll(Examination.of(options.inTheDirectoryAskedFor(config), System.getenv()));
        print(findings);
        return findings.stream().anyMatch(finding -> finding.grade() == Finding.Grade.PROBLEM) ? 1 : 0;
    }

    private void print(List<Finding> findings) {
        var out = spec.commandLine().getOut();
        if (output == Output.json) {
            var array = new JsonArray();
            findings.forEach(finding -> array.add(new JsonObject()
                    .put("check", finding.check())
                    .put("grade", finding.grade().word())
                    .put("sentence", finding.sentence())));
            out.println(array.encode());
            return;
        }
        findings.forEach(
                finding -> out.printf("%-8s %-15s %s%n", finding.grade().word(), finding.check(), finding.sentence()));
    }
}
