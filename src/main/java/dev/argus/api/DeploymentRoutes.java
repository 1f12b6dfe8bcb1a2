package dev.argus.api;

import dev.argus.auth.Actor;
import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.deploy.DeployCommand;
import dev.argus.deploy.Deployment;
import dev.argus.deploy.DeploymentCodec;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations on deployments, and the streams of events. */
final class DeploymentRoutes {
    private static final int USUAL_LIMIT = 50;
    private static final int USUAL_TAIL = 1_000;

    private final OpenStreams streams;
    private final Bus bus;
    private final EventHub hub;

    DeploymentRoutes(OpenStreams streams, Bus bus, EventHub hub) {
        this.streams = streams;
        this.bus = bus;
        this.hub = hub;
    }

    void bind(Operations operations) {
        operations.on("listDeployments", this::list);
        operations.on(
                "getDeployment",
                context -> find(context)
                        .compose(deployment -> Answers.json(context, 200, DeploymentCodec.encode(deployment))));
        operations.on(
                "cancelDeployment",
                context -> find(context)
                        .compose(deployment ->
                                bus.request(new DeployCommand.Cancel(deployment.id(), Gate.actor(context))))
                        .compose(deployment -> Answers.json(context, 202, DeploymentCodec.encode(deployment))));
        operations.on("deploymentLog", this::log);
        operations.on("deploymentEvents", this::deploymentEvents);
        operations.on("events", this::events);
    }

    private Future<?> list(RoutingContext context) {
        int limit = Operations.number(context, "limit", USUAL_LIMIT);
        return bus.request(new DeployCommand.ListDeployments(asked(context), limit))
                .compose(all -> Answers.json(
                        context,
                        200,
                        Json.array(all.stream().map(DeploymentCodec::encode).toList())));
    }

    /** The services whose deployments are asked for and may be seen; null for all. */
    private static @Nullable Set<String> asked(RoutingContext context) {
        Actor actor = Gate.actor(context);
        String service = context.request().getParam("service");
        if (service == null) {
            return actor.services();
        }
        return actor.maySee(service) ? Set.of(service) : Set.of();
    }

    private Future<Deployment> find(RoutingContext context) {
        String id = Operations.path(context, "id");
        return bus.request(new DeployCommand.Find(id))
                .compose(deployment -> Gate.actor(context).maySee(deployment.service())
                        ? Future.succeededFuture(deployment)
                        : Future.failedFuture(ArgusException.notFound("There is no deployment " + id + ".")));
    }

    private Future<?> log(RoutingContext context) {
        int tail = Operations.number(context, "tail", USUAL_TAIL);
        return find(context)
                .compose(deployment -> bus.request(new DeployCommand.ReadLog(deployment.id(), tail)))
                .compose(lines -> {
                    String accept = context.request().getHeader("Accept");
                    if (accept != null && accept.contains("text/plain")) {
                        var text = new StringBuilder();
                        lines.forEach(line -> text.append(line.text()).append('\n'));
                        return context.response()
                                .putHeader("Content-Type", "text/plain; charset=utf-8")
                                .end(text.toString());
                    }
                    var array = new JsonArray();
                    lines.forEach(line -> array.add(
                            new JsonObject().put("source", line.source()).put("text", line.text())));
                    return Answers.json(context, 200, new JsonObject().put("lines", array));
                });
    }

    private Future<?> deploymentEvents(RoutingContext context) {
        return find(context).onSuccess(deployment -> {
            var stream = streams.events(context);
            hub.openDeployment(stream, deployment.id(), lastSeen(context));
            if (!deployment.isInFlight()) {
                // its events may not be kept any more; how it ended always is
                stream.send(
                        "",
                        "deployment-finished",
                        new JsonObject()
                                .put("type", "deployment-finished")
                                .put("at", Json.time(deployment.finishedAt()))
                                .put("service", deployment.service())
                                .put("deployment", deployment.id())
                                .put(
                                        "outcome",
                                        deployment.outcome() == null
                                                ? null
                                                : deployment.outcome().word())
                                .put("cause", deployment.cause())
                                .put("release", deployment.release()));
                stream.finish();
            }
        });
    }

    private Future<?> events(RoutingContext context) {
        Actor actor = Gate.actor(context);
        hub.open(streams.events(context), lastSeen(context), event -> {
            String subject = event.subject();
            return subject == null || actor.maySee(subject);
        });
        return Future.succeededFuture();
    }

    private static @Nullable Long lastSeen(RoutingContext context) {
        String id = context.request().getHeader("Last-Event-ID");
        try {
            return id == null ? null : Long.valueOf(id);
        } catch (NumberFormatException notOurs) {
            return null;
        }
    }
}
