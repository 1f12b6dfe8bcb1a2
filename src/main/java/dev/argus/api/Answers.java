package dev.argus.api;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** The shapes of answers, and the body of a request. */
final class Answers {

    static Future<Void> json(RoutingContext context, int status, JsonObject content) {
        return context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(content.toBuffer());
    }

    static Future<Void> json(RoutingContext context, int status, JsonArray content) {
        return context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(content.toBuffer());
    }

    static Future<Void> empty(RoutingContext context) {
        return context.response().setStatusCode(204).end();
    }

    /** The validated body; empty when there is none. */
    static JsonObject body(RoutingContext context) {
        JsonObject body = context.body().asJsonObject();
        return body == null ? new JsonObject() : body;
    }

    private Answers() {}
}
