package dev.argus.traffic.haproxy;

import dev.argus.traffic.TrafficSwitch.Visits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what workers count for their backends, by the service that has the backend: HAProxy's own answers are in there too. A request that was
 * held comes to its backend a second time and is counted once, unless it is answered 5xx then. Each worker begins at zero. Not thread-safe.
 */
final class VisitTally {
    private static final String HOLD = "hold";

    private final Map<String, Counted> last = new HashMap<>();
    private final Map<String, Sum> sums = new HashMap<>();

    /** What a worker counts for a backend. */
    record Counted(long requests, long failed) {
        private Counted plus(long more, long moreFailed) {
            return new Counted(requests + more, failed + moreFailed);
        }
    }

    private static final class Sum {
        private long requests;
        private long failed;
    }

    /** What {@code show stat} of a Haproxy with so many slots is asked for: its backends, and of their servers the one where requests wait. */
    static List<String> questions(int slots) {
        return List.of("show stat -1 2 -1", "show stat -1 4 " + (slots + 1));
    }

    /**
     * Takes new counts.
     *
     * @param counted by worker and then by backend
     */
    void add(Plan plan, Map<Long, Map<String, Counted>> counted) {
        var named = new HashMap<String, String>();
        plan.places().forEach(place -> named.put("b" + place.backend(), place.service()));
        sums.keySet().retainAll(named.values());
        named.values().forEach(service -> sums.computeIfAbsent(service, _ -> new Sum()));
        var present = new HashMap<String, Counted>();
        counted.forEach((worker, backends) -> backends.forEach((backend, count) -> {
            String key = worker + " " + backend;
            present.put(key, count);
            Sum sum = sums.get(named.getOrDefault(backend, ""));
            if (sum != null) {
                add(sum, count, last.get(key));
            }
        }));
        last.clear();
        last.putAll(present);
    }

    private static void add(Sum sum, Counted count, @Nullable Counted before) {
        boolean goesOn = before != null && count.requests() >= before.requests() && count.failed() >= before.failed();
        sum.requests += count.requests() - (goesOn && before != null ? before.requests() : 0);
        sum.failed += count.failed() - (goesOn && before != null ? before.failed() : 0);
    }

    List<Visits> visits() {
        var visits = new ArrayList<Visits>();
        sums.forEach((service, sum) -> visits.add(new Visits(service, sum.requests, sum.failed)));
        return visits;
    }

    /** The backends in the answers to {@link #questions}, each in the CSV of {@code show stat}. */
    static Map<String, Counted> parse(String backends, String holds) {
        var counted = new HashMap<String, Counted>();
        Stat.rows(backends)
                .filter(row -> row.server().equals("BACKEND") && row.proxy().matches("b\\d+"))
                .forEach(row -> counted.put(row.proxy(), new Counted(row.number("stot"), row.number("hrsp_5xx"))));
        Stat.rows(holds)
                .filter(row -> row.server().equals(HOLD))
                // those that waited in vain did not come a second time
                .forEach(row -> counted.computeIfPresent(
                        row.proxy(), (_, count) -> count.plus(row.number("hrsp_5xx") - row.number("stot"), 0)));
        return counted;
    }
}
