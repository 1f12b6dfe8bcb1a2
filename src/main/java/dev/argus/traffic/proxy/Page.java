package dev.argus.traffic.proxy;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What the proxy itself answers: a page, or a problem (RFC 9457) for who prefers JSON. */
record Page(int status, String title, String sentence) {
    private static final String RETRY_SECONDS = "5";

    static final Page UNKNOWN_HOST =
            new Page(404, "No service here", "No service of this server is reached under this address.");
    static final Page STOPPED = new Page(503, "Service stopped", "This service is stopped at the moment.");
    static final Page NOT_READY =
            new Page(503, "Service not ready", "This service cannot answer at the moment; it is tried again soon.");
    static final Page TOO_MANY =
            new Page(503, "Too many requests waiting", "Too many requests wait for this service; try again soon.");
    static final Page BROKE_OFF =
            new Page(502, "Bad answer", "The service ended the connection before it had answered.");
    static final Page TOO_LATE = new Page(504, "No answer in time", "The service did not answer in time.");
    static final Page NOT_HTTP = new Page(400, "Bad request", "This request is not one that HTTP allows.");
    static final Page NOT_FOR_US = new Page(405, "Method not allowed", "This method is not for a web service.");

    /** Answers with it; none of its words come from the request. */
    void answer(HttpServerResponse response, @Nullable String accept) {
        if (response.headWritten() || response.closed()) {
            return;
        }
        response.headers().clear();
        boolean json = accept != null && accept.contains("json") && !accept.contains("text/html");
        response.setStatusCode(status)
                .putHeader("Content-Type", json ? "application/problem+json" : "text/html; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff");
        if (status == 503) {
            response.putHeader("Retry-After", RETRY_SECONDS);
        }
        if (status == 400) {
            response.putHeader("Connection", "close");
        }
        response.end(json ? problem() : html());
    }

    private String problem() {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", sentence)
                .encode();
    }

    private String html() {
        return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
                + "<title>" + title + "</title><style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;"
                + "margin:20vh auto;padding:0 1rem;color-scheme:light dark}</style><h1>" + title + "</h1><p>" + sentence
                + "</p></html>\n";
    }
}
