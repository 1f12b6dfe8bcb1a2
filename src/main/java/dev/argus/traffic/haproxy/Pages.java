package dev.argus.traffic.haproxy;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/** What visitors read when there is no answer of a service: each page as HTML and as a problem (RFC 9457), on one line. */
final class Pages {
    private record Page(String key, int status, String code, String title, String sentence) {}

    private static final List<Page> PAGES = List.of(
            new Page("404", 404, "not-found", "Not Found", "No service answers at this address; check the address."),
            new Page("502", 502, "unavailable", "Bad Gateway", "The service broke off its answer; try again."),
            new Page(
                    "503",
                    503,
                    "unavailable",
                    "Service Unavailable",
                    "The service has no instance that can answer at the moment; try again in a few seconds."),
            new Page("504", 504, "unavailable", "Gateway Timeout", "The service did not answer in time; try again."),
            new Page(
                    "stopped",
                    503,
                    "unavailable",
                    "Service Unavailable",
                    "The service at this address is stopped; ask its operator to start it."));

    private Pages() {}

    /** The map from {@code STATUS} and {@code STATUS-json} to the page. */
    static String text() {
        return PAGES.stream()
                .map(page -> page.key() + " " + html(page) + "\n" + page.key() + "-json " + json(page) + "\n")
                .collect(Collectors.joining());
    }

    private static String html(Page page) {
        return "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + page.title()
                + "</title></head><body><h1>" + page.title() + "</h1><p>" + page.sentence() + "</p></body></html>";
    }

    private static String json(Page page) {
        return new JsonObject()
                .put("type", "urn:argus:problem:" + page.code())
                .put("title", page.title())
                .put("status", page.status())
                .put("detail", page.sentence())
                .encode();
    }
}
