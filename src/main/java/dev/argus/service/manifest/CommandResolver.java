package dev.argus.service.manifest;

import dev.argus.service.CommandLine;
import dev.argus.service.InvalidValue;
import dev.argus.service.ServiceName;
import dev.argus.service.ServiceSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the commands that build, start and stop a service; what was said in words wins over what the files show. */
final class CommandResolver {
    private static final Pattern BUILDS_ITSELF = Pattern.compile("\\bgo\\s+(build|run|install)\\b");
    private static final String NONE = "none";

    private final ServiceName service;
    private final ServiceSpec spec;
    private final RepositoryFiles files;
    private final Path checkout;
    private final String kind;
    private @Nullable GoProject go;
    private boolean searched;

    /** A resolver; {@code kind} is the kind of plan where the spec says how to start. */
    CommandResolver(ServiceName service, ServiceSpec spec, RepositoryFiles files, Path checkout, String kind) {
        this.service = service;
        this.spec = spec;
        this.files = files;
        this.checkout = checkout;
        this.kind = kind;
    }

    Commands resolve() {
        CommandLine stop = spec.stop() == null ? null : CommandLine.parse("stop", spec.stop());
        if (spec.start() != null) {
            return said(kind, CommandLine.parse("start", spec.start()), "", stop);
        }
        Optional<String> web = files.text(Procfile.NAME).flatMap(Procfile::web);
        if (web.isPresent()) {
            return said("procfile", inProcfile(web.get()), "Procfile (web)", stop);
        }
        Optional<StartScript> script = files.text(StartScript.NAME)
                .map(text -> new StartScript(text, files.isExecutable(StartScript.NAME)))
                .filter(StartScript::isStartScript);
        return script.isPresent() ? scripted(script.get(), stop) : detected(stop);
    }

    private static CommandLine inProcfile(String web) {
        try {
            return CommandLine.parse("start", web);
        } catch (InvalidValue e) {
            throw e.in(Procfile.NAME);
        }
    }

    private Optional<GoProject> go() {
        if (!searched) {
            go = GoDetection.find(service, checkout).orElse(null);
            searched = true;
        }
        return Optional.ofNullable(go);
    }

    private List<CommandLine> saidBuild() {
        return spec.build() == null ? List.of() : List.of(CommandLine.parse("build", spec.build()));
    }

    private List<CommandLine> goBuild(GoProject project, String output) {
        return project.hasModule() ? List.of(project.build(output)) : OldGoModule.build(project, checkout, output);
    }

    /** Somebody said how to start: what is to be built is what that command names and the repository does not have. */
    private Commands said(String saidKind, CommandLine start, String origin, @Nullable CommandLine stop) {
        if (spec.build() != null) {
            return new Commands(saidKind, saidBuild(), "", List.of(start), origin, false, stop, NONE);
        }
        String program = start.argv().getFirst();
        String path = Path.of(program).normalize().toString();
        boolean isPath = program.contains("/");
        if (program.startsWith("/") || path.startsWith("..")) {
            return new Commands(saidKind, List.of(), NONE, List.of(start), origin, false, stop, NONE);
        }
        if (isPath && files.exists(path)) {
            return besideScript(saidKind, path, start, origin, stop);
        }
        Optional<GoProject> found = isPath || couldBeOurs(program) ? go() : Optional.empty();
        if (found.isEmpty() || (!isPath && !isNameOf(found.get(), program))) {
            return new Commands(saidKind, List.of(), NONE, List.of(start), origin, false, stop, NONE);
        }
        GoProject project = found.get();
        String output = isPath ? path : ".argus/" + program;
        var argv = new ArrayList<>(start.argv());
        argv.set(0, isPath ? program : "./" + output);
        var command = new CommandLine(start.directory(), start.environment(), argv);
        return new Commands(
                saidKind,
                goBuild(project, project.fromFolder(output)),
                project.foundBy(),
                List.of(command),
                origin,
                false,
                stop,
                NONE);
    }

    /** Names without a slash are looked up on the PATH; those of interpreters and tools are never what Go builds here. */
    private static boolean couldBeOurs(String program) {
        return !List.of("go", "sh", "bash", "env", "python", "python3", "node", "java", "ruby", "npm", "make")
                .contains(program);
    }

    private boolean isNameOf(GoProject project, String program) {
        return program.equals(project.programName())
                || program.equals(project.moduleName())
                || program.equals(service.value());
    }

    /** The start is a file of the repository, most likely a script: the Go program is built under the name that stands in it. */
    private Commands besideScript(
            String saidKind, String path, CommandLine start, String origin, @Nullable CommandLine stop) {
        String text = files.text(path).orElse("");
        Built built = text.startsWith("#!") ? builtFor(new StartScript(text, true)) : new Built(List.of(), NONE);
        return new Commands(saidKind, built.commands(), built.origin(), List.of(start), origin, false, stop, NONE);
    }

    private Commands scripted(StartScript script, @Nullable CommandLine stop) {
        Built built = spec.build() == null ? builtFor(script) : new Built(saidBuild(), "");
        return new Commands(
                "script",
                built.commands(),
                built.origin(),
                List.of(script.command("start")),
                StartScript.NAME,
                true,
                stop == null ? script.command("stop") : stop,
                StartScript.NAME);
    }

    private record Built(List<CommandLine> commands, String origin) {}

    private Built builtFor(StartScript script) {
        Optional<GoProject> found;
        try {
            found = go();
        } catch (InvalidValue e) {
            if (BUILDS_ITSELF.matcher(script.text()).find()) {
                return new Built(List.of(), NONE);
            }
            throw e;
        }
        if (found.isEmpty()) {
            return new Built(List.of(), NONE);
        }
        GoProject project = found.get();
        return new Built(goBuild(project, outputFor(script, project)), project.foundBy());
    }

    private String outputFor(StartScript script, GoProject project) {
        List<String> missing =
                script.programs().stream().filter(name -> !files.exists(name)).toList();
        List<String> likely = List.of(service.value(), project.moduleName(), project.programName());
        for (String name : likely) {
            if (missing.contains(name)) {
                return name;
            }
        }
        if (!missing.isEmpty()) {
            return missing.getFirst();
        }
        return likely.stream()
                .filter(name -> script.text().contains(name))
                .findFirst()
                .orElse(service.value());
    }

    private Commands detected(@Nullable CommandLine stop) {
        GoProject project = go().orElseThrow(this::nothingFound);
        if (spec.build() == null) {
            String output = ".argus/" + service.value();
            return new Commands(
                    "go",
                    goBuild(project, output),
                    project.foundBy(),
                    project.starts("./" + output),
                    project.foundBy(),
                    false,
                    stop,
                    NONE);
        }
        List<CommandLine> build = saidBuild();
        String output = GoBuildOutput.of(build.getFirst(), project)
                .orElseThrow(() -> new InvalidValue(
                        "start",
                        "It is said how to build " + service
                                + " but not how to start it; set start, for example \"./app" + " {port}\"."));
        List<CommandLine> starts =
                project.starts(output).stream().map(start -> start.in("")).toList();
        return new Commands("go", build, "", starts, "the output of build", false, stop, NONE);
    }

    private InvalidValue nothingFound() {
        boolean isGo = !GoSources.in(checkout).isEmpty();
        return new InvalidValue(
                "start",
                isGo
                        ? "The repository has Go files but no package main, so there is nothing to start; set build and start."
                        : "Nothing in the repository says how to start it; set start, or add an argus.json, a Procfile, a"
                                + " script.sh with start and stop, or a Go program.");
    }
}
