package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.process.InstanceLog;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs that are followed by many, for long, across breaks; and logs since a time. */
final class LogStreamsTest {
    /** Writes so many numbered lines whenever a file says how many. */
    private static final String ON_DEMAND = """
            #!/bin/sh
            ( while :; do
                if [ -e wanted ]; then
                  read -r first last <wanted
                  rm wanted
                  i=$first
                  seq -f "line %.0f" "$first" "$last"
                fi
                sleep 0.05
              done ) &
            """ + "exec " + ServiceRepository.start("\"$PORT\"") + "\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    @BeforeAll
    static void start() {
        argus = RunningArgus.start(directory.resolve("data"));
    }

    @AfterAll
    static void end() {
        argus.close();
    }

    private static void deploy(String name) {
        argus.deployed(
                name,
                ServiceRepository.healthy(directory, name)
                        .file("run.sh", ON_DEMAND)
                        .manifestWith("start", "./run.sh")
                        .commit("writes on demand"));
    }

    private static void write(String name, int first, int last) {
        Path release = argus.serviceDirectory(name).resolve("current");
        Path wanted = release.resolve("wanted");
        await("the last order is taken").atMost(RunningArgus.PATIENCE).until(() -> Files.notExists(wanted));
        try {
            Files.move(Files.writeString(release.resolve("wanted.new"), first + " " + last + "\n"), wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A bare connection, which may stop reading after its first line. */
    private static final class Follower implements AutoCloseable {
        private static final String TEXT = "\"text\":\"";

        final List<String> texts = new CopyOnWriteArrayList<>();
        final AtomicLong lines = new AtomicLong();
        final AtomicLong skipped = new AtomicLong();
        final CountDownLatch mayGoOn;
        volatile String id = "";
        volatile boolean ended;
        volatile String last = "";
        private final Socket socket;
        private final boolean keeps;

        private Follower(String name, String query, String headers, boolean keeps, boolean stops) throws IOException {
            this.keeps = keeps;
            mayGoOn = new CountDownLatch(stops ? 1 : 0);
            socket = new Socket();
            socket.setReceiveBufferSize(32 * 1024);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), argus.port()), 5_000);
            socket.getOutputStream()
                    .write(("GET /api/v1/services/" + name + "/logs?follow=true" + query + " HTTP/1.1\r\nHost: x\r\n"
                                    + "Accept: text/event-stream\r\nAuthorization: Bearer " + argus.adminToken()
                                    + "\r\n" + headers + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            Thread.ofVirtual().start(this::read);
        }

        static Follower of(String name, String query, String lastId) throws IOException {
            return new Follower(name, query, lastId.isEmpty() ? "" : "Last-Event-ID: " + lastId + "\r\n", true, false);
        }

        /** Counts the lines but for {@code line 0}. */
        static Follower counting(String name, boolean stops) throws IOException {
            return new Follower(name, "&tail=0", "", false, stops);
        }

        private void read() {
            try (var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (line.equals("0")) {
                        // the last chunk; the connection may stay
                        break;
                    }
                    int text = line.indexOf(TEXT);
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("data: ") && text > 0) {
                        take(line.substring(text + TEXT.length(), line.length() - 2));
                    } else if (line.startsWith("data: {\"skipped\"")) {
                        skipped.addAndGet(new JsonObject(line.substring(6)).getLong("skipped"));
                    }
                }
            } catch (IOException closed) {
                // the test has seen enough
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            ended = true;
        }

        private void take(String text) throws InterruptedException {
            if (keeps) {
                texts.add(text);
            }
            if (!text.equals("line 0")) {
                lines.incrementAndGet();
            }
            last = text;
            mayGoOn.await();
        }

        @Override
        public void close() throws IOException {
            mayGoOn.countDown();
            socket.close();
        }
    }

    private static List<String> numbered(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> "line " + i).toList();
    }

