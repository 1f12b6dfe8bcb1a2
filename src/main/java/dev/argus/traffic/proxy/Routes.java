package dev.argus.traffic.proxy;

import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.RoutingTable.Address;
import dev.argus.traffic.RoutingTable.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A routing table, made ready for look-ups. Immutable. */
final class Routes {
    private final Map<String, List<Entry>> byHost = new HashMap<>();

    private record Entry(String prefix, Route route) {}

    Routes(RoutingTable table) {
        for (Route route : table.routes()) {
            for (Address address : route.addresses()) {
                byHost.computeIfAbsent(address.host(), made -> new ArrayList<>())
                        .add(new Entry(address.pathPrefix(), route));
            }
        }
        byHost.values()
                .forEach(entries -> entries.sort(
                        Comparator.comparingInt((Entry entry) -> entry.prefix().length())
                                .reversed()));
    }

    /** The route of a host, as {@link #host} gives it, and a path that may have a query. */
    Optional<Route> find(String host, String path) {
        for (Entry entry : byHost.getOrDefault(host, List.of())) {
            if (isBelow(path, entry.prefix())) {
                return Optional.of(entry.route());
            }
        }
        return Optional.empty();
    }

    private static boolean isBelow(String path, String prefix) {
        if (prefix.equals("/")) {
            return true;
        }
        if (!path.startsWith(prefix)) {
            return false;
        }
        return path.length() == prefix.length()
                || path.charAt(prefix.length()) == '/'
                || path.charAt(prefix.length()) == '?';
    }

    /** The name in a Host header: without port and final dot, in lower case. */
    static String host(String header) {
        int colon = header.lastIndexOf(':');
        String name = colon > header.lastIndexOf(']') ? header.substring(0, colon) : header;
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        return name.toLowerCase(Locale.ROOT);
    }
}
