package dev.argus.traffic.haproxy;

import dev.argus.traffic.TrafficSwitch.TrafficFigures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what workers count for their servers: a slot has one instance after another, and each worker begins at zero. HAProxy counts no time
 * but gives the mean of the last 1024 requests, which is taken for the new ones. Not thread-safe.
 */
final class Tally {
    private static final long FORGET_AFTER = Duration.ofMinutes(5).toNanos();

    private final Map<String, Counted> last = new HashMap<>();
    private final Map<String, Sum> sums = new HashMap<>();

    /** One line of {@code show stat}: a slot of a worker. */
    record Counted(int inFlight, long requests, long failed, long meanMillis) {}

    private static final class Sum {
        private final String service;
        private int inFlight;
        private long requests;
        private long failed;
        private long millis;
        private long seen;

        Sum(String service) {
            this.service = service;
        }
    }

    /**
     * Takes new counts.
     *
     * @param counted by worker and then by server
     * @param now in nanoseconds, as of {@link System#nanoTime}
     */
    void add(Plan plan, Map<Long, Map<String, Counted>> counted, long now) {
        sums.values().forEach(sum -> sum.inFlight = 0);
        var present = new HashMap<String, Counted>();
        plan.located().forEach(each -> {
            Sum sum = sums.computeIfAbsent(
                    each.slot().instance(), _ -> new Sum(each.place().service()));
            sum.seen = now;
            counted.forEach((worker, servers) -> {
                Counted count = servers.get(each.server());
                if (count != null) {
                    add(sum, count, last.get(worker + " " + each.server()));
                }
            });
        });
        counted.forEach(
                (worker, servers) -> servers.forEach((server, count) -> present.put(worker + " " + server, count)));
        last.clear();
        last.putAll(present);
        sums.values().removeIf(sum -> now - sum.seen > FORGET_AFTER);
    }

    private static void add(Sum sum, Counted count, @Nullable Counted before) {
        boolean goesOn = before != null && count.requests() >= before.requests() && count.failed() >= before.failed();
        long requests = count.requests() - (goesOn && before != null ? before.requests() : 0);
        sum.inFlight += count.inFlight();
        sum.requests += requests;
        sum.failed += count.failed() - (goesOn && before != null ? before.failed() : 0);
        sum.millis += requests * count.meanMillis();
    }

    /** What went through. */
    List<TrafficFigures> figures() {
        var figures = new ArrayList<TrafficFigures>();
        sums.forEach((instance, sum) -> figures.add(
                new TrafficFigures(sum.service, instance, sum.inFlight, sum.requests, sum.failed, sum.millis)));
        return figures;
    }

    /** The slots in the CSV of {@code show stat}; other lines are left out. */
    static Map<String, Counted> parse(String csv) {
        var counted = new HashMap<String, Counted>();
        Stat.rows(csv)
                .filter(row -> row.server().matches("s\\d+"))
                .forEach(row -> counted.put(
                        row.proxy() + "/" + row.server(),
                        new Counted(
                                (int) row.number("scur"),
                                row.number("stot"),
                                row.number("hrsp_5xx") + row.number("eresp"),
                                row.number("ttime"))));
        return counted;
    }
}
