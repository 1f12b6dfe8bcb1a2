package dev.argus.api;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import dev.argus.service.InvalidValue;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** An error as RFC 9457 says it; {@code detail} is the one sentence to show to people. */
record Problem(
        String code,
        String title,
        int status,
        String detail,
        @Nullable String field) {

    static Problem of(ArgusException failure) {
        return switch (failure.code()) {
            case INVALID -> new Problem("invalid", "Invalid request", 400, failure.sentence(), failure.field());
            case UNAUTHENTICATED ->
                new Problem("unauthenticated", "Not signed in", 401, failure.sentence(), failure.field());
            case FORBIDDEN -> new Problem("forbidden", "Not allowed", 403, failure.sentence(), failure.field());
            case NOT_FOUND -> new Problem("not-found", "Not found", 404, failure.sentence(), failure.field());
            case CONFLICT -> new Problem("conflict", "Conflict", 409, failure.sentence(), failure.field());
            case BUSY -> new Problem("busy", "Busy", 503, failure.sentence(), failure.field());
            case UNAVAILABLE -> new Problem("unavailable", "Unavailable", 503, failure.sentence(), failure.field());
            case INTERNAL -> new Problem("internal", "Internal error", 500, failure.sentence(), failure.field());
        };
    }

    static Problem methodNotAllowed(String method) {
        return new Problem(
                "method-not-allowed", "Method not allowed", 405, "This address does not take " + method + ".", null);
    }

    static Problem tooMany(long seconds) {
        return new Problem(
                "too-many-requests",
                "Too many attempts",
                429,
                "There were too many attempts to sign in; try again in " + seconds
                        + " s, or use a link of argus-server login-link.",
                null);
    }

    static Problem misdirected(String host) {
        return new Problem(
                "misdirected",
                "Misdirected request",
                421,
                "Argus does not know itself by the name " + host
                        + "; use its address or the name of its machine, or add the name to server.hostNames in its config.json.",
                null);
    }

    static Problem tooLarge() {
        return new Problem("too-large", "Too large", 413, "The body of a request may have at most 1 MiB.", null);
    }

    JsonObject json(String instance) {
        var json = new JsonObject()
                .put("type", "urn:argus:problem:" + code)
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("instance", instance);
        if (field != null) {
            json.put("field", field)
                    .put(
                            "errors",
                            new JsonArray()
                                    .add(new JsonObject().put("field", field).put("detail", detail)));
        }
        return json;
    }

    /** Answers with this problem, unless an answer has begun. */
    void send(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        if (status == 503) {
            response.putHeader("Retry-After", "5");
        }
        if (status == 401) {
            response.putHeader("WWW-Authenticate", "Bearer realm=\"argus\"");
        }
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/problem+json")
                .end(json(String.valueOf(context.request().path())).toBuffer());
    }

    /** Answers with what {@code failure} is. */
    static void send(RoutingContext context, Throwable failure) {
        of(failure).send(context);
    }

    private static Problem of(Throwable failure) {
        if (failure instanceof ArgusException known) {
            return of(known);
        }
        if (failure instanceof InvalidValue known) {
            return of(ArgusException.invalid(known.field(), known.sentence()));
        }
        Faults.unexpected(failure);
        return of(new ArgusException(ErrorCode.INTERNAL, "Argus made a mistake; its log has the details."));
    }
}
