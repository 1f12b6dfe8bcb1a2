package dev.argus.metrics;

import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.Event;
import dev.argus.service.CatalogCommand;
import dev.argus.service.CatalogEvent;
import dev.argus.store.Row;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures at the end of every slot, keeps what it has measured, and tells it. A worker, so that no event loop waits for its sums. */
public final class MetricsVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(MetricsVerticle.class);
    /** So that a clock that is a little ahead of the timers does not bring two measurements into one slot. */
    private static final long AFTER_ITS_END_MILLIS = 50;

    private static final int SAVED_EVERY = 4;
    private static final long SAVED_WITHIN_SECONDS = 5;
    private static final int THIRTY = 30;

    private final Bus bus;
    private final Clock clock;
    private final Sampler sampler;
    private final Recording services = new Recording(Column.OF_SERVICES.size());
    private final Recording node = new Recording(Column.OF_THE_NODE.size());
    private final Set<String> known = new TreeSet<>();
    /** Those whose figures the store has yet to forget. */
    private final Set<String> gone = new TreeSet<>();

    private @Nullable Measurement before;
    private long newest = Long.MIN_VALUE;
    private int taken;
    private boolean complained;

    /** A verticle that measures from its start on. */
    public MetricsVerticle(Bus bus, Clock clock) {
        this.bus = bus;
        this.clock = clock;
        this.sampler = new Sampler(bus);
    }

    @Override
    public Future<?> start() {
        return bus.request(new CatalogCommand.ListServices()).onSuccess(all -> {
            all.forEach(service -> known.add(service.name().value()));
            bus.subscribe(this::hear);
            bus.<MetricsCommand<?>>serve(MetricsCommand.ADDRESS, this::serve);
            load();
            arm();
        });
    }

    @Override
    public Future<?> stop() {
        return save(null).timeout(SAVED_WITHIN_SECONDS, TimeUnit.SECONDS);
    }

    private void hear(Event event) {
        switch (event) {
            case CatalogEvent.Changed e -> known.add(e.service().name().value());
            case CatalogEvent.Removed e -> forget(e.name().value());
            default -> {
                // the rest is for others
            }
        }
    }

    private void forget(String service) {
        known.remove(service);
        services.forget(service);
        gone.add(service);
        forgetTheGone();
    }

    // measuring

    private void arm() {
        long step = Range.HOUR.step().toMillis();
        long delay = step - Math.floorMod(clock.millis(), step) + AFTER_ITS_END_MILLIS;
        vertx.setTimer(delay, due -> {
            Instant at = clock.instant();
            sampler.measure().onSuccess(measured -> take(at, measured)).onComplete(done -> arm());
        });
    }

    private void take(Instant at, Measurement now) {
        long slot = Range.measuredAt(at);
        var rates = new Rates(before, now, Runtime.getRuntime().availableProcessors());
        services.record(slot, rates.services(known));
        node.record(slot, Map.of(MetricsRecords.NODE, rates.node()));
        before = now;
        newest = slot;
        taken++;
        // the second is the first that has all figures
        if (taken % SAVED_EVERY == 2) {
            save(slot);
        }
    }

    // telling

    private Future<?> serve(MetricsCommand<?> command) {
        return Future.succeededFuture(
                switch (command) {
                    case MetricsCommand.OfService c -> series(services, c.service(), c.range(), Column.OF_SERVICES);
                    case MetricsCommand.OfNode c -> series(node, MetricsRecords.NODE, c.range(), Column.OF_THE_NODE);
                    case MetricsCommand.Glances c -> glances(c.services());
                });
    }

    /** The slot that has ended last, or the one before while that is being measured. */
    private long end() {
        long ended = Range.HOUR.slot(clock.instant()) - 1;
        return newest == ended - 1 ? newest : ended;
    }

    private MetricsCommand.Series series(Recording recording, String subject, Range range, List<Column> columns) {
        long end = end();
        List<float[]> points = recording.points(subject, range, end);
        Map<String, List<@Nullable Number>> told = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            told.put(columns.get(i).name(), columns.get(i).told(points.get(i)));
        }
        return new MetricsCommand.Series(range, range.at(Recording.first(range, end)), told);
    }

    private List<MetricsCommand.Glance> glances(List<String> asked) {
        long end = end();
        return asked.stream()
                .map(service -> new MetricsCommand.Glance(
                        service,
                        summary(service, Column.CPU, end),
                        summary(service, Column.MEMORY, end),
                        last(service, Column.REQUESTS, end),
                        last(service, Column.ERRORS, end),
                        last(service, Column.PROBE, end)))
                .toList();
    }

    private List<@Nullable Number> summary(String service, int column, long end) {
        return Column.OF_SERVICES.get(column).told(services.summary(service, column, THIRTY, end));
    }

    private @Nullable Number last(String service, int column, long end) {
        return Column.OF_SERVICES.get(column).told(services.at(service, column, end));
    }

    // keeping

    /** @param underWay null when nothing will follow */
    private Future<Done> save(@Nullable Long underWay) {
        List<Recording.Page> ofServices = services.save(underWay);
        List<Recording.Page> ofNode = node.save(underWay);
        forgetTheGone();
        return write(MetricsRecords.save(ofServices, ofNode))
                .onSuccess(done -> complained = false)
                .recover(failure -> {
                    if (!complained) {
                        log.warn("the metrics could not be saved and are tried again: {}", failure.getMessage());
                    }
                    complained = true;
                    services.notSaved(ofServices);
                    node.notSaved(ofNode);
                    return Future.succeededFuture(Done.DONE);
                });
    }

    private void forgetTheGone() {
        if (!gone.isEmpty()) {
            List<String> asked = List.copyOf(gone);
            gone.clear();
            write(asked.stream().map(MetricsRecords::forget).toList()).onFailure(failure -> gone.addAll(asked));
        }
    }

    private Future<Done> write(List<Statement> statements) {
        return statements.isEmpty()
                ? Future.succeededFuture(Done.DONE)
                : bus.request(new StoreCommand.Write(statements)).map(Done.DONE);
    }

    /** In its own time: who asks meanwhile is told what is there already. */
    private void load() {
        long begun = System.nanoTime();
        Set<String> strangers = new TreeSet<>();
        readAll(MetricsRecords::services, (range, row) -> restore(range, row, strangers))
                .compose(done -> readAll(
                        MetricsRecords::node,
                        (range, row) ->
                                node.restore(range, MetricsRecords.slot(range, row), MetricsRecords.figures(row))))
                .onSuccess(done -> {
                    services.complete();
                    node.complete();
                    strangers.removeAll(known);
                    gone.addAll(strangers);
                    forgetTheGone();
                    log.debug("the metrics were read within {}", Duration.ofNanos(System.nanoTime() - begun));
                })
                .onFailure(failure ->
                        log.warn("the metrics of before cannot be read and begin anew: {}", failure.getMessage()));
    }

    private void restore(Range range, Row row, Set<String> strangers) {
        Map<String, float[]> figures = MetricsRecords.figures(row);
        figures.keySet().removeIf(service -> {
            boolean stranger = !known.contains(service);
            if (stranger) {
                strangers.add(service);
            }
            return stranger;
        });
        services.restore(range, MetricsRecords.slot(range, row), figures);
    }

    /** Takes up a row. */
    private interface Take {
        void take(Range range, Row row);
    }

    /** One question after the other. */
    private Future<?> readAll(BiFunction<Range, Integer, Statement> query, Take take) {
        Future<?> before = Future.succeededFuture();
        for (Range range : Range.values()) {
            for (int cell = 0; cell < range.points(); cell += MetricsRecords.AT_ONCE) {
                int from = cell;
                before = before.compose(done -> bus.request(new StoreCommand.Read(query.apply(range, from)))
                        .onSuccess(rows -> rows.forEach(row -> take.take(range, row))));
            }
        }
        return before;
    }
}
