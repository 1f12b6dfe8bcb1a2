package dev.argus.api;

import dev.argus.audit.AuditCommand;
import dev.argus.auth.AuthCommand;
import dev.argus.auth.Role;
import dev.argus.auth.Tokens;
import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.service.Durations;
import dev.argus.service.InvalidValue;
import dev.argus.service.ServiceName;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Users, tokens and the audit; for admins. */
final class AccountRoutes {
    private static final int USUAL_LIMIT = 100;

    private final Bus bus;

    AccountRoutes(Bus bus) {
        this.bus = bus;
    }

    void bind(Operations operations) {
        operations.on(
                "listTokens",
                context -> bus.request(new AuthCommand.ListTokens())
                        .compose(tokens -> Answers.json(
                                context,
                                200,
                                Json.array(tokens.stream().map(Json::token).toList()))));
        operations.on("createToken", this::createToken);
        operations.on(
                "revokeToken",
                context -> bus.request(new AuthCommand.RevokeToken(Operations.path(context, "id")))
                        .compose(done -> Answers.empty(context)));
        operations.on(
                "listUsers",
                context -> bus.request(new AuthCommand.ListUsers())
                        .compose(users -> Answers.json(
                                context,
                                200,
                                Json.array(users.stream().map(Json::user).toList()))));
        operations.on("putUser", this::putUser);
        operations.on(
                "removeUser",
                context -> bus.request(new AuthCommand.RemoveUser(Operations.path(context, "user")))
                        .compose(done -> Answers.empty(context)));
        operations.on("listAudit", this::listAudit);
        operations.on("verifyAudit", this::verifyAudit);
    }

    private Future<?> createToken(RoutingContext context) {
        JsonObject body = Answers.body(context);
        Audit.about(context, "token " + body.getString("name") + ", " + body.getString("role"));
        return bus.request(new AuthCommand.CreateToken(
                        body.getString("name"), Role.of(body.getString("role")), services(body), validity(body)))
                .compose(made -> Answers.json(
                        context,
                        201,
                        new JsonObject()
                                .put("id", made.id())
                                .put("token", made.token())
                                .put("expiresAt", Json.time(made.expiresAt()))));
    }

    private static Duration validity(JsonObject body) {
        String expires = body.getString("expires");
        try {
            return expires == null ? Tokens.DEFAULT_VALIDITY : Durations.parse("expires", expires);
        } catch (InvalidValue e) {
            throw ArgusException.invalid(e.field(), e.sentence());
        }
    }

    private Future<?> putUser(RoutingContext context) {
        JsonObject body = Answers.body(context);
        String name = body.getString("name");
        Audit.about(context, "user " + name + ", " + body.getString("role"));
        return bus.request(new AuthCommand.PutUser(
                        name, body.getString("password"), Role.of(body.getString("role")), services(body)))
                .compose(done -> Answers.json(
                        context,
                        201,
                        new JsonObject()
                                .put("name", name)
                                .put("role", body.getString("role"))
                                .put("services", Json.names(services(body)))));
    }

    private static @Nullable Set<String> services(JsonObject body) {
        JsonArray names = body.getJsonArray("services");
        if (names == null) {
            return null;
        }
        Set<String> services = new TreeSet<>();
        try {
            names.forEach(
                    name -> services.add(ServiceName.of(String.valueOf(name)).value()));
        } catch (InvalidValue e) {
            throw ArgusException.invalid("services", e.sentence());
        }
        return services;
    }

    private Future<?> listAudit(RoutingContext context) {
        String before = context.request().getParam("before");
        return bus.request(new AuditCommand.Newest(
                        before == null ? null : Long.valueOf(before), Operations.number(context, "limit", USUAL_LIMIT)))
                .compose(records -> Answers.json(context, 200, Json.array(Audit.json(records))));
    }

    private Future<?> verifyAudit(RoutingContext context) {
        return bus.request(new AuditCommand.Verify())
                .compose(found -> Answers.json(
                        context,
                        200,
                        new JsonObject()
                                .put("whole", found.whole())
                                .put("records", found.records())
                                .put("first", found.first())
                                .put("last", found.last())
                                .put("head", found.head())
                                .put("unchained", found.unchained())
                                .put("finding", found.finding())));
    }
}
