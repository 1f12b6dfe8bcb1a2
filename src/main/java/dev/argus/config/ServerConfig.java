package dev.argus.config;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The {@code server} part of {@code config.json}; what is not given there has the values of {@link #DEFAULT}. */
public record ServerConfig(
        String host,
        int port,
        Path dataDirectory,
        PortRange portRange,
        Set<String> gitProtocols,
        ProxyConfig proxy,
        HealthConfig health,
        DeployConfig deploy,
        LogConfig log,
        EntranceConfig entrance) {

    /** The defaults of the contract, section 5 and 8. */
    public static final ServerConfig DEFAULT = new ServerConfig(
            "127.0.0.1",
            8080,
            Path.of("/var/lib/argus"),
            new PortRange(20_000, 29_999),
            Set.of("https", "ssh"),
            new ProxyConfig("embedded", "127.0.0.1", 8000, "localhost"),
            new HealthConfig("/isalive", Duration.ofSeconds(2), Duration.ofSeconds(2), 3, Duration.ofSeconds(30)),
            new DeployConfig(
                    32,
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(30),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(2),
                    5),
            new LogConfig("info", "text"),
            EntranceConfig.DEFAULT);

    /** One whose entrance is as by default. */
    public ServerConfig(
            String host,
            int port,
            Path dataDirectory,
            PortRange portRange,
            Set<String> gitProtocols,
            ProxyConfig proxy,
            HealthConfig health,
            DeployConfig deploy,
            LogConfig log) {
        this(host, port, dataDirectory, portRange, gitProtocols, proxy, health, deploy, log, EntranceConfig.DEFAULT);
    }

    /** Copies the protocols. */
    public ServerConfig {
        gitProtocols = Set.copyOf(gitProtocols);
    }

    /** The ports that instances are given, both ends included. */
    public record PortRange(int first, int last) {}

    /**
     * What stands in front of the services.
     *
     * @param kind embedded or haproxy
     * @param host the address it listens on
     * @param httpPort 0 for a free one
     * @param domain below which every service has a name of its own
     * @param haproxy the HAProxy that somebody else runs; null for one that Argus runs itself
     */
    public record ProxyConfig(
            String kind,
            String host,
            int httpPort,
            String domain,
            @Nullable HaproxyConfig haproxy) {
        /** One that Argus runs itself. */
        public ProxyConfig(String kind, String host, int httpPort, String domain) {
            this(kind, host, httpPort, domain, null);
        }
    }

    /**
     * A HAProxy that somebody else starts and stops, such as systemd.
     *
     * @param directory where it reads {@code haproxy.cfg}, which Argus writes
     * @param masterSocket on which its master process takes commands
     * @param reload the command that has it read its configuration again; empty to ask it by its socket
     */
    public record HaproxyConfig(Path directory, Path masterSocket, List<String> reload) {
        /** Copies the command. */
        public HaproxyConfig {
            reload = List.copyOf(reload);
        }
    }

    /** How services are probed that say nothing about it themselves. */
    public record HealthConfig(String path, Duration interval, Duration timeout, int failures, Duration grace) {}

    /**
     * The limits of a deployment.
     *
     * @param queue how many deployments may wait at once on this node
     * @param drainTimeout how long requests under way keep an old instance
     * @param bake how long the former release is kept running beside the new one, to go back to at once
     * @param keepReleases how many releases of a service are kept
     */
    public record DeployConfig(
            int queue,
            Duration cloneTimeout,
            Duration buildTimeout,
            Duration healthyTimeout,
            Duration drainTimeout,
            Duration bake,
            int keepReleases) {}

    /** How Argus itself logs: level error, warn, info, debug or trace; format text or json. */
    public record LogConfig(String level, String format) {}

    /**
     * How requests come to Argus itself.
     *
     * @param trustedProxies whose X-Forwarded-For is believed
     * @param tls null for plain HTTP
     * @param plainHttp whether plain HTTP is meant also on an address that others can reach
     * @param hostNames more names by which browsers reach the dashboard, in lower case
     */
    public record EntranceConfig(
            List<AddressRange> trustedProxies, @Nullable TlsConfig tls, boolean plainHttp, List<String> hostNames) {
        /** Nobody in between, no certificate, and no names but those that go without saying. */
        public static final EntranceConfig DEFAULT = new EntranceConfig(List.of(), null, false);

        /** One with no names but those that go without saying. */
        public EntranceConfig(List<AddressRange> trustedProxies, @Nullable TlsConfig tls, boolean plainHttp) {
            this(trustedProxies, tls, plainHttp, List.of());
        }

        /** Copies the lists. */
        public EntranceConfig {
            trustedProxies = List.copyOf(trustedProxies);
            hostNames = List.copyOf(hostNames);
        }
    }

    /** The files of a certificate and its key, PEM. */
    public record TlsConfig(Path certificate, Path key) {}

    /** {@code http} or {@code https}. */
    public String scheme() {
        return entrance.tls() == null ? "http" : "https";
    }

    /** Why this must not be listened on, one sentence: passwords and tokens would cross a network in plain text. Empty when it may. */
    public Optional<String> refusal() {
        return entrance.tls() != null || entrance.plainHttp() || isLoopback(host)
                ? Optional.empty()
                : Optional.of("Argus does not listen on " + host
                        + " without TLS, where others could read passwords and tokens; give server.tls.certificate and"
                        + " server.tls.key, listen on 127.0.0.1, or set server.plainHttp to true if something in front of"
                        + " it does TLS.");
    }

    private static boolean isLoopback(String host) {
        try {
            return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException aName) {
            // whatever it stands for today
            return false;
        }
    }

    /** This configuration with another entrance. */
    public ServerConfig entering(EntranceConfig other) {
        return new ServerConfig(host, port, dataDirectory, portRange, gitProtocols, proxy, health, deploy, log, other);
    }

    /** This configuration listening elsewhere. */
    public ServerConfig listening(String otherHost, int otherPort) {
        return new ServerConfig(
                otherHost, otherPort, dataDirectory, portRange, gitProtocols, proxy, health, deploy, log, entrance);
    }

    /** This configuration with another data directory. */
    public ServerConfig keepingIn(Path otherDirectory) {
        return new ServerConfig(
                host, port, otherDirectory, portRange, gitProtocols, proxy, health, deploy, log, entrance);
    }
}
