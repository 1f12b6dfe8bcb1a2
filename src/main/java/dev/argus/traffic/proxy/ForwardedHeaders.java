package dev.argus.traffic.proxy;

import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers go from one side of the proxy to the other. */
final class ForwardedHeaders {
    /** What concerns one connection only (RFC 9110, 7.6.1). */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** By which only the proxy may say who asks. */
    private static final Set<String> OF_THE_PROXY = Set.of("forwarded", "x-real-ip", "x-client-ip", "expect");

    private static final List<String> PREFIXES_OF_THE_PROXY = List.of("x-forwarded-", "x-argus-");

    /** Copies what a client sent, without what only the proxy may say, and says that. */
    static void toService(MultiMap from, MultiMap to, String client, String host) {
        copy(from, to, true);
        to.set("X-Forwarded-For", client);
        to.set("X-Forwarded-Proto", "http");
        to.set("X-Forwarded-Host", host);
        to.set("X-Real-IP", client);
        String node = client.indexOf(':') >= 0 ? "\"[" + client + "]\"" : client;
        to.set("Forwarded", "for=" + node + ";host=\"" + host + "\";proto=http");
    }

    /** Copies what a service answered. */
    static void toClient(MultiMap from, MultiMap to) {
        copy(from, to, false);
    }

    private static void copy(MultiMap from, MultiMap to, boolean ofClient) {
        Set<String> named = named(from);
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            boolean stays = HOP_BY_HOP.contains(name) || named.contains(name) || (ofClient && isOfTheProxy(name));
            if (!stays) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    private static boolean isOfTheProxy(String name) {
        return OF_THE_PROXY.contains(name) || PREFIXES_OF_THE_PROXY.stream().anyMatch(name::startsWith);
    }

    /** The headers that a Connection header declares to concern this connection only. */
    private static Set<String> named(MultiMap headers) {
        List<String> values = headers.getAll("connection");
        if (values.isEmpty()) {
            return Set.of();
        }
        Set<String> named = new HashSet<>();
        for (String value : values) {
            for (String name : value.split(",", -1)) {
                named.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        // whoever declares these would have them lost
        named.removeAll(Set.of("host", "content-length", "authorization", "cookie"));
        return named;
    }

    /** Whether the client wants another protocol on this connection, as WebSockets do. */
    static boolean wantsUpgrade(MultiMap headers) {
        return headers.contains("upgrade") && named(headers).contains("upgrade");
    }

    private ForwardedHeaders() {}
}
