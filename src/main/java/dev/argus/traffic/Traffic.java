package dev.argus.traffic;

import dev.argus.instance.Health;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceState;
import dev.argus.service.Desired;
import dev.argus.service.Service;
import dev.argus.traffic.RoutingTable.Address;
import dev.argus.traffic.RoutingTable.Route;
import dev.argus.traffic.RoutingTable.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Derives the routing table from what is so. Pure. */
final class Traffic {
    /**
     * The table for these services. An address that two of them claim belongs to the older service.
     *
     * @param draining instances that are to get nothing new
     * @param domain below which every service has a name of its own
     */
    static RoutingTable table(
            Collection<Service> services, Collection<Instance> instances, Set<String> draining, String domain) {
        Set<Address> taken = new HashSet<>();
        List<Route> routes = new ArrayList<>();
        services.stream()
                .filter(service -> service.desired() != Desired.REMOVED && service.liveRelease() != null)
                .sorted(Comparator.comparing(Service::createdAt)
                        .thenComparing(service -> service.name().value()))
                .forEach(service -> routes.add(new Route(
                        service.name().value(),
                        addresses(service, instances, domain).stream()
                                .filter(taken::add)
                                .toList(),
                        targets(service, instances, draining),
                        service.desired() == Desired.STOPPED)));
        return new RoutingTable(routes);
    }

    private static List<Target> targets(Service service, Collection<Instance> instances, Set<String> draining) {
        return instances.stream()
                .filter(instance -> instance.service().equals(service.name().value()))
                .filter(instance -> service.liveRelease() != null && instance.release() == service.liveRelease())
                .filter(instance -> instance.port() != null && !draining.contains(instance.id()))
                .sorted(Comparator.comparing(Instance::id))
                .map(instance -> new Target(instance.id(), instance.port(), isReady(instance)))
                .toList();
    }

    /** What each instance gets, by its id. */
    static Map<String, Share> shares(
            Collection<Service> services, Collection<Instance> instances, Set<String> draining) {
        Map<String, Service> byName = services.stream()
                .collect(Collectors.toMap(service -> service.name().value(), Function.identity()));
        return instances.stream()
                .collect(Collectors.toMap(
                        Instance::id, instance -> share(byName.get(instance.service()), instance, draining)));
    }

    private static Share share(@Nullable Service service, Instance instance, Set<String> draining) {
        if (draining.contains(instance.id())) {
            return Share.DRAINING;
        }
        if (service == null || service.liveRelease() == null || instance.release() != service.liveRelease()) {
            return Share.OUT;
        }
        return isReady(instance) ? Share.ACTIVE : Share.WAITING;
    }

    private static boolean isReady(Instance instance) {
        return instance.state() == InstanceState.RUNNING && instance.health() == Health.HEALTHY;
    }

    /** Its own name below the domain, and the hosts of its live release, each perhaps with a path. */
    private static List<Address> addresses(Service service, Collection<Instance> instances, String domain) {
        List<Address> addresses = new ArrayList<>();
        addresses.add(new Address((service.name().value() + "." + domain).toLowerCase(Locale.ROOT), "/"));
        for (String host : hosts(service, instances)) {
            int slash = host.indexOf('/');
            String name = (slash < 0 ? host : host.substring(0, slash)).toLowerCase(Locale.ROOT);
            String path = slash < 0 ? "/" : withoutLastSlash(host.substring(slash));
            addresses.add(new Address(name, path));
        }
        return addresses.stream().distinct().toList();
    }

    /** Of its manifest or of whoever deployed it; while it has no instances those that are configured. */
    private static List<String> hosts(Service service, Collection<Instance> instances) {
        return instances.stream()
                .filter(instance -> instance.service().equals(service.name().value()))
                .filter(instance -> service.liveRelease() != null && instance.release() == service.liveRelease())
                .findFirst()
                .map(Instance::hosts)
                .orElse(service.spec().hosts());
    }

    private static String withoutLastSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private Traffic() {}
}
