package dev.argus.traffic.haproxy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Visitors without pause: half of them keep their connection, half open one for each request; GET and POST by turns, every body looked at. */
final class Load implements AutoCloseable {
    final Queue<String> failures = new ConcurrentLinkedQueue<>();
    final AtomicLong answered = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    Load(int port, String host, int connections) {
        for (int i = 0; i < connections; i++) {
            boolean keep = i % 2 == 0;
            int number = i;
            threads.add(Thread.ofPlatform().daemon().start(() -> visit(port, host, keep, number)));
        }
    }

    private void visit(int port, String host, boolean keep, int number) {
        Visitor visitor = null;
        for (int i = 0; !over; i++) {
            String body = "b" + number + "-" + i;
            try {
                if (visitor == null) {
                    visitor = new Visitor(port);
                }
                Visitor.Answer answer =
                        i % 2 == 0 ? visitor.ask("POST", host, "/" + body, body) : visitor.get(host, "/" + body);
                if (answer.status() != 200 || !answer.body().contains(" /" + body + " " + (i % 2 == 0 ? body : ""))) {
                    failures.add(answer.status() + " " + answer.body());
                }
                answered.incrementAndGet();
                if (!keep || answer.head().toLowerCase(Locale.ROOT).contains("\r\nconnection: close\r\n")) {
                    visitor.close();
                    visitor = null;
                }
            } catch (IOException e) {
                failures.add((keep ? "kept " : "new ") + (i % 2 == 0 ? "POST " : "GET ") + e);
                visitor = null;
            }
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            for (Thread thread : threads) {
                thread.join(25_000);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
