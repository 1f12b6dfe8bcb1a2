package dev.argus.traffic.haproxy;

import dev.argus.bus.ArgusException;
import dev.argus.traffic.AddressLimit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What of HAProxy can be set.
 *
 * @param host address or name on which visitors are awaited, or {@code *} for all addresses
 * @param httpPort its port; 0 takes a free one, and the same again as long as the directory is kept
 * @param hold how long a request may wait until an instance is ready, 100 ms to 30 s
 * @param held how many requests of one service may wait like that at once, 1 to 10000; as many again may queue behind
 * @param idle how long nothing may come in the middle of a request or of its answer, and an answer may go unread, at least 100 ms
 * @param byAddress how many connections one address may have open; more are closed
 * @param elsewhere the one that somebody else starts and stops; empty for one that Argus runs
 */
public record HaproxySettings(
        String host,
        int httpPort,
        Duration hold,
        int held,
        Duration idle,
        AddressLimit byAddress,
        Optional<Elsewhere> elsewhere) {
    private static final Duration IDLE = Duration.ofSeconds(60);

    private static final Pattern HOST =
            Pattern.compile("\\*|[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45}");

    /** @throws ArgusException naming the field that is out of bounds */
    public HaproxySettings {
        if (!HOST.matcher(host).matches()) {
            throw ArgusException.invalid(
                    "server.host", "The address to listen on is not an address, a host name or *; correct it.");
        }
        if (httpPort < 0 || httpPort > 65_535) {
            throw ArgusException.invalid(
                    "server.proxy.httpPort", "The port " + httpPort + " does not exist; give one from 0 to 65535.");
        }
        if (idle.toMillis() < 100) {
            throw new IllegalArgumentException("nobody can send a request within " + idle);
        }
        if (hold.toMillis() < 100 || hold.compareTo(Duration.ofSeconds(30)) > 0 || held < 1 || held > 10_000) {
            throw ArgusException.invalid(
                    "server.proxy", "Requests can be held for 100 ms to 30 s, 1 to 10000 of them for a service.");
        }
    }

    /** Of one that Argus runs, for this host alone. */
    HaproxySettings(String host, int httpPort, Duration hold, int held) {
        this(host, httpPort, hold, held, IDLE, AddressLimit.besides(List.of()), Optional.empty());
    }

    /**
     * A HAProxy in master-worker mode that is not started by Argus.
     *
     * @param masterSocket absolute
     * @param reload a command; empty to reload by the socket
     */
    public record Elsewhere(Path masterSocket, List<String> reload) {
        /** @throws ArgusException when the path of the socket is too long for one, or not absolute */
        public Elsewhere {
            reload = List.copyOf(reload);
            if (!masterSocket.isAbsolute() || masterSocket.toString().length() > RuntimeSocket.LONGEST_PATH) {
                throw ArgusException.invalid(
                        "server.proxy.haproxy.masterSocket",
                        "The socket of HAProxy's master is not an absolute path of at most "
                                + RuntimeSocket.LONGEST_PATH + " characters; correct it.");
            }
        }
    }

    /** The same for one that somebody else runs. */
    public HaproxySettings elsewhere(Path masterSocket, List<String> reload) {
        return new HaproxySettings(
                host, httpPort, hold, held, idle, byAddress, Optional.of(new Elsewhere(masterSocket, reload)));
    }

    /** Requests are held for 10 s, 256 of them for a service. */
    public static HaproxySettings on(String host, int httpPort, AddressLimit byAddress) {
        return new HaproxySettings(host, httpPort, Duration.ofSeconds(10), 256, IDLE, byAddress, Optional.empty());
    }
}
