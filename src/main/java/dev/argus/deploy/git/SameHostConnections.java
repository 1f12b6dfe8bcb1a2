package dev.argus.deploy.git;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.net.UnknownHostException;
import java.util.Optional;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory2;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;

/**
 * Opens HTTP connections to one scheme, host and port alone, wherever a remote redirects to, so that neither credentials nor requests
 * reach another server; and never to link-local addresses, where clouds keep their secrets. Through the proxy that the environment names.
 */
final class SameHostConnections implements HttpConnectionFactory2 {
    private final JDKHttpConnectionFactory connections = new JDKHttpConnectionFactory();
    private final String origin;
    private final EnvironmentProxies proxies;

    SameHostConnections(URI remote, EnvironmentProxies proxies) throws IOException {
        this.proxies = proxies;
        this.origin = originOf(remote.toURL());
    }

    /** A connection was refused; the message is for people. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    private static String originOf(URL url) {
        int port = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
        return url.getProtocol() + "://" + url.getHost() + ":" + port;
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        return create(url, Proxy.NO_PROXY);
    }

    @Override
    public HttpConnection create(URL url, Proxy proxy) throws IOException {
        check(url);
        Optional<EnvironmentProxies.Chosen> chosen = proxies.of(url);
        if (chosen.isEmpty()) {
            return connections.create(url, proxy);
        }
        HttpConnection connection = connections.create(url, chosen.get().proxy());
        String authorization = chosen.get().authorization();
        if (authorization != null) {
            connection.setRequestProperty("Proxy-Authorization", authorization);
        }
        return connection;
    }

    @Override
    public GitSession newSession() {
        return connections.newSession();
    }

    private void check(URL url) throws Refused {
        if (!originOf(url).equalsIgnoreCase(origin)) {
            throw new Refused("redirects to another server (" + url.getProtocol() + "://" + url.getHost()
                    + "); use the URL that it redirects to");
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(url.getHost())) {
                if (address.isLinkLocalAddress()) {
                    throw new Refused("is at a link-local address, which Argus does not fetch from");
                }
            }
        } catch (UnknownHostException e) {
            // A proxy may know the host; without one the connection itself says that it is unknown.
            return;
        }
    }
}
