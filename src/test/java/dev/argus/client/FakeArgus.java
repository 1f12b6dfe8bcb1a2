package dev.argus.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A real HTTP server that answers what it was told and remembers what it was asked. What it was not told is a 404
 * problem. Several answers to the same question are given one after the other; the last one stays.
 */
final class FakeArgus implements AutoCloseable {
    /** A request as it came. */
    record Request(
            String method,
            String path,
            String body,
            @Nullable String token,
            @Nullable String lastEventId,
            @Nullable String type) {
        String line() {
            return method + " " + path;
        }
    }

    /** Answers a request. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Deque<Answer>> answers = new HashMap<>();

    FakeArgus() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** @param question such as {@code GET /services}, below /api/v1 */
    FakeArgus on(String question, Answer answer) {
        synchronized (answers) {
            answers.computeIfAbsent(question, q -> new ArrayDeque<>()).addLast(answer);
        }
        return this;
    }

    FakeArgus on(String question, int status, String json) {
        return on(question, exchange -> respond(exchange, status, json));
    }

    FakeArgus on(String question, String json) {
        return on(question, 200, json);
    }

    static void respond(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        String type = status >= 400 ? "application/problem+json" : "application/json";
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** Events given whole, then the stream ends. */
    static Answer events(String... events) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (String event : events) {
                    out.write(event.getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
            }
        };
    }

    static String event(int id, String type, String data) {
        return "id: " + id + "\nevent: " + type + "\ndata: " + data + "\n\n";
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var headers = exchange.getRequestHeaders();
        String authorization = headers.getFirst("Authorization");
        String token = authorization == null ? null : authorization.substring("Bearer ".length());
        String shortPath = path.startsWith("/api/v1") ? path.substring("/api/v1".length()) : "(outside)" + path;
        Request request = new Request(
                exchange.getRequestMethod(),
                shortPath,
                body,
                token,
                headers.getFirst("Last-Event-ID"),
                headers.getFirst("Content-Type"));
        requests.add(request);
        Answer answer = next(request.line());
        try (exchange) {
            if (answer == null) {
                respond(exchange, 404, problem("not-found", "There is no " + shortPath + "."));
            } else {
                answer.to(exchange);
            }
        }
    }

    private @Nullable Answer next(String question) {
        synchronized (answers) {
            Deque<Answer> left = answers.get(question);
            if (left == null) {
                return null;
            }
            return left.size() > 1 ? left.removeFirst() : left.peekFirst();
        }
    }

    static String problem(String code, String detail) {
        return "{\"type\":\"urn:argus:problem:" + code + "\",\"title\":\"No\",\"detail\":\"" + detail + "\"}";
    }

    List<Request> requests() {
        return requests;
    }

    /** The first lines of all requests. */
    List<String> asked() {
        return requests.stream().map(Request::line).toList();
    }

    /** The one request of that kind. */
    Request request(String line) {
        List<Request> found =
                requests.stream().filter(request -> request.line().equals(line)).toList();
        if (found.size() != 1) {
            throw new AssertionError(line + " was asked " + found.size() + " times, all: " + asked());
        }
        return found.get(0);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
