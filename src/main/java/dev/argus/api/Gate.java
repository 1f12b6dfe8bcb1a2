package dev.argus.api;

import dev.argus.auth.Actor;
import dev.argus.auth.AuthCommand;
import dev.argus.auth.Role;
import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one place where it is decided whether a request may go on. Deny by default: an operation without a role in the contract
 * does not exist.
 */
final class Gate {
    static final String COOKIE = "argus_session";
    private static final String ACTOR = "argus.actor";
    private final Bus bus;

    Gate(Bus bus) {
        this.bus = bus;
    }

    /** Lets the request go on if it comes from somebody of that role who may know the service it names. */
    void require(Role role, RoutingContext context) {
        authenticate(context).onComplete(authenticated -> {
            if (authenticated.failed()) {
                Problem.send(context, authenticated.cause());
                return;
            }
            Actor actor = authenticated.result();
            context.put(ACTOR, actor);
            String service = context.pathParam("name");
            if (!actor.role().covers(role)) {
                Problem.send(
                        context,
                        new ArgusException(
                                ErrorCode.FORBIDDEN,
                                "This needs the role " + role.word() + " and " + actor.name() + " is "
                                        + actor.role().word() + "; ask an admin."));
            } else if (service != null && !actor.maySee(service)) {
                Problem.send(context, ArgusException.notFound("There is no service " + service + "."));
            } else if (role == Role.ADMIN && actor.services() != null) {
                // or it could make itself a token for the others
                Problem.send(
                        context,
                        new ArgusException(
                                ErrorCode.FORBIDDEN,
                                "This concerns all services and the token of " + actor.name()
                                        + " is limited to some; ask an admin of all."));
            } else {
                context.next();
            }
        });
    }

    /** Who a request that has passed comes from. */
    static Actor actor(RoutingContext context) {
        Actor actor = context.get(ACTOR);
        if (actor == null) {
            throw new IllegalStateException("the request has not passed the gate");
        }
        return actor;
    }

    /** Who a request comes from, also one that is refused; null where nobody said it or it was not true. For the logs. */
    static @Nullable Actor actorIfAny(RoutingContext context) {
        return context.get(ACTOR);
    }

    /** The actor of the request's bearer token or session cookie. */
    Future<Actor> authenticate(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.getParam("token") != null || request.getParam("access_token") != null) {
            return Future.failedFuture(ArgusException.invalid(
                    "token",
                    "A token does not belong in an address, where logs keep it; send it as Authorization: Bearer."));
        }
        String header = request.getHeader("Authorization");
        if (header != null) {
            int space = header.indexOf(' ');
            return space > 0
                            && header.substring(0, space)
                                    .toLowerCase(Locale.ROOT)
                                    .equals("bearer")
                    ? bus.request(new AuthCommand.Authenticate(header.substring(space + 1)))
                    : Future.failedFuture(nobody());
        }
        Cookie cookie = request.getCookie(COOKIE);
        if (cookie == null) {
            return Future.failedFuture(nobody());
        }
        if (changesSomething(request) && !isSameOrigin(request)) {
            return Future.failedFuture(
                    new ArgusException(
                            ErrorCode.FORBIDDEN,
                            "A session of the dashboard may change things only from the dashboard itself; elsewhere use a token."));
        }
        return bus.request(new AuthCommand.Authenticate(cookie.getValue()));
    }

    private static ArgusException nobody() {
        return new ArgusException(
                ErrorCode.UNAUTHENTICATED,
                "Sign in first, or send a token as Authorization: Bearer; argus-server token create makes one.");
    }

    private static boolean changesSomething(HttpServerRequest request) {
        return !request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD);
    }

    /** Only a script of the same origin can set this header without asking first, and nobody else is ever allowed to. */
    private static boolean isSameOrigin(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        String host = request.getHeader("Host");
        boolean sameHost = origin == null
                || (host != null && (origin.equals("http://" + host) || origin.equals("https://" + host)));
        return sameHost && request.getHeader("X-Argus-Request") != null;
    }
}
