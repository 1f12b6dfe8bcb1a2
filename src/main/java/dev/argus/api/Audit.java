package dev.argus.api;

import dev.argus.audit.AuditCommand;
import dev.argus.audit.AuditEntry;
import dev.argus.audit.KeptAudit;
import dev.argus.auth.Actor;
import dev.argus.bus.Bus;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who changed what, and who tried to: one record for each request that is no mere look, and for looks that were refused. Holds no bodies, which may have
 * secrets. What strangers try is recorded in bounded number, so that they cannot fill the store.
 */
final class Audit {
    private static final String DETAIL = "argus.audit";
    private static final int STRANGERS_A_MINUTE = 60;
    private static final long MINUTE_MILLIS = 60_000;

    /** It changes nothing, and is a POST because an address would tell the credentials of a repository to every log. */
    private static final String QUESTION = "listRefs";

    private final Bus bus;
    private final Clock clock;
    private long minute;
    private int strangers;

    Audit(Bus bus, Clock clock) {
        this.bus = bus;
        this.clock = clock;
    }

    /** Records the request when it has been answered; refuses one that would change something while that cannot be recorded. */
    void follow(RoutingContext context, String operation) {
        boolean looks = context.request().method().equals(HttpMethod.GET) || operation.equals(QUESTION);
        context.addEndHandler(ended -> {
            if (!looks || context.response().getStatusCode() == 403) {
                record(context, operation);
            }
        });
        if (looks) {
            context.next();
            return;
        }
        bus.request(new AuditCommand.RequireWritable())
                .onSuccess(writable -> context.next())
                .onFailure(failure -> Problem.send(context, failure));
    }

    /** Says what the request is about where its address does not. */
    static void about(RoutingContext context, String detail) {
        context.put(DETAIL, detail);
    }

    private void record(RoutingContext context, String operation) {
        Actor actor = Gate.actorIfAny(context);
        if (actor == null && !mayRecordAStranger()) {
            return;
        }
        String about = context.get(DETAIL);
        String detail = Stream.of(context.pathParam("id"), context.pathParam("user"), context.pathParam("key"), about)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
        // what fails is in the log, and the next request is refused
        bus.request(new AuditCommand.Add(new AuditEntry(
                clock.instant(),
                actor == null ? "-" : actor.name(),
                operation,
                context.pathParam("name"),
                Integer.toString(context.response().getStatusCode()),
                detail,
                ClientAddress.of(context))));
    }

    private boolean mayRecordAStranger() {
        long now = clock.millis() / MINUTE_MILLIS;
        if (now != minute) {
            minute = now;
            strangers = 0;
        }
        return ++strangers <= STRANGERS_A_MINUTE;
    }

    static List<JsonObject> json(List<KeptAudit> records) {
        return records.stream().map(Audit::json).toList();
    }

    private static JsonObject json(KeptAudit kept) {
        AuditEntry entry = kept.entry();
        return new JsonObject()
                .put("id", kept.sequence())
                .put("at", Json.time(entry.at()))
                .put("actor", entry.actor())
                .put("action", entry.action())
                .put("service", entry.service())
                .put("result", entry.result())
                .put("detail", entry.detail())
                .put("address", entry.address())
                .put("hash", kept.hash());
    }
}