    @Test
    void fiftyReadersOfAFloodNeedLittleMemoryAndWhoIsSlowLosesLinesAndIsToldHowMany() throws Exception {
        deploy("flooded");
        int count = 200_000;
        long before = heap();
        List<Follower> all = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                all.add(Follower.counting("flooded", i % 5 == 0));
            }
            await("all have joined").atMost(RunningArgus.PATIENCE).until(() -> {
                write("flooded", 0, 0);
                return all.stream().allMatch(follower -> follower.last.equals("line 0"));
            });
            List<Follower> slow = all.stream()
                    .filter(follower -> follower.mayGoOn.getCount() > 0)
                    .toList();
            List<Follower> quick =
                    all.stream().filter(follower -> !slow.contains(follower)).toList();
            write("flooded", 1, count);
            var log = new InstanceLog(
                    argus.serviceDirectory("flooded").resolve("logs"),
                    argus.instance("flooded").getString("id"));
            await().atMost(RunningArgus.PATIENCE).until(() -> log.tail(1).contains("line " + count));
            long most = 0;
            int more = 0;
            while (!quick.stream().allMatch(follower -> hasAll(follower, count)) && more < 100) {
                // who lost the last lines is told so with the next one
                write("flooded", 0, 0);
                most = Math.max(most, used());
                more++;
            }
            slow.forEach(follower -> follower.mayGoOn.countDown());
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                write("flooded", 0, 0);
                return all.stream().allMatch(follower -> hasAll(follower, count));
            });

            assertThat(slow).hasSize(10).allMatch(follower -> follower.skipped.get() > 1_000);
            assertThat(most).isLessThan(700_000_000L);
            assertThat(heap() - before).isLessThan(100_000_000L);
        } finally {
            for (Follower follower : all) {
                follower.close();
            }
        }
        assertThat(argus.get("/services/flooded").status()).isEqualTo(200);
    }

    /** Every line was read or is said to be left out. */
    private static boolean hasAll(Follower follower, int count) {
        return follower.lines.get() + follower.skipped.get() >= count;
    }

    private static long heap() {
        Runtime.getRuntime().gc();
        return used();
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void aStreamGoesOnWhereItBrokeOffAlsoOverARestartOfArgusAndIntoTheNextRelease() throws Exception {
        deploy("broken-off");
        String id;
        try (var first = Follower.of("broken-off", "&tail=9", "")) {
            write("broken-off", 1, 500);
            await().atMost(RunningArgus.PATIENCE).until(() -> first.last.equals("line 500"));
            id = first.id;
        }
        write("broken-off", 501, 600);
        argus.end();
        argus.begin();
        argus.awaitStatus("broken-off", "running");
        argus.deployed("broken-off", new JsonObject());
        try (var second = Follower.of("broken-off", "&tail=0", id)) {
            await().atMost(RunningArgus.PATIENCE)
                    .until(() -> second.texts.stream().anyMatch(text -> text.contains("listens")));
            assertThat(second.texts.stream().filter(text -> text.startsWith("line ")))
                    .isEqualTo(numbered(501, 600));
            write("broken-off", 601, 700);
            await().atMost(RunningArgus.PATIENCE).until(() -> second.last.equals("line 700"));
            assertThat(second.texts).endsWith(numbered(601, 700).toArray(String[]::new));

            argus.delete("/services/broken-off");
            await().atMost(RunningArgus.PATIENCE).until(() -> second.ended);
        }
        deploy("strange");
        try (var strange = Follower.of("strange", "&tail=0", "no:id,at all")) {
            await().atMost(RunningArgus.PATIENCE).until(() -> strange.last.contains("listens"));
        }
    }

    @Test
    void whoJoinsLaterSeesTheSameLinesAsWhoWasThere() throws Exception {
        deploy("joined");
        try (var first = Follower.of("joined", "&tail=10000", "")) {
            write("joined", 1, 20_000);
            await().atMost(RunningArgus.PATIENCE).until(() -> first.lines.get() > 100);
            try (var second = Follower.of("joined", "&tail=50", "")) {
                await().atMost(RunningArgus.PATIENCE)
                        .until(() -> first.last.equals("line 20000") && second.last.equals("line 20000"));
                assertThat(first.texts.stream().filter(text -> text.startsWith("line ")))
                        .isEqualTo(numbered(1, 20_000));
                List<String> later = List.copyOf(second.texts);
                assertThat(later).hasSizeGreaterThanOrEqualTo(50);
                assertThat(later).isEqualTo(numbered(20_001 - later.size(), 20_000));
            }
        }
    }

    @Test
    void linesAreGivenSinceATimeOrAnAge() throws Exception {
        deploy("aged");
        write("aged", 1, 3);
        String path = "/services/aged/logs";
        await().atMost(RunningArgus.PATIENCE)
                .until(() -> texts(path + "?tail=1").equals(List.of("line 3")));
        var file = new InstanceLog(
                argus.serviceDirectory("aged").resolve("logs"),
                argus.instance("aged").getString("id"));
        // what was written until now is known when nothing of it is given any more
        await().atMost(RunningArgus.PATIENCE)
                .until(() -> file.tail(9, Instant.now()).lines().isEmpty());
        Instant between = Instant.now();
        write("aged", 4, 6);
        await().atMost(RunningArgus.PATIENCE)
                .until(() -> texts(path + "?tail=1").equals(List.of("line 6")));

        assertThat(texts(path + "?since=" + between)).isEqualTo(numbered(4, 6));
        assertThat(texts(path + "?tail=2&since=" + between)).isEqualTo(numbered(5, 6));
        assertThat(argus.get(path + "?tail=2&since=" + between).json().getBoolean("cut"))
                .isTrue();
        assertThat(texts(path + "?since=1h")).contains("version 1 listens", "line 1", "line 6");
        assertThat(texts(path + "?since=2020-01-01T00:00:00%2B01:00")).contains("line 1");
        assertThat(texts(path + "?since=2020-01-01T00:00:00+01:00")).contains("line 1");
        try (var follow = Follower.of("aged", "&since=" + between, "")) {
            await().atMost(RunningArgus.PATIENCE).until(() -> follow.texts.equals(numbered(4, 6)));
        }
        for (String wrong : List.of("yesterday", "10", "-5m", "2026-13-01T00:00:00Z", "T", "10m%00")) {
            Answer refused = argus.get(path + "?since=" + wrong);
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            assertThat(refused.json().getString("detail")).contains("since").contains("10m");
        }
        // nothing is written from now on
        await().atMost(RunningArgus.PATIENCE)
                .until(() -> texts(path + "?since=0s").isEmpty());
    }

    private static List<String> texts(String path) {
        return argus.get(path).json().getJsonArray("lines").stream()
                .map(line -> ((JsonObject) line).getString("text"))
                .toList();
    }

    @Test
    void aQuietTextStreamIsNotIdleAndSaysHowManyLinesASlowReaderLost() throws Exception {
        var vertx = Vertx.vertx();
        try {
            List<TextStream> streams = new CopyOnWriteArrayList<>();
            List<Boolean> closed = new CopyOnWriteArrayList<>();
            Router router = Router.router(vertx);
            router.get().handler(context -> {
                var stream = new TextStream(vertx, context, 200);
                stream.onClose(() -> closed.add(true));
                streams.add(stream);
            });
            int port = vertx.createHttpServer(
                            new HttpServerOptions().setIdleTimeout(1).setIdleTimeoutUnit(TimeUnit.SECONDS))
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS)
                    .actualPort();
            try (var socket = new Socket()) {
                socket.setReceiveBufferSize(4096);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                await().atMost(Duration.ofSeconds(30)).until(() -> streams.size() == 1);
                long begun = System.nanoTime();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> System.nanoTime() - begun > 3_000_000_000L || !closed.isEmpty());
                assertThat(closed).isEmpty();

                Buffer lines = Buffer.buffer("0123456789\n".repeat(20_000));
                for (int i = 0; i < 40; i++) {
                    streams.getFirst().send(20_000, lines);
                }
                // a reader that takes nothing is not kept for ever
                await().atMost(Duration.ofSeconds(30)).until(() -> !closed.isEmpty());
            }
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                await().atMost(Duration.ofSeconds(30)).until(() -> streams.size() == 2);
                streams.get(1).send(1, Buffer.buffer("hello\n"));
                var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                String line = in.readLine();
                while (line != null && !line.equals("hello")) {
                    line = in.readLine();
                }
                assertThat(line).isEqualTo("hello");
                streams.get(1).finish();
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
