package dev.argus.traffic.haproxy;

import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.RoutingTable.Address;
import dev.argus.traffic.RoutingTable.Route;
import dev.argus.traffic.RoutingTable.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which service has which backend of the pool, which instance which of its slots, and which addresses lead there. What was placed stays in its
 * place: that is what spares reloads. Immutable.
 *
 * @param backends how many there are: {@code b0} to {@code b(backends-1)}
 * @param slots how many each has: {@code s1} to {@code s(slots)}
 * @param places no two with the same service, nor with the same backend
 * @param routes by the beginning of host and path, as {@link RouteKey} writes it: the name of a backend, or {@link #STOPPED}
 */
record Plan(int backends, int slots, List<Place> places, SortedMap<String, String> routes) {
    /** Stands for a backend where a service is to be answered for at once. */
    static final String STOPPED = "stopped";

    /** How many backends and slots there are at first. */
    static final Plan EMPTY = new Plan(32, 8, List.of(), new TreeMap<>());

    Plan {
        places = List.copyOf(places);
        routes = Collections.unmodifiableSortedMap(new TreeMap<>(routes));
    }

    /** A service in its backend; without any slot that is in the table, the backend only waits to become free. */
    record Place(String service, int backend, List<Slot> slots) {
        Place {
            slots = List.copyOf(slots);
        }

        Optional<Slot> slot(int number) {
            return slots.stream().filter(slot -> slot.number() == number).findFirst();
        }
    }

    /**
     * An instance in its slot.
     *
     * @param number from 1
     */
    record Slot(int number, String instance, int port, State state) {
        Slot in(State other) {
            return new Slot(number, instance, port, other);
        }
    }

    enum State {
        /** Gets requests. */
        READY,
        /** Does not, its probes have not found it alive. */
        WAITING,
        /** Is out of the table; requests under way go on. */
        LEAVING
    }

    /** The plan for this table: grows where it must, to twice what it had. */
    Plan next(RoutingTable table) {
        var used = new HashSet<Integer>();
        Map<String, Place> present = new LinkedHashMap<>();
        places.forEach(place -> {
            used.add(place.backend());
            present.put(place.service(), place);
        });
        var nextPlaces = new ArrayList<Place>();
        var nextRoutes = new TreeMap<String, String>();
        for (Route route : table.routes()) {
            Place place = present.remove(route.service());
            if (place == null && !route.stopped()) {
                int free = firstFree(used, 0);
                used.add(free);
                place = new Place(route.service(), free, List.of());
            }
            if (place != null && !(route.stopped() && place.slots().isEmpty())) {
                nextPlaces.add(filled(place, route.stopped() ? List.of() : route.targets()));
            }
            String goal = place == null || route.stopped() ? STOPPED : "b" + place.backend();
            for (Address address : route.addresses()) {
                nextRoutes.put(RouteKey.of(address), goal);
            }
        }
        present.values().stream()
                .filter(place -> !place.slots().isEmpty())
                .forEach(place -> nextPlaces.add(filled(place, List.of())));
        int mostSlots = nextPlaces.stream()
                .flatMap(place -> place.slots().stream())
                .mapToInt(Slot::number)
                .max()
                .orElse(0);
        int mostBackends = nextPlaces.stream().mapToInt(Place::backend).max().orElse(-1) + 1;
        return new Plan(grown(backends, mostBackends), grown(slots, mostSlots), nextPlaces, nextRoutes);
    }

    private static int grown(int has, int needs) {
        int size = has;
        while (size < needs) {
            size *= 2;
        }
        return size;
    }

    private static Place filled(Place place, List<Target> targets) {
        Map<String, Target> wanted =
                targets.stream().collect(Collectors.toMap(Target::instance, target -> target, (first, _) -> first));
        var used = new HashSet<Integer>();
        var filled = new ArrayList<Slot>();
        for (Slot slot : place.slots()) {
            Target target = wanted.remove(slot.instance());
            used.add(slot.number());
            filled.add(target == null ? slot.in(State.LEAVING) : slot(slot.number(), target));
        }
        // in the order of the table: plans are to be the same for the same tables
        targets.stream()
                .filter(target -> wanted.remove(target.instance(), target))
                .forEach(target -> {
                    int number = firstFree(used, 1);
                    used.add(number);
                    filled.add(slot(number, target));
                });
        return new Place(place.service(), place.backend(), filled);
    }

    private static Slot slot(int number, Target target) {
        if (target.port() < 1 || target.port() > 65_535) {
            throw new IllegalArgumentException("instance " + target.instance() + " has the port " + target.port());
        }
        return new Slot(number, target.instance(), target.port(), target.ready() ? State.READY : State.WAITING);
    }

    private static int firstFree(Set<Integer> used, int from) {
        int number = from;
        while (used.contains(number)) {
            number++;
        }
        return number;
    }

    /** Without those that are leaving and are among these; their places become free. */
    Plan without(Set<String> gone) {
        List<Place> left = places.stream()
                .map(place -> new Place(
                        place.service(),
                        place.backend(),
                        place.slots().stream()
                                .filter(slot -> slot.state() != State.LEAVING || !gone.contains(slot.instance()))
                                .toList()))
                .filter(place -> !place.slots().isEmpty() || routes.containsValue("b" + place.backend()))
                .toList();
        return new Plan(backends, slots, left, routes);
    }

    /** Those that are out of the table and still have their slot. */
    Stream<Located> leaving() {
        return located().filter(each -> each.slot().state() == State.LEAVING);
    }

    Stream<Located> located() {
        return places.stream().flatMap(place -> place.slots().stream().map(slot -> new Located(place, slot)));
    }

    /** A slot and where it is. */
    record Located(Place place, Slot slot) {
        /** What HAProxy calls it. */
        String server() {
            return "b" + place.backend() + "/s" + slot.number();
        }
    }
}
