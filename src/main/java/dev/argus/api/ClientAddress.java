package dev.argus.api;

import dev.argus.config.AddressRange;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Where a request comes from: the other end of the connection, or, where that is a proxy to be trusted, whom it names. */
final class ClientAddress {
    private static final String KEY = "argus.address";
    private static final int MOST_HOPS = 20;

    private final List<AddressRange> trusted;

    ClientAddress(List<AddressRange> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    void note(RoutingContext context) {
        context.put(KEY, find(context.request()));
        context.next();
    }

    /** The address of a request that was {@linkplain #note noted}. */
    static String of(RoutingContext context) {
        String address = context.get(KEY);
        return address == null ? context.request().remoteAddress().hostAddress() : address;
    }

    private String find(HttpServerRequest request) {
        return find(
                request.remoteAddress().hostAddress(),
                String.join(",", request.headers().getAll("X-Forwarded-For")));
    }

    /** From the right, where the nearest proxy has written: the first that is no proxy of ours. What stands left of it anybody may have written. */
    String find(String remote, String forwardedFor) {
        if (trusted.isEmpty() || !isTrusted(remote)) {
            return remote;
        }
        String[] hops = forwardedFor.split(",", -1);
        String nearest = remote;
        for (int i = hops.length - 1; i >= Math.max(0, hops.length - MOST_HOPS); i--) {
            Optional<InetAddress> hop = parse(hops[i].strip());
            if (hop.isEmpty()) {
                return nearest;
            }
            nearest = hop.get().getHostAddress();
            if (!isTrusted(nearest)) {
                return nearest;
            }
        }
        return nearest;
    }

    /** Whether it is that of a proxy whose word is taken. */
    boolean isTrusted(String address) {
        return parse(address)
                .filter(found -> trusted.stream().anyMatch(range -> range.contains(found)))
                .isPresent();
    }

    private static Optional<InetAddress> parse(String address) {
        return AddressRange.parse(address)
                .filter(range -> address.indexOf('/') < 0)
                .map(AddressRange::first);
    }
}
