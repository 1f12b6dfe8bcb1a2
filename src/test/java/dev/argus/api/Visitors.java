package dev.argus.api;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** People who look at a service all the time, half of them on connections that they keep, and note every answer that is not the right one. */
final class Visitors {
    private final URI url;
    private final String path;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicBoolean done = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    private Visitors(URI url, String path) {
        this.url = url;
        this.path = path;
    }

    static Visitors of(RunningArgus argus, String service, int count) {
        return of(argus, service, "/isalive", count);
    }

    /** Visitors of a page that says {@code ok}. */
    static Visitors of(RunningArgus argus, String service, String path, int count) {
        var visitors = new Visitors(URI.create(argus.service(service).getString("url")), path);
        for (int i = 0; i < count; i++) {
            boolean keeps = i % 2 == 0;
            visitors.threads.add(Thread.ofVirtual().start(() -> visitors.visit(keeps)));
        }
        return visitors;
    }

    /** Waits until they have been answered so often from now on. */
    void awaitMore(int number) {
        int before = answers.get();
        await("answers").atMost(RunningArgus.PATIENCE).until(() -> answers.get() > before + number);
    }

    void leave() throws InterruptedException {
        done.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    Queue<String> failures() {
        return failures;
    }

    int answers() {
        return answers.get();
    }

    private void visit(boolean keeps) {
        while (!done.get()) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
                socket.setSoTimeout(20_000);
                for (int i = 0; i < (keeps ? 50 : 1) && !done.get(); i++) {
                    socket.getOutputStream()
                            .write(("GET " + path + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                    String answer = answer(socket);
                    if (!answer.matches("(?s)HTTP/1.[01] 200.*") || !answer.endsWith("\r\n\r\nok")) {
                        failures.add(answer);
                    }
                    answers.incrementAndGet();
                    // a visitor, not a flood: the processors are needed for the releases too
                    Thread.sleep(5);
                }
            } catch (IOException e) {
                failures.add(String.valueOf(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static String answer(Socket socket) throws IOException {
        var text = new StringBuilder();
        while (!text.toString().endsWith("\r\n\r\nok") && !text.toString().contains("</html>")) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                break;
            }
            text.append((char) octet);
        }
        return text.toString();
    }
}
