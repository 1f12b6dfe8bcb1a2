package dev.argus.traffic;

import java.util.List;

/** Where requests go, for all services at once. Immutable. Two routes never have the same address. */
public record RoutingTable(List<Route> routes) {
    /** No service has a release yet. */
    public static final RoutingTable EMPTY = new RoutingTable(List.of());

    /** Copies the routes. */
    public RoutingTable {
        routes = List.copyOf(routes);
    }

    /**
     * One service and how it is reached.
     *
     * @param targets the instances that are to get its requests; without any that is ready a request is held for a while, unless
     *     {@code stopped}
     * @param stopped nobody wants it to run: requests are answered 503 at once
     */
    public record Route(String service, List<Address> addresses, List<Target> targets, boolean stopped) {
        /** Copies the lists. */
        public Route {
            addresses = List.copyOf(addresses);
            targets = List.copyOf(targets);
        }
    }

    /**
     * Requests for this host whose path is {@code pathPrefix} or lies below it. Of several the longest prefix wins.
     *
     * @param host lower case, without port
     * @param pathPrefix begins with a slash, ends with none except when it is "/", which stands for all
     */
    public record Address(String host, String pathPrefix) {}

    /**
     * One instance on the loopback.
     *
     * @param ready whether its probes found it alive: only then does it get requests
     */
    public record Target(String instance, int port, boolean ready) {}
}
