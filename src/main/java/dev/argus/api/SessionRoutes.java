package dev.argus.api;

import dev.argus.auth.Actor;
import dev.argus.auth.AuthCommand;
import dev.argus.auth.LoginLimits;
import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/** Signing in and out. */
final class SessionRoutes {
    private final Bus bus;
    private final Clock clock;
    private final LoginLimits limits = new LoginLimits();

    SessionRoutes(Bus bus, Clock clock) {
        this.bus = bus;
        this.clock = clock;
    }

    void bind(Operations operations) {
        operations.on("login", this::login);
        operations.on("logout", this::logout);
        operations.on("whoami", SessionRoutes::whoami);
    }

    private Future<?> login(RoutingContext context) {
        JsonObject body = Answers.body(context);
        String code = body.getString("code");
        String user = body.getString("user");
        String password = body.getString("password");
        if (code == null && (user == null || password == null)) {
            String missing = user == null ? "user" : "password";
            throw ArgusException.invalid(missing, "Give user and password, or the code of a sign-in link.");
        }
        String account = code == null ? user : null;
        String address = ClientAddress.of(context);
        Duration wait = limits.attempt(account, address, System.nanoTime());
        if (wait.isPositive()) {
            long seconds = wait.plusMillis(999).toSeconds();
            context.response().putHeader("Retry-After", Long.toString(seconds));
            Problem.tooMany(seconds).send(context);
            return Future.succeededFuture();
        }
        Future<AuthCommand.Session> session = code != null
                ? bus.request(new AuthCommand.Redeem(code))
                : bus.request(new AuthCommand.LogIn(Objects.requireNonNull(user), Objects.requireNonNull(password)));
        if (account != null) {
            // of names that nobody has, the audit says nothing: now and then one is a password
            bus.request(new AuthCommand.ListUsers())
                    .onSuccess(users -> users.stream()
                            .filter(known -> known.name().equals(account))
                            .forEach(known -> Audit.about(context, "user " + known.name())));
        }
        return session.compose(made -> {
            long seconds = Duration.between(clock.instant(), made.expiresAt()).toSeconds();
            limits.succeeded(account, address);
            context.response().addCookie(cookie(context, made.token(), seconds));
            return Answers.json(
                    context,
                    200,
                    new JsonObject().put("token", made.token()).put("expiresAt", Json.time(made.expiresAt())));
        });
    }

    /** Marked as secure where Argus itself does TLS; elsewhere it speaks plain HTTP, to this machine or to a proxy. */
    private static Cookie cookie(RoutingContext context, String value, long seconds) {
        return Cookie.cookie(Gate.COOKIE, value)
                .setHttpOnly(true)
                .setSecure(context.request().isSSL())
                .setSameSite(CookieSameSite.STRICT)
                .setPath("/")
                .setMaxAge(seconds);
    }

    private Future<?> logout(RoutingContext context) {
        String id = Gate.actor(context).tokenId();
        context.response().addCookie(cookie(context, "", 0));
        return bus.request(new AuthCommand.RevokeToken(String.valueOf(id))).compose(done -> Answers.empty(context));
    }

    private static Future<?> whoami(RoutingContext context) {
        Actor actor = Gate.actor(context);
        return Answers.json(
                context,
                200,
                new JsonObject()
                        .put("name", actor.name())
                        .put("role", actor.role().word())
                        .put("services", Json.names(actor.services()))
                        .put("expiresAt", Json.time(actor.expiresAt())));
    }
}
