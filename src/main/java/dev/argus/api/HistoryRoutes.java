package dev.argus.api;

import dev.argus.bus.Bus;
import dev.argus.config.ServerConfig;
import dev.argus.control.ProcessCommand;
import dev.argus.deploy.DeployCommand;
import dev.argus.deploy.Deployment;
import dev.argus.history.HistoryCommand;
import dev.argus.history.Incident;
import dev.argus.history.KeptEntry;
import dev.argus.instance.Health;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.instance.Outlook;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Why a service is as it is, and what has happened to it. */
final class HistoryRoutes {
    private static final int USUAL_LIMIT = 100;
    /** Each costs a look at all processes. */
    private static final int MOST_PORTS = 4;

    private final Bus bus;
    private final Clock clock;
    private final ServiceViews views;

    HistoryRoutes(Bus bus, Clock clock, ServerConfig config) {
        this.bus = bus;
        this.clock = clock;
        this.views = new ServiceViews(bus, config.proxy().domain());
    }

    void bind(Operations operations) {
        operations.on("why", this::why);
        operations.on("getTimeline", this::timeline);
        operations.on("listIncidents", this::incidents);
        operations.on("getIncident", this::incident);
    }

    private Future<Service> find(RoutingContext context) {
        return bus.request(new CatalogCommand.Find(ServiceName.of(Operations.path(context, "name"))));
    }

    // why

    private Future<?> why(RoutingContext context) {
        return find(context)
                .compose(service -> views.of(service, Gate.actor(context))
                        .compose(view -> snapshot(service, view))
                        .compose(snapshot -> Answers.json(context, 200, json(snapshot))));
    }

    private Future<Snapshot> snapshot(Service service, JsonObject view) {
        String name = service.name().value();
        Future<List<Instance>> instances = bus.request(new InstanceCommand.ListInstances(name));
        Future<List<Outlook>> outlooks = bus.request(new InstanceCommand.Outlooks(name));
        Future<Map<String, Deployment>> newest = bus.request(new DeployCommand.Newest());
        Future<HistoryCommand.Memory> memory = bus.request(new HistoryCommand.Remember(name));
        Future<Map<String, String>> strangers = instances.compose(this::strangers);
        String reason = view.getString("reason");
        var status = new ServiceStatus(view.getString("status"), reason == null ? "" : reason);
        return Future.all(instances, outlooks, newest, memory, strangers)
                .map(all -> new Snapshot(
                        service,
                        status,
                        instances.result(),
                        outlooks.result(),
                        newest.result().get(name),
                        memory.result(),
                        strangers.result(),
                        view.getJsonArray("notes", new JsonArray()).stream()
                                .map(Object::toString)
                                .toList(),
                        clock.instant()));
    }

    private Future<Map<String, String>> strangers(List<Instance> instances) {
        Map<String, String> found = new HashMap<>();
        List<Future<String>> asked = instances.stream()
                .filter(instance -> instance.wanted() && instance.health() != Health.HEALTHY)
                .limit(MOST_PORTS)
                .map(instance -> stranger(instance).onSuccess(who -> found.put(instance.id(), who)))
                .toList();
        return Future.join(asked).map(all -> found);
    }

    private Future<String> stranger(Instance instance) {
        Integer port = instance.port();
        return port == null
                ? Future.succeededFuture("")
                : bus.request(new ProcessCommand.StrangerOn(instance.id(), port));
    }

    private static JsonObject json(Snapshot snapshot) {
        var explanation = Explanation.of(snapshot);
        var details = new JsonArray();
        explanation.details().forEach(details::add);
        Incident incident = snapshot.memory().incident();
        return new JsonObject()
                .put("service", snapshot.service().name().value())
                .put("status", snapshot.status().word())
                .put("reason", explanation.reason().isEmpty() ? null : explanation.reason())
                .put("details", details)
                .put("incident", incident == null ? null : json(incident));
    }

    // what has happened

    private Future<?> timeline(RoutingContext context) {
        int limit = Operations.number(context, "limit", USUAL_LIMIT);
        String before = context.request().getParam("before");
        return find(context)
                .compose(service -> bus.request(new HistoryCommand.Timeline(
                        service.name().value(), before == null ? null : Long.valueOf(before), limit)))
                .compose(entries -> Answers.json(
                        context,
                        200,
                        Json.array(entries.stream().map(HistoryRoutes::json).toList())));
    }

    private static JsonObject json(KeptEntry kept) {
        var entry = kept.entry();
        var json = new JsonObject()
                .put("id", kept.id())
                .put("at", Json.time(entry.at()))
                .put("type", entry.type().word())
                .put("text", entry.text());
        entry.details().forEach(json::put);
        return json;
    }

    private Future<?> incidents(RoutingContext context) {
        return find(context)
                .compose(service ->
                        bus.request(new HistoryCommand.Incidents(service.name().value())))
                .compose(incidents -> Answers.json(
                        context,
                        200,
                        Json.array(incidents.stream().map(HistoryRoutes::json).toList())));
    }

    private Future<?> incident(RoutingContext context) {
        return find(context)
                .compose(service -> bus.request(
                        new HistoryCommand.FindIncident(service.name().value(), Operations.path(context, "id"))))
                .compose(found -> Answers.json(
                        context, 200, json(found.incident()).put("evidence", new JsonObject(found.evidence()))));
    }

    private static JsonObject json(Incident incident) {
        var findings = new JsonArray();
        incident.findings().forEach(findings::add);
        return new JsonObject()
                .put("id", incident.id())
                .put("at", Json.time(incident.at()))
                .put("kind", incident.kind())
                .put("instance", incident.instance())
                .put("release", incident.release())
                .put("reason", incident.reason())
                .put("lastWords", incident.lastWords().isEmpty() ? null : incident.lastWords())
                .put("findings", findings);
    }
}
