package dev.argus.config;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import dev.argus.service.InvalidValue;
import dev.argus.service.SpecCodec;
import dev.argus.service.StrictJson;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code config.json}. */
public final class ConfigLoader {
    private static final long LONGEST_FILE = 1 << 20;
    private static final Set<String> PROTOCOLS = Set.of("https", "ssh", "http", "file");
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");
    private static final Duration SHORTEST = Duration.ofMillis(100);

    /**
     * What was read, and every problem with it, each sentence beginning with the JSON path; the file is good when there are none.
     *
     * @param problems which keep a server from starting
     * @param problemsOfTheClient wrong values that only argus-client minds
     */
    public record Loaded(ServerConfig config, List<String> problems, List<String> problemsOfTheClient) {
        /** Copies the lists. */
        public Loaded {
            problems = List.copyOf(problems);
            problemsOfTheClient = List.copyOf(problemsOfTheClient);
        }
    }

    /**
     * The server's configuration in {@code file}.
     *
     * @throws ArgusException {@link ErrorCode#INVALID} with the first problem when there are any
     */
    public static ServerConfig load(Path file) {
        Loaded loaded = read(file);
        if (!loaded.problems().isEmpty()) {
            int more = loaded.problems().size() - 1;
            throw new ArgusException(
                    ErrorCode.INVALID,
                    "The configuration " + file + " is wrong at "
                            + loaded.problems().getFirst()
                            + (more > 0
                                    ? " There are " + more + " more problems; see argus-server check-config."
                                    : ""));
        }
        return loaded.config();
    }

    /** Reads {@code file} and finds every problem in it. */
    public static Loaded read(Path file) {
        var problems = new Problems();
        JsonObject json = parse(file, problems);
        var top = new Section("", json, problems);
        ServerConfig config = server(top.section("server"));
        client(top.section("client"));
        top.ignore("$schema");
        top.refuseTheRest();
        var ofTheClient = new Problems();
        ClientValues.check(new Section("client", json.getValue("client"), ofTheClient));
        return new Loaded(config, problems.sentences(), ofTheClient.sentences());
    }

    private static JsonObject parse(Path file, Problems problems) {
        try {
            if (Files.size(file) > LONGEST_FILE) {
                problems.add("$", "The file is longer than 1 MiB.");
                return new JsonObject();
            }
            return StrictJson.object(String.valueOf(file.getFileName()), Files.readAllBytes(file));
        } catch (InvalidValue e) {
            problems.add("$", e.sentence());
        } catch (IOException e) {
            problems.add("$", "The file " + file + " cannot be read (" + e + ").");
        }
        return new JsonObject();
    }

    private static ServerConfig server(Section server) {
        ServerConfig d = ServerConfig.DEFAULT;
        var config = new ServerConfig(
                server.text("host", d.host()),
                server.number("port", d.port(), 0, 65_535),
                dataDirectory(server, d.dataDirectory()),
                ports(server, d.portRange()),
                git(server.section("git"), d.gitProtocols()),
                proxy(server.section("proxy"), d.proxy()),
                health(server.section("health"), d.health()),
                deploy(server.section("deploy"), d.deploy()),
                log(server.section("log"), d.log()),
                entrance(server, d.entrance()));
        server.refuseTheRest();
        return config;
    }

    private static ServerConfig.EntranceConfig entrance(Section server, ServerConfig.EntranceConfig d) {
        return new ServerConfig.EntranceConfig(
                server.list(
                        "trustedProxies",
                        d.trustedProxies(),
                        item -> item instanceof String text
                                ? AddressRange.parse(text).orElse(null)
                                : null,
                        "a list of addresses such as \"10.0.0.7\" or \"10.0.0.0/8\""),
                tls(server),
                server.flag("plainHttp", d.plainHttp()),
                server.list(
                        "hostNames",
                        d.hostNames(),
                        item -> item instanceof String text
                                        && HOST_NAME.matcher(text).matches()
                                ? text.toLowerCase(Locale.ROOT)
                                : null,
                        "a list of names such as \"argus.example.com\", without a port"));
    }

    private static ServerConfig.@Nullable TlsConfig tls(Section server) {
        Section tls = server.section("tls");
        Path certificate = file(tls, "certificate");
        Path key = file(tls, "key");
        tls.refuseTheRest();
        if (certificate != null && key != null) {
            return new ServerConfig.TlsConfig(certificate, key);
        }
        if (certificate != null || key != null) {
            tls.wrong(certificate == null ? "certificate" : "key", "is missing; a certificate needs its key");
        }
        return null;
    }

    private static @Nullable Path file(Section section, String name) {
        try {
            String text = section.text(name, "");
            return text.isEmpty() ? null : Path.of(text);
        } catch (InvalidPathException e) {
            section.wrong(name, "must be a path of this system");
            return null;
        }
    }

