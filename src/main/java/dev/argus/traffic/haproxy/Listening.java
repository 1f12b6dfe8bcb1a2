package dev.argus.traffic.haproxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The address on which visitors are awaited, tried before HAProxy is asked to. */
final class Listening {
    private static final Logger log = LoggerFactory.getLogger(Listening.class);

    private Listening() {}

    /**
     * Whether a running HAProxy may be reloaded to listen there: where it cannot, the reload would end it.
     *
     * @throws dev.argus.bus.ArgusException when somebody else has the port
     */
    static void check(String host, int port) {
        try {
            bind(host, port).close();
        } catch (UnknownHostException e) {
            log.debug("Whether {} exists is for HAProxy to say.", e.getMessage());
        } catch (IOException e) {
            throw Program.unavailable("HAProxy cannot listen on " + host + " port " + port + " (" + e.getMessage()
                    + "), so it goes on as before; free the port or change server.proxy.httpPort.");
        }
    }

    /** A port that nobody has. */
    static int free(String host) {
        try (ServerSocket socket = bind(host, 0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw Program.unavailable(
                    "No port could be found on " + host + " (" + e.getMessage() + "); set server.proxy.httpPort.");
        }
    }

    private static ServerSocket bind(String host, int port) throws IOException {
        var socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(
                    host.equals("*")
                            ? new InetSocketAddress(port)
                            : new InetSocketAddress(InetAddress.getByName(host), port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
