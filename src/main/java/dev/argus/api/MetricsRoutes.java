package dev.argus.api;

import dev.argus.bus.Bus;
import dev.argus.history.HistoryCommand;
import dev.argus.metrics.MetricsCommand;
import dev.argus.metrics.MetricsCommand.Glance;
import dev.argus.metrics.Range;
import dev.argus.service.CatalogCommand;
import dev.argus.service.ServiceName;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Figures over time, and all services at a glance. */
final class MetricsRoutes {
    private static final Duration DAY = Duration.ofDays(1);

    private final Bus bus;
    private final Clock clock;
    private final NodeRoutes node;

    MetricsRoutes(Bus bus, Clock clock, NodeRoutes node) {
        this.bus = bus;
        this.clock = clock;
        this.node = node;
    }

    void bind(Operations operations) {
        operations.on("getMetrics", this::ofService);
        operations.on("getNodeMetrics", this::ofNode);
        operations.on("getOverview", this::overview);
    }

    private Future<?> ofService(RoutingContext context) {
        return bus.request(new CatalogCommand.Find(ServiceName.of(Operations.path(context, "name"))))
                .compose(service ->
                        bus.request(new MetricsCommand.OfService(service.name().value(), range(context))))
                .compose(series -> Answers.json(context, 200, json(series)));
    }

    private Future<?> ofNode(RoutingContext context) {
        return bus.request(new MetricsCommand.OfNode(range(context)))
                .compose(series -> Answers.json(context, 200, json(series)));
    }

    private static Range range(RoutingContext context) {
        String word = context.request().getParam("range");
        return word == null ? Range.HOUR : Range.of(word).orElse(Range.HOUR);
    }

    private static JsonObject json(MetricsCommand.Series series) {
        var json = new JsonObject()
                .put("range", series.range().word())
                .put("step", series.range().step().toSeconds())
                .put("from", Json.time(series.from()));
        series.columns().forEach((name, points) -> json.put(name, new JsonArray(points)));
        return json;
    }

    private Future<?> overview(RoutingContext context) {
        var actor = Gate.actor(context);
        Future<List<Glance>> glances = bus.request(new CatalogCommand.ListServices())
                .map(all -> all.stream()
                        .map(service -> service.name().value())
                        .filter(actor::maySee)
                        .toList())
                .compose(names -> bus.request(new MetricsCommand.Glances(names)));
        Future<Map<String, Integer>> restarts =
                bus.request(new HistoryCommand.Restarts(clock.instant().minus(DAY)));
        Future<JsonObject> machine = node.stats();
        return Future.all(glances, restarts, machine).compose(all -> {
            var services = glances.result().stream()
                    .map(glance -> json(glance, restarts.result().getOrDefault(glance.service(), 0)))
                    .toList();
            return Answers.json(
                    context, 200, new JsonObject().put("node", machine.result()).put("services", Json.array(services)));
        });
    }

    private static JsonObject json(Glance glance, int restarts) {
        return new JsonObject()
                .put("name", glance.service())
                .put("restarts24h", restarts)
                .put("cpu", new JsonArray(glance.cpu()))
                .put("memory", new JsonArray(glance.memory()))
                .put("requests", glance.requests())
                .put("errors", glance.errors())
                .put("probe", glance.probe());
    }
}
