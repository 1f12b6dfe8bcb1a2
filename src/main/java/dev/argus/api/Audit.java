package dev.argus.api;

import dev.argus.auth.Actor;
import dev.argus.bus.Bus;
import dev.argus.store.Row;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who changed what, and who tried to: one record for each request that is no mere look. Holds no bodies, which may have secrets. */
final class Audit {
    private static final Logger log = LoggerFactory.getLogger(Audit.class);
    private static final int KEPT = 10_000;

    private final Bus bus;
    private final Clock clock;

    Audit(Bus bus, Clock clock) {
        this.bus = bus;
        this.clock = clock;
    }

    /**
     * Records the request when it has been answered, if it is one that changes something. What nobody known has asked for is left
     * to the access log, where strangers need somebody to be: they shall not fill the store.
     */
    void follow(RoutingContext context, String operation, boolean needsSomebody) {
        if (!context.request().method().equals(HttpMethod.GET)) {
            context.addEndHandler(ended -> {
                if (!needsSomebody || Gate.actorIfAny(context) != null) {
                    record(context, operation);
                }
            });
        }
    }

    private void record(RoutingContext context, String operation) {
        Actor actor = Gate.actorIfAny(context);
        bus.request(StoreCommand.Write.of(
                        Statement.of(
                                "INSERT INTO audit (at, actor, action, service, result) VALUES (?, ?, ?, ?, ?)",
                                clock.millis(),
                                actor == null ? "-" : actor.name(),
                                operation,
                                context.pathParam("name"),
                                Integer.toString(context.response().getStatusCode())),
                        Statement.of(
                                "DELETE FROM audit WHERE sequence <= (SELECT max(sequence) FROM audit) - ?", KEPT)))
                .onFailure(failure -> log.error("{} was not audited: {}", operation, failure.getMessage()));
    }

    /** The newest records. */
    Future<List<JsonObject>> list(int limit) {
        return bus.request(new StoreCommand.Read(
                        Statement.of("SELECT * FROM audit ORDER BY sequence DESC LIMIT ?", limit)))
                .map(rows -> rows.stream().map(Audit::json).toList());
    }

    private static JsonObject json(Row row) {
        return new JsonObject()
                .put("at", Json.time(Instant.ofEpochMilli(row.number("at"))))
                .put("actor", row.text("actor"))
                .put("action", row.text("action"))
                .put("service", row.optionalText("service"))
                .put("result", row.text("result"));
    }
}
