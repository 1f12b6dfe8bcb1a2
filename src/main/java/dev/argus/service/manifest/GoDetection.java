package dev.argus.service.manifest;

import dev.argus.service.InvalidValue;
import dev.argus.service.ServiceName;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one Go program that a repository is about: at the root, under {@code cmd}, or in a module further in; among several
 * the one that is called like the service or the module, then the one with a usual name such as {@code server}, then the only
 * one that listens.
 */
final class GoDetection {
    private static final Pattern MODULE = Pattern.compile("(?m)^\\s*module\\s+\"?([^\\s\"]+)\"?");
    private static final Pattern VERSION = Pattern.compile("v\\d+");
    private static final Pattern SERVES = Pattern.compile("\\bListenAndServe|\\b[Ll]isten\\(|\\.Serve\\(");
    private static final Set<String> BESIDE_THE_POINT = Set.of(
            "example",
            "examples",
            "_examples",
            "tool",
            "tools",
            "script",
            "scripts",
            "hack",
            "test",
            "tests",
            "e2e",
            "docs",
            "doc",
            "bench",
            "benchmark",
            "benchmarks",
            "gen",
            "generate",
            "generator",
            "contrib",
            "build",
            "ci");
    private static final List<String> USUAL_PROGRAMS = List.of(
            "server", "api", "web", "http", "app", "service", "apiserver", "httpserver", "webserver", "main", "cmd");
    private static final List<String> USUAL_MODULES =
            List.of("backend", "server", "api", "service", "app", "src", "web", "go");

    private final ServiceName service;
    private final GoSources sources;

    private GoDetection(ServiceName service, GoSources sources) {
        this.service = service;
        this.sources = sources;
    }

    /**
     * The Go program of the checkout, empty where there is none.
     *
     * @throws InvalidValue of the field {@code build} where there are several and none stands out; it names them
     */
    static Optional<GoProject> find(ServiceName service, Path checkout) {
        return new GoDetection(service, GoSources.in(checkout)).find();
    }

    static String lastOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static String baseOf(String module) {
        String last = lastOf(module);
        int slash = module.lastIndexOf('/');
        return VERSION.matcher(last).matches() && slash > 0 ? lastOf(module.substring(0, slash)) : last;
    }

    private Optional<GoProject> find() {
        if (sources.isEmpty()) {
            return Optional.empty();
        }
        List<GoFile> rootFiles = sources.filesOf("");
        TreeSet<String> rootMains = GoSources.mains(rootFiles);
        if (rootMains.stream().noneMatch(main -> main.isEmpty() || lastOf(main).equals(service.value()))) {
            Optional<String> named = moduleCalledLikeTheService();
            if (named.isPresent()) {
                return named.map(this::programOf);
            }
        }
        boolean rootIsMeant = sources.modules().containsKey("") || rootMains.contains("");
        if (!rootMains.isEmpty() && rootIsMeant) {
            return Optional.of(project("", rootFiles, rootMains));
        }
        Optional<GoProject> inner = innerModule();
        return inner.isPresent() || rootMains.isEmpty() ? inner : Optional.of(project("", rootFiles, rootMains));
    }

    /** A collection of services is one repository with a module for each; whatever else is at its root is not what was meant. */
    private Optional<String> moduleCalledLikeTheService() {
        List<String> named = sources.modules().keySet().stream()
                .filter(folder -> !folder.isEmpty() && lastOf(folder).equals(service.value()))
                .filter(folder -> !GoSources.mains(sources.filesOf(folder)).isEmpty())
                .toList();
        return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    }

    private Optional<GoProject> innerModule() {
        var folders = new TreeSet<String>();
        for (String folder : sources.modules().keySet()) {
            if (!folder.isEmpty() && !GoSources.mains(sources.filesOf(folder)).isEmpty()) {
                folders.add(folder);
            }
        }
        if (folders.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(programOf(choose(
                folders,
                List.of(service.value()),
                USUAL_MODULES,
                folder -> sources.filesOf(folder).stream().anyMatch(GoDetection::serves),
                "Go modules with a program")));
    }

    private GoProject programOf(String folder) {
        List<GoFile> files = sources.filesOf(folder);
        return project(folder, files, GoSources.mains(files));
    }

    /** Whether the file belongs to a program that most likely answers requests. */
    private static boolean serves(GoFile file) {
        return file.isMain() && SERVES.matcher(file.text()).find();
    }

    private GoProject project(String folder, List<GoFile> files, SortedSet<String> mains) {
        String text = sources.modules().get(folder);
        String module = text == null ? OldGoModule.nameFor(service, files) : moduleIn(text);
        String main = mains.contains("")
                ? ""
                : choose(
                        mains,
                        List.of(service.value(), baseOf(module)),
                        USUAL_PROGRAMS,
                        program -> files.stream().anyMatch(file -> file.folder().equals(program) && serves(file)),
                        "Go programs");
        return new GoProject(folder, module, text != null, main, files);
    }

    private String moduleIn(String goMod) {
        Matcher line = MODULE.matcher(goMod);
        return line.find() ? line.group(1) : service.value();
    }

    private static String choose(
            SortedSet<String> folders, List<String> names, List<String> usual, Predicate<String> serves, String what) {
        Collection<String> meant = folders.stream()
                .filter(folder -> Arrays.stream(folder.split("/", -1)).noneMatch(BESIDE_THE_POINT::contains))
                .collect(Collectors.toCollection(TreeSet::new));
        Collection<String> left = meant.isEmpty() ? folders : meant;
        if (left.size() == 1) {
            return left.iterator().next();
        }
        String named = named(left, names);
        if (named != null) {
            return named;
        }
        List<String> commands = left.stream()
                .filter(folder -> folder.startsWith("cmd/") || folder.equals("cmd"))
                .toList();
        if (commands.size() == 1) {
            return commands.getFirst();
        }
        String common = named(commands.isEmpty() ? left : commands, usual);
        if (common != null) {
            return common;
        }
        List<String> serving = left.stream().filter(serves).toList();
        if (serving.size() == 1) {
            return serving.getFirst();
        }
        throw new InvalidValue(
                "build",
                "The repository has several " + what + " ("
                        + left.stream().limit(8).collect(Collectors.joining(", "))
                        + ") and none is called like the service; set build, for example \"go build -o app ./"
                        + left.iterator().next() + "\", and start, for example \"./app {port}\".");
    }

    private static @Nullable String named(Collection<String> folders, List<String> names) {
        for (String name : names) {
            List<String> fitting = folders.stream()
                    .filter(folder -> lastOf(folder).equals(name))
                    .toList();
            if (fitting.size() == 1) {
                return fitting.getFirst();
            }
        }
        return null;
    }
}
