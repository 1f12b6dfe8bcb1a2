package dev.argus.deploy.git;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP proxy that the environment names for a URL, as other tools understand it: {@code https_proxy} or {@code HTTPS_PROXY}, {@code http_proxy}
 * for http (not in capitals, which a request could set where there is CGI), else {@code all_proxy}; and no proxy for what {@code no_proxy} lists or
 * is this machine. A user in its address is sent along for http; the JDK does not do that for the tunnels of https.
 */
final class EnvironmentProxies {
    private static final int USUAL_PORT = 80;

    private final UnaryOperator<@Nullable String> environment;

    /** @param environment gives the value of a variable, null where it is not set */
    EnvironmentProxies(UnaryOperator<@Nullable String> environment) {
        this.environment = environment;
    }

    /**
     * A proxy.
     *
     * @param authorization the value of the header that it wants; may be secret
     */
    record Chosen(Proxy proxy, @Nullable String authorization) {
        @Override
        public String toString() {
            return proxy.toString();
        }
    }

    /**
     * The proxy for a URL; empty for none.
     *
     * @throws SameHostConnections.Refused when the variable holds no such address
     */
    Optional<Chosen> of(URL url) throws SameHostConnections.Refused {
        boolean secure = url.getProtocol().equalsIgnoreCase("https");
        String named = secure ? first("https_proxy", "HTTPS_PROXY") : first("http_proxy");
        String variable = named != null ? named : first("all_proxy", "ALL_PROXY");
        if (variable == null || isDirect(url)) {
            return Optional.empty();
        }
        Chosen chosen = parsed(variable, String.valueOf(environment.apply(variable)));
        if (secure && chosen.authorization != null) {
            throw new SameHostConnections.Refused("cannot be fetched: the variable " + variable
                    + " of Argus names a user for the proxy, with which Argus can sign in for http alone; use a proxy that"
                    + " wants none, or list the host in NO_PROXY");
        }
        return Optional.of(chosen);
    }

    /** The first of these variables that says something. */
    private @Nullable String first(String... variables) {
        for (String variable : variables) {
            String value = environment.apply(variable);
            if (value != null && !value.isBlank()) {
                return variable;
            }
        }
        return null;
    }

    private static Chosen parsed(String variable, String value) throws SameHostConnections.Refused {
        try {
            var uri = new URI(value.contains("://") ? value.strip() : "http://" + value.strip());
            String host = uri.getHost();
            if (host == null || !"http".equalsIgnoreCase(uri.getScheme())) {
                throw wrong(variable);
            }
            String user = uri.getUserInfo();
            String authorization = user == null
                    ? null
                    : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
            int port = uri.getPort() < 0 ? USUAL_PORT : uri.getPort();
            return new Chosen(
                    new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port)), authorization);
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw wrong(variable);
        }
    }

    /** Its value may hold a password. */
    private static SameHostConnections.Refused wrong(String variable) {
        return new SameHostConnections.Refused("cannot be fetched: the variable " + variable
                + " of Argus is not the address of an HTTP proxy such as http://proxy.example.com:3128; correct it");
    }

    private boolean isDirect(URL url) {
        String host = url.getHost().toLowerCase(Locale.ROOT);
        if (host.equals("localhost")
                || host.endsWith(".localhost")
                || host.startsWith("127.")
                || host.equals("[::1]")) {
            return true;
        }
        String variable = first("no_proxy", "NO_PROXY");
        if (variable == null) {
            return false;
        }
        int port = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
        for (String part : String.valueOf(environment.apply(variable)).split("[,\\s]+", -1)) {
            if (matches(part.toLowerCase(Locale.ROOT), host, port)) {
                return true;
            }
        }
        return false;
    }

    /** {@code *}, a host with all below it, with or without a leading dot or star, and perhaps a port. */
    private static boolean matches(String part, String host, int port) {
        if (part.isEmpty()) {
            return false;
        }
        if (part.equals("*")) {
            return true;
        }
        String name = part;
        int colon = part.lastIndexOf(':');
        if (colon > 0 && !part.endsWith("]") && part.indexOf(':') == colon) {
            if (!part.substring(colon + 1).equals(Integer.toString(port))) {
                return false;
            }
            name = part.substring(0, colon);
        }
        String domain = name.startsWith("*.") ? name.substring(2) : name.startsWith(".") ? name.substring(1) : name;
        return host.equals(domain) || host.endsWith("." + domain);
    }
}
