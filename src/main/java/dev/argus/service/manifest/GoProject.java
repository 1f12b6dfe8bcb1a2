package dev.argus.service.manifest;

import dev.argus.service.CommandLine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A Go program found in a checkout.
 *
 * @param folder of its module, relative to the checkout; empty at the root
 * @param module the module's path, or the one that it gets
 * @param hasModule whether there is a {@code go.mod}
 * @param main the folder of the program, relative to the module; empty for the module's own
 * @param files the Go files of the module
 */
record GoProject(String folder, String module, boolean hasModule, String main, List<GoFile> files) {

    /** The name under which Go itself would build it. */
    String programName() {
        return main.isEmpty() ? GoDetection.baseOf(module) : GoDetection.lastOf(main);
    }

    /** The name of its module without path and version. */
    String moduleName() {
        return GoDetection.baseOf(module);
    }

    /** Where it was found, in words. */
    String foundBy() {
        String where = folder.isEmpty() ? "" : " in " + folder;
        String program = main.isEmpty() ? "" : ", program in " + main;
        return (hasModule ? "found by go.mod" : "found by its Go files, without go.mod") + where + program;
    }

    /** Builds the program to {@code output}, which is relative to the module's folder. */
    CommandLine build(String output) {
        var argv = new ArrayList<>(List.of("go", "build", "-buildvcs=false"));
        if (!readsItsOwnPaths()) {
            argv.add("-trimpath");
        }
        argv.addAll(List.of("-o", output, main.isEmpty() ? "." : "./" + main));
        return new CommandLine(folder, Map.of(), argv);
    }

    /**
     * Without the path of the release in the object code Go finds every package of the release before in its cache. A program
     * that looks for its files beside its source would miss them then.
     */
    private boolean readsItsOwnPaths() {
        return files.stream().anyMatch(file -> file.builds() && file.text().contains("runtime.Caller"));
    }

    /** {@code inCheckout}, a path from the root of the checkout, seen from the module's folder. */
    String fromFolder(String inCheckout) {
        return folder.isEmpty()
                ? inCheckout
                : Path.of(folder).relativize(Path.of(inCheckout)).toString();
    }

    /**
     * How the program at {@code binary} may be started: the usual way first, unless the program does not ask for its port that way
     * and has a flag for it. It would take the port of its own choice then, which a second copy could not have.
     */
    List<CommandLine> starts(String binary) {
        var flags = GoFlags.of(files.stream()
                .filter(this::isNearMain)
                .sorted(Comparator.comparing(file -> !file.folder().equals(main)))
                .toList());
        var starts = new ArrayList<CommandLine>();
        starts.add(command(binary, List.of(CommandLine.PORT)));
        if (!flags.arguments().isEmpty()) {
            starts.add(flags.certain() ? 0 : 1, command(binary, flags.arguments()));
        }
        starts.add(command(binary, List.of()));
        for (String word : flags.subCommands()) {
            var arguments = new ArrayList<>(List.of(word));
            arguments.addAll(flags.arguments());
            starts.add(command(binary, arguments));
        }
        return starts.subList(0, Math.min(starts.size(), 5));
    }

    /** Flags may be declared in any package, but those of other programs do not concern this one. */
    private boolean isNearMain(GoFile file) {
        return file.builds() && (file.folder().equals(main) || !file.isMain());
    }

    private CommandLine command(String binary, List<String> arguments) {
        var argv = new ArrayList<>(List.of(binary));
        argv.addAll(arguments);
        return new CommandLine(folder, Map.of(), argv);
    }
}
