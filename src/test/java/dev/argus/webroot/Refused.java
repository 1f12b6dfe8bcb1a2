package dev.argus.webroot;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A request of the page is answered with a problem. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final transient JsonObject problem;

    Refused(int status, String detail, @Nullable String field) {
        super(detail);
        this.status = status;
        this.problem = new JsonObject()
                .put("type", "urn:argus:problem:scripted")
                .put("title", "Scripted")
                .put("status", status)
                .put("detail", detail);
        if (field != null) {
            problem.put("field", field);
        }
    }

    static void unless(boolean right, int status, String otherwise) throws Refused {
        if (!right) {
            throw new Refused(status, otherwise, null);
        }
    }

    int status() {
        return status;
    }

    JsonObject problem() {
        return problem;
    }
}
