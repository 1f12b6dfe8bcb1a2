package dev.argus.deploy.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a build, made from empty: caches and home are inside the data directory, and of Argus's own environment only what
 * tells toolchains where they get things from is passed on.
 */
final class BuildEnvironment {
    private static final Set<String> PASSED_ON = Set.of(
            "TZ",
            "GOPROXY",
            "GOFLAGS",
            "GOSUMDB",
            "GONOSUMDB",
            "GONOPROXY",
            "GOPRIVATE",
            "GOINSECURE",
            "GONOSUMCHECK",
            "GOTOOLCHAIN",
            "GOENV",
            "GOROOT",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "http_proxy",
            "https_proxy",
            "no_proxy",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR");
    private static final List<String> PASSED_ON_PREFIXES = List.of("PIP_", "NPM_CONFIG_", "npm_config_", "CARGO_");
    private static final String WRITABLE_CACHE = "-modcacherw";
    /** What only a debugger reads takes a sixth of the time of a build; stack traces and profiles do without. */
    private static final String NO_DEBUGGER_TABLES = "-ldflags=-w";

    private static final String USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final List<String> TOOLCHAIN_FOLDERS = List.of("/usr/local/go/bin", "/usr/lib/go/bin", "/snap/bin");

    private final Path cache;
    private final Map<String, String> own;

    /** The environment for the data directory; {@code own} is that of Argus itself. */
    BuildEnvironment(Path dataDirectory, Map<String, String> own) {
        this.cache = dataDirectory.resolve("cache");
        this.own = own;
    }

    /** What a build of a service with the environment {@code ofService} gets; makes the directories that it names. */
    Map<String, String> make(Path release, Map<String, String> ofService) throws IOException {
        var made = new HashMap<String, String>();
        own.forEach((name, value) -> {
            if (PASSED_ON.contains(name) || PASSED_ON_PREFIXES.stream().anyMatch(name::startsWith)) {
                made.put(name, value);
            }
        });
        made.put("PATH", path());
        made.put("LANG", "C.UTF-8");
        made.put("USER", System.getProperty("user.name", "argus"));
        made.put("HOME", directory("home"));
        made.put("TMPDIR", directory("tmp"));
        made.put("GOPATH", directory("go"));
        made.put("GOMODCACHE", directory("go/pkg/mod"));
        made.put("GOCACHE", directory("go-build"));
        Optional<Path> settings = goSettings();
        settings.ifPresent(file -> made.putIfAbsent("GOENV", file.toString()));
        made.put("GOFLAGS", goFlags(made.get("GOFLAGS"), settings));
        if (Files.notExists(release.resolve("go.work"))) {
            // The data directory may lie inside somebody's workspace, which is not that of the service.
            made.put("GOWORK", "off");
        }
        made.putAll(ofService);
        return made;
    }

    private String directory(String name) throws IOException {
        return Files.createDirectories(
                        cache.resolve(name),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                .toString();
    }

    private String path() {
        var path = new StringBuilder(own.getOrDefault("PATH", USUAL_PATH));
        for (String folder : TOOLCHAIN_FOLDERS) {
            if (Files.isDirectory(Path.of(folder))
                    && !List.of(path.toString().split(":", -1)).contains(folder)) {
                path.append(':').append(folder);
            }
        }
        return path.toString();
    }

    /**
     * With the flag that leaves the module cache writable: without it nobody but root can delete the data directory. Where the flags say
     * nothing of the linker, with that which leaves out the tables for debuggers.
     */
    private static String goFlags(@Nullable String own, Optional<Path> settings) throws IOException {
        String flags = own;
        if (flags == null && settings.isPresent()) {
            flags = Files.readAllLines(settings.get()).stream()
                    .filter(line -> line.startsWith("GOFLAGS="))
                    .map(line -> line.substring("GOFLAGS=".length()))
                    .findFirst()
                    .orElse(null);
        }
        String given = flags == null ? "" : flags.strip() + " ";
        return given + (given.contains("-ldflags") ? "" : NO_DEBUGGER_TABLES + " ") + WRITABLE_CACHE;
    }

    /** What {@code go env -w} has written for the user that runs Argus; the build's HOME hides it otherwise. */
    private Optional<Path> goSettings() {
        String configured = own.get("XDG_CONFIG_HOME");
        String home = own.getOrDefault("HOME", System.getProperty("user.home", "/"));
        Path file = (configured == null || configured.isEmpty() ? Path.of(home, ".config") : Path.of(configured))
                .resolve("go/env");
        return Files.isReadable(file) ? Optional.of(file) : Optional.empty();
    }
}