    private static Path dataDirectory(Section server, Path otherwise) {
        try {
            return Path.of(server.text("dataDir", otherwise.toString()));
        } catch (InvalidPathException e) {
            server.wrong("dataDir", "must be a path of this system");
            return otherwise;
        }
    }

    private static ServerConfig.PortRange ports(Section server, ServerConfig.PortRange otherwise) {
        List<Integer> ends = server.list(
                "portRange",
                List.of(otherwise.first(), otherwise.last()),
                item -> item instanceof Integer port && port >= 1_024 && port <= 65_535 ? port : null,
                "two ports from 1024 to 65535");
        if (ends.size() != 2 || ends.getFirst() > ends.getLast()) {
            server.wrong("portRange", "must be two ports from 1024 to 65535, the smaller one first");
            return otherwise;
        }
        return new ServerConfig.PortRange(ends.getFirst(), ends.getLast());
    }

    private static Set<String> git(Section git, Set<String> otherwise) {
        List<String> protocols = git.list(
                "protocols",
                List.copyOf(otherwise),
                item -> item instanceof String text && PROTOCOLS.contains(text) ? text : null,
                "a list of https, ssh, http and file");
        git.refuseTheRest();
        return new HashSet<>(protocols);
    }

    private static ServerConfig.ProxyConfig proxy(Section proxy, ServerConfig.ProxyConfig d) {
        var config = new ServerConfig.ProxyConfig(
                proxy.oneOf("kind", d.kind(), Set.of("embedded", "haproxy")),
                proxy.text("host", d.host()),
                proxy.number("httpPort", d.httpPort(), 0, 65_535),
                proxy.text("domain", d.domain()),
                haproxy(proxy.section("haproxy")));
        proxy.refuseTheRest();
        return config;
    }

    private static ServerConfig.@Nullable HaproxyConfig haproxy(Section haproxy) {
        Path directory = file(haproxy, "directory");
        Path socket = file(haproxy, "masterSocket");
        List<String> reload = haproxy.list(
                "reload",
                List.of(),
                item -> item instanceof String text && !text.isBlank() ? text : null,
                "a command as a list of its words");
        haproxy.refuseTheRest();
        if (directory != null && socket != null) {
            return new ServerConfig.HaproxyConfig(directory, socket, reload);
        }
        if (directory != null || socket != null) {
            haproxy.wrong(
                    directory == null ? "directory" : "masterSocket",
                    "is missing; a HAProxy that Argus does not run has a directory and a masterSocket");
        }
        return null;
    }

    private static ServerConfig.HealthConfig health(Section health, ServerConfig.HealthConfig d) {
        String path = health.text("path", d.path());
        if (!SpecCodec.isProbePath(path)) {
            health.wrong("path", "must be " + SpecCodec.A_PROBE_PATH);
        }
        var config = new ServerConfig.HealthConfig(
                path,
                health.duration("interval", d.interval(), SHORTEST),
                health.duration("timeout", d.timeout(), SHORTEST),
                health.number("failures", d.failures(), 1, 100),
                health.duration("grace", d.grace(), Duration.ZERO));
        health.refuseTheRest();
        return config;
    }

    private static ServerConfig.DeployConfig deploy(Section deploy, ServerConfig.DeployConfig d) {
        var config = new ServerConfig.DeployConfig(
                deploy.number("queue", d.queue(), 0, 10_000),
                deploy.duration("cloneTimeout", d.cloneTimeout(), SHORTEST),
                deploy.duration("buildTimeout", d.buildTimeout(), SHORTEST),
                deploy.duration("healthyTimeout", d.healthyTimeout(), SHORTEST),
                deploy.duration("drainTimeout", d.drainTimeout(), Duration.ZERO),
                deploy.duration("bake", d.bake(), Duration.ZERO),
                deploy.number("keepReleases", d.keepReleases(), 1, 1_000));
        deploy.refuseTheRest();
        return config;
    }

    private static ServerConfig.LogConfig log(Section log, ServerConfig.LogConfig d) {
        var config = new ServerConfig.LogConfig(
                log.oneOf("level", d.level(), Set.of("error", "warn", "info", "debug", "trace")),
                log.oneOf("format", d.format(), Set.of("text", "json")));
        log.refuseTheRest();
        return config;
    }

    /** The client reads its part itself; here only its keys are looked at, so that one look finds every mistyped one. */
    private static void client(Section client) {
        client.ignore("servers");
        Section requirements = client.section("requirements");
        requirements.ignore("memory");
        requirements.ignore("disk");
        requirements.ignore("cpus");
        requirements.refuseTheRest();
        client.refuseTheRest();
    }

    private ConfigLoader() {}
}
