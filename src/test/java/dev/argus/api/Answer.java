package dev.argus.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpHeaders;

/** What the server has answered. */
record Answer(int status, HttpHeaders headers, String body) {

    JsonObject json() {
        return new JsonObject(body);
    }

    JsonArray array() {
        return new JsonArray(body);
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** The last word of the problem's type. */
    String code() {
        String type = json().getString("type", "");
        return type.substring(type.lastIndexOf(':') + 1);
    }

    String detail() {
        return json().getString("detail", "");
    }

    String field() {
        return json().getString("field", "");
    }
}
