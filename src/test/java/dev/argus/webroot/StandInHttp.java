package dev.argus.webroot;

import com.sun.net.httpserver.HttpExchange;
import dev.argus.api.PageLibraries;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the stand-in knows of HTTP: the files of the page with the server's policy, JSON, the session cookie. */
final class StandInHttp {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8", "js", "text/javascript", "css", "text/css", "svg", "image/svg+xml");
    private static final String COOKIE = "argus_session";

    static void page(HttpExchange exchange, String path) throws IOException {
        String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
        try (InputStream in = StandInHttp.class.getResourceAsStream(resource(path))) {
            if (in == null || type == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            var headers = exchange.getResponseHeaders();
            headers.set("Content-Type", type);
            headers.set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'");
            headers.set("X-Content-Type-Options", "nosniff");
            byte[] bytes = in.readAllBytes();
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String resource(String path) {
        if (!path.startsWith("/lib/")) {
            return "/webroot" + path;
        }
        String[] parts = path.split("/", 4);
        return "/" + PageLibraries.folder(parts[2]) + "/" + parts[3];
    }

    static void json(HttpExchange exchange, int status, Object json) throws IOException {
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        String type = status < 400 ? "application/json" : "application/problem+json";
        exchange.getResponseHeaders().set("Content-Type", type);
        Object warning = exchange.getHttpContext().getAttributes().get("warning");
        if (warning != null) {
            exchange.getResponseHeaders().set("Argus-Warning", warning.toString());
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    static void text(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    static @Nullable JsonObject body(HttpExchange exchange) throws IOException {
        byte[] sent = exchange.getRequestBody().readAllBytes();
        return sent.length == 0 ? null : new JsonObject(new String(sent, StandardCharsets.UTF_8));
    }

    static String query(HttpExchange exchange) {
        return Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    }

    static void setSession(HttpExchange exchange, String session) {
        exchange.getResponseHeaders().add("Set-Cookie", COOKIE + "=" + session + "; Path=/; HttpOnly; SameSite=Strict");
    }

    /** The session that the cookie says, or nothing. */
    static String session(HttpExchange exchange) {
        for (String cookies : exchange.getRequestHeaders().getOrDefault("Cookie", List.of())) {
            for (String pair : cookies.split("; ", -1)) {
                if (pair.startsWith(COOKIE + "=")) {
                    return pair.substring(COOKIE.length() + 1);
                }
            }
        }
        return "";
    }

    private StandInHttp() {}
}
