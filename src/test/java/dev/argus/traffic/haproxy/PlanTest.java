package dev.argus.traffic.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.RoutingTable.Address;
import dev.argus.traffic.RoutingTable.Route;
import dev.argus.traffic.RoutingTable.Target;
import dev.argus.traffic.haproxy.Plan.Located;
import dev.argus.traffic.haproxy.Plan.Place;
import dev.argus.traffic.haproxy.Plan.Slot;
import dev.argus.traffic.haproxy.Plan.State;
import dev.argus.traffic.haproxy.Servers.Mode;
import dev.argus.traffic.haproxy.Servers.Server;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Random tables one after the other; what must always hold of the plans. */
class PlanTest {
    private final Random random = new Random(20261123);

    @Test
    void everythingStaysInItsPlaceAndNothingSharesOne() {
        for (int round = 0; round < 40; round++) {
            Plan plan = Plan.EMPTY;
            for (int step = 0; step < 30; step++) {
                RoutingTable table = table();
                Plan next = plan.next(table);

                assertThat(next.next(table)).isEqualTo(next);
                assertThat(next.places()).extracting(Place::service).doesNotHaveDuplicates();
                assertThat(next.places()).extracting(Place::backend).doesNotHaveDuplicates();
                assertThat(next.located().map(Located::server)).doesNotHaveDuplicates();
                assertThat(next.places()).allMatch(place -> place.backend() < next.backends());
                assertThat(next.located())
                        .allMatch(
                                each -> each.slot().number() >= 1 && each.slot().number() <= next.slots());
                assertThat(inTable(next)).isEqualTo(wanted(table));
                Map<String, String> before = servers(plan);
                servers(next)
                        .forEach((instance, server) -> assertThat(before.getOrDefault(instance, server))
                                .isEqualTo(server));
                // nobody who had a slot lost it unasked: there may be requests under way
                assertThat(servers(next)).containsAllEntriesOf(before);
                assertThat(Kept.decode(new Kept("x", "h", 1, next).encode())
                                .orElseThrow()
                                .plan())
                        .isEqualTo(next);

                plan = next.without(next.leaving()
                        .map(each -> each.slot().instance())
                        .filter(_ -> random.nextBoolean())
                        .collect(Collectors.toSet()));
                assertThat(inTable(plan)).isEqualTo(wanted(table));
            }
            Plan emptied = plan.next(RoutingTable.EMPTY);
            assertThat(emptied.without(servers(emptied).keySet()).places()).isEmpty();
        }
    }

    @Test
    void theCommandsLeadFromOnePlanToTheOther() {
        Plan plan = Plan.EMPTY;
        var servers = new HashMap<String, Server>();
        for (int step = 0; step < 2000; step++) {
            Plan next = plan.next(table());
            Servers from = Servers.of(plan);
            Servers to = Servers.of(next);
            from.toReady(to).forEach(command -> perform(command, servers));
            assertThat(servers).containsAllEntriesOf(only(to, Mode.READY));
            from.toRest(to).forEach(command -> perform(command, servers));

            to.byName().forEach((name, server) -> assertThat(servers).containsEntry(name, server));
            servers.forEach((name, server) -> assertThat(to.byName().containsKey(name) || server.mode() == Mode.MAINT)
                    .isTrue());
            plan = next;
            if (random.nextInt(3) == 0) {
                plan = next.without(
                        next.leaving().map(each -> each.slot().instance()).collect(Collectors.toSet()));
                Servers.of(next).toRest(Servers.of(plan)).forEach(command -> perform(command, servers));
            }
        }
    }

    private static Map<String, Server> only(Servers servers, Mode mode) {
        return servers.byName().entrySet().stream()
                .filter(entry -> entry.getValue().mode() == mode)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** As HAProxy would. */
    private static void perform(String command, Map<String, Server> servers) {
        String[] words = command.split(" ", -1);
        assertThat(words[0] + " " + words[1]).isEqualTo("set server");
        Server server = servers.getOrDefault(words[2], new Server(1, Mode.MAINT));
        servers.put(
                words[2],
                words[3].equals("addr")
                        ? new Server(Integer.parseInt(words[6]), server.mode())
                        : new Server(server.port(), Mode.valueOf(words[4].toUpperCase(java.util.Locale.ROOT))));
    }

    private RoutingTable table() {
        var routes = new ArrayList<Route>();
        int services = random.nextInt(10) == 0 ? 70 : 6;
        for (int service = 0; service < services; service++) {
            if (random.nextInt(4) > 0) {
                var targets = new ArrayList<Target>();
                int instances = random.nextInt(20) == 0 ? 20 : 4;
                for (int instance = 0; instance < instances; instance++) {
                    if (random.nextInt(3) > 0) {
                        targets.add(
                                new Target("s" + service + "-" + instance, 20_000 + instance, random.nextBoolean()));
                    }
                }
                boolean stopped = random.nextInt(6) == 0;
                routes.add(new Route(
                        "s" + service,
                        List.of(new Address("s" + service + ".localhost", "/"), new Address("x.org", "/s" + service)),
                        stopped ? List.of() : targets,
                        stopped));
            }
        }
        return new RoutingTable(routes);
    }

    private static Map<String, String> servers(Plan plan) {
        return plan.located().collect(Collectors.toMap(each -> each.slot().instance(), Located::server));
    }

    /** What the plan has in the traffic: by address, with all that is not leaving. */
    private static Map<String, Set<Target>> inTable(Plan plan) {
        var found = new TreeMap<String, Set<Target>>();
        plan.routes().forEach((key, goal) -> {
            Set<Target> targets = plan.places().stream()
                    .filter(place -> goal.equals("b" + place.backend()))
                    .flatMap(place -> place.slots().stream())
                    .filter(slot -> slot.state() != State.LEAVING)
                    .map(PlanTest::target)
                    .collect(Collectors.toSet());
            found.put(key + (goal.equals(Plan.STOPPED) ? " stopped" : ""), targets);
        });
        return found;
    }

    private static Target target(Slot slot) {
        return new Target(slot.instance(), slot.port(), slot.state() == State.READY);
    }

    private static Map<String, Set<Target>> wanted(RoutingTable table) {
        var wanted = new TreeMap<String, Set<Target>>();
        table.routes()
                .forEach(route -> route.addresses()
                        .forEach(address -> wanted.put(
                                RouteKey.of(address) + (route.stopped() ? " stopped" : ""),
                                Set.copyOf(route.targets()))));
        return wanted;
    }
}
