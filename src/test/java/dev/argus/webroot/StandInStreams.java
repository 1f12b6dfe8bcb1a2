package dev.argus.webroot;

import com.sun.net.httpserver.HttpExchange;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The streams of server-sent events of the stand-in, by topic. Some topics are kept and told again to whoever opens them. */
final class StandInStreams {
    private static final String END = "";
    private final AtomicLong ids = new AtomicLong();
    private final Map<String, List<String>> kept = new ConcurrentHashMap<>();
    private final List<Open> open = new CopyOnWriteArrayList<>();

    private record Open(String topic, BlockingQueue<String> waiting) {}

    /** Sends an event to all who listen to the topic, and keeps it for those who will. */
    synchronized void tellAndKeep(String topic, String type, JsonObject data) {
        String text = tell(topic, type, data);
        kept.computeIfAbsent(topic, made -> new ArrayList<>()).add(text);
    }

    /** Sends an event to all who listen to the topic. */
    synchronized String tell(String topic, String type, JsonObject data) {
        String text = "id: " + ids.incrementAndGet() + "\nevent: " + type + "\ndata: " + data.encode() + "\n\n";
        open.stream()
                .filter(stream -> stream.topic().equals(topic))
                .forEach(stream -> stream.waiting().add(text));
        return text;
    }

    /** How many streams are open. */
    long listeners() {
        return open.size();
    }

    /** Forgets what is kept of the topic. */
    synchronized void forget(String topic) {
        kept.remove(topic);
    }

    /** Ends the streams of the topic as the server does. */
    synchronized void end(String topic) {
        open.stream()
                .filter(stream -> stream.topic().equals(topic))
                .forEach(stream -> stream.waiting().add(END));
    }

    /** Ends every stream. */
    synchronized void endAll() {
        open.forEach(stream -> stream.waiting().add(END));
    }

    /** Answers with the stream of the topic, until it ends or nobody listens any more. */
    void serve(HttpExchange exchange, String topic, boolean over) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, 0);
        Open stream = listen(topic, over);
        try (OutputStream out = exchange.getResponseBody()) {
            for (String text = "retry: 1000\n\n"; !text.equals(END); text = next(stream)) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(stream);
        }
    }

    private synchronized Open listen(String topic, boolean over) {
        var stream = new Open(topic, new LinkedBlockingQueue<>(kept.getOrDefault(topic, List.of())));
        if (over) {
            stream.waiting().add(END);
        }
        open.add(stream);
        return stream;
    }

    private static String next(Open stream) throws InterruptedException {
        String text = stream.waiting().poll(1, TimeUnit.SECONDS);
        return text == null ? ": still here\n\n" : text;
    }
}
