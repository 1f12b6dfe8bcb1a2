package dev.argus.service.manifest;

import dev.argus.service.CommandLine;
import java.util.List;
import java.util.Optional;

/** Which file a {@code go build} that somebody wrote leaves behind. */
final class GoBuildOutput {
    private GoBuildOutput() {}

    /** The path to start it by, from where the build runs; empty where the command is no {@code go build}. */
    static Optional<String> of(CommandLine build, GoProject project) {
        List<String> argv = build.argv();
        if (argv.size() < 2 || !argv.get(0).equals("go") || !argv.get(1).equals("build")) {
            return Optional.empty();
        }
        String target = argv.getLast();
        boolean named =
                argv.size() > 2 && !target.startsWith("-") && !target.endsWith(".go") && !target.endsWith("...");
        String name = named && !target.equals(".") && target.contains("/")
                ? GoDetection.lastOf(target)
                : target.endsWith(".go") ? GoDetection.lastOf(target).replaceFirst("\\.go$", "") : project.moduleName();
        String output = name;
        for (int i = 2; i < argv.size(); i++) {
            String word = argv.get(i);
            if (word.startsWith("-o=") || word.startsWith("--o=")) {
                output = word.substring(word.indexOf('=') + 1);
            } else if ((word.equals("-o") || word.equals("--o")) && i + 1 < argv.size()) {
                output = argv.get(i + 1);
            }
        }
        String file = output.endsWith("/") ? output + name : output;
        return Optional.of(
                file.startsWith("/") || file.startsWith("./") || file.startsWith("../") ? file : "./" + file);
    }
}
