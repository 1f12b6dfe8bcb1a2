package dev.argus.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * One server of the list.
 *
 * @param name what people call it
 * @param url without a slash at its end
 * @param port 1 to 65535
 * @param path what stands before {@code /api}, empty or beginning with a slash
 */
record Server(String name, String url, boolean secure, String host, int port, String path) {
    /**
     * Reads the URL of a server.
     *
     * @throws ClientFailure (wrong usage) if it is not one of a server; it says why
     */
    static Server of(String name, String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw wrong(url);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("https");
        if (!(secure || scheme.equals("http"))
                || uri.getHost() == null
                || uri.getPort() == 0
                || uri.getPort() > 65535
                || uri.getRawUserInfo() != null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw wrong(url);
        }
        int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
        String path = withoutSlash(uri.getRawPath());
        return new Server(name, withoutSlash(url), secure, uri.getHost(), port, path);
    }

    private static ClientFailure wrong(String url) {
        return ClientFailure.usage("The server \"" + url + "\" is neither the name of a configured server nor a URL"
                + " such as http://127.0.0.1:8080.");
    }

    private static String withoutSlash(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        return text.substring(0, end);
    }

    /** What the Host header says. */
    String authority() {
        return port == (secure ? 443 : 80) ? host : host + ":" + port;
    }

    /** The host without the brackets of an IPv6 address. */
    String address() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
