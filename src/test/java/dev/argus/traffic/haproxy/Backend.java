package dev.argus.traffic.haproxy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A service: answers its name and the body it got; {@code /slow} only when it is released. */
final class Backend implements AutoCloseable {
    final String name;
    final Queue<String> slow = new ConcurrentLinkedQueue<>();
    final CountDownLatch released = new CountDownLatch(1);
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Backend(String name) throws IOException {
        this(name, 0);
    }

    Backend(String name, int port) throws IOException {
        this.name = name;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            if (path.endsWith("/slow")) {
                slow.add(path);
                try {
                    released.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
            byte[] answer = (name + " " + path + " " + new String(body, StandardCharsets.UTF_8)
                            + (path.endsWith("/headers")
                                    ? exchange.getRequestHeaders().entrySet()
                                    : ""))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(path.endsWith("/fail") ? 500 : 200, answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer);
            }
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        released.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
