package dev.argus.service.manifest;

import dev.argus.service.CommandLine;
import dev.argus.service.InvalidValue;
import dev.argus.service.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Go repository from before modules: Argus gives the release, not the repository, a {@code go.mod}. */
final class OldGoModule {
    private static final Set<String> STANDARD = Set.of(
            "C",
            "archive",
            "bufio",
            "bytes",
            "cmp",
            "compress",
            "container",
            "context",
            "crypto",
            "database",
            "debug",
            "embed",
            "encoding",
            "errors",
            "expvar",
            "flag",
            "fmt",
            "go",
            "hash",
            "html",
            "image",
            "index",
            "internal",
            "io",
            "iter",
            "log",
            "maps",
            "math",
            "mime",
            "net",
            "os",
            "path",
            "plugin",
            "reflect",
            "regexp",
            "runtime",
            "slices",
            "sort",
            "strconv",
            "strings",
            "structs",
            "sync",
            "syscall",
            "testing",
            "text",
            "time",
            "unicode",
            "unique",
            "unsafe",
            "weak");

    private OldGoModule() {}

    /** The module path under which the files import each other, else the service's name. */
    static String nameFor(ServiceName service, List<GoFile> files) {
        Set<String> folders = files.stream().map(GoFile::folder).collect(Collectors.toSet());
        var votes = new HashMap<String, Integer>();
        for (String path : foreignImports(files)) {
            for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                if (folders.contains(path.substring(slash + 1))) {
                    votes.merge(path.substring(0, slash), 1, Integer::sum);
                    break;
                }
            }
        }
        return votes.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse(service.value());
    }

    private static Set<String> foreignImports(List<GoFile> files) {
        return files.stream()
                .filter(GoFile::builds)
                .flatMap(file -> file.imports().stream())
                .filter(path -> !STANDARD.contains(path.split("/", 2)[0]))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The commands that build it. Where the repository brings all that it imports in {@code vendor}, the module files are
     * written here, since no command of Go takes those packages over; nothing is fetched then.
     */
    static List<CommandLine> build(GoProject project, Path checkout, String output) {
        var commands = new ArrayList<CommandLine>();
        CommandLine build = project.build(output);
        Set<String> others = foreignImports(project.files());
        others.removeIf(path -> path.equals(project.module()) || path.startsWith(project.module() + "/"));
        if (!others.isEmpty()
                && others.stream()
                        .allMatch(path -> isFolder(checkout.resolve("vendor").resolve(path)))) {
            takeOverVendored(project.module(), checkout);
            return List.of(build);
        }
        commands.add(CommandLine.of("go", "mod", "init", project.module()));
        if (!others.isEmpty()) {
            commands.add(CommandLine.of("go", "mod", "tidy"));
        }
        var argv = new ArrayList<>(build.argv());
        argv.add(2, "-mod=mod");
        commands.add(new CommandLine(build.directory(), build.environment(), argv));
        return commands;
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static void takeOverVendored(String module, Path checkout) {
        Path vendor = checkout.resolve("vendor");
        var packages = new TreeSet<String>();
        try {
            try (Stream<Path> files = Files.walk(vendor, 16)) {
                files.filter(file -> file.toString().endsWith(".go"))
                        .map(file -> vendor.relativize(file.resolveSibling("")).toString())
                        .filter(folder -> !folder.isEmpty())
                        .forEach(packages::add);
            }
            var goMod = new StringBuilder("module " + module + "\n\ngo 1.21\n\n");
            var list = new StringBuilder();
            for (String name : packages) {
                goMod.append("require ").append(name).append(" v0.0.0\n");
                list.append("# ")
                        .append(name)
                        .append(" v0.0.0\n## explicit\n")
                        .append(name)
                        .append('\n');
            }
            Files.writeString(checkout.resolve("go.mod"), goMod);
            Files.writeString(vendor.resolve("modules.txt"), list);
        } catch (IOException e) {
            throw new InvalidValue(
                    "", "A go.mod for the vendored packages cannot be written (" + e.getMessage() + ").");
        }
    }
}
