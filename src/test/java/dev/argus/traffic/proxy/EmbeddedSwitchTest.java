package dev.argus.traffic.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.traffic.AddressLimit;
import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.RoutingTable.Address;
import dev.argus.traffic.RoutingTable.Route;
import dev.argus.traffic.RoutingTable.Target;
import dev.argus.traffic.TrafficSwitch.Drained;
import dev.argus.traffic.TrafficSwitch.TrafficFigures;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// requests are written as they go over the wire, line ends and all
@SuppressWarnings("StringConcatToTextBlock")
class EmbeddedSwitchTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final ProxyLimits LIMITS = new ProxyLimits(
            Duration.ofSeconds(5), 3, Duration.ofMillis(700), Duration.ofSeconds(2), Duration.ofSeconds(2), 200, 200);

    private final Vertx vertx = Vertx.vertx();
    private final io.vertx.core.Context loop = vertx.getOrCreateContext();
    private EmbeddedSwitch proxy = new EmbeddedSwitch(vertx, "127.0.0.1", 0, LIMITS, AddressLimit.besides(List.of()));
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        onLoop(proxy::close);
        wait(vertx.close());
    }

    private static <T> T wait(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private <T> T onLoop(Callable<Future<T>> action) {
        var promise = io.vertx.core.Promise.<T>promise();
        loop.runOnContext(now -> {
            try {
                action.call().onComplete(promise::handle);
            } catch (Exception e) {
                promise.fail(e);
            }
        });
        return wait(promise.future());
    }

    private void start(RoutingTable table) {
        onLoop(() -> proxy.start(table).mapEmpty());
    }

    private void apply(RoutingTable table) {
        onLoop(() -> proxy.apply(table).mapEmpty());
    }

    private int serve(Handler<HttpServerRequest> handler) {
        return server(handler).actualPort();
    }

    private HttpServer server(Handler<HttpServerRequest> handler) {
        return wait(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"));
    }

    private int says(String text) {
        return serve(request -> request.body()
                .onSuccess(body ->
                        request.response().end(text + " " + request.method() + " " + request.uri() + " " + body)));
    }

    private static Route route(String service, Target... targets) {
        return new Route(service, List.of(new Address(service + ".localhost", "/")), List.of(targets), false);
    }

    private static RoutingTable one(int port) {
        return new RoutingTable(List.of(route("shop", new Target("shop-1-a", port, true))));
    }

    private static RoutingTable none() {
        return new RoutingTable(List.of(route("shop", new Target("shop-1-a", 1, false))));
    }

    private Socket open() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout((int) SOON.toMillis());
        sockets.add(socket);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** All until the other side closes. */
    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String until(Socket socket, String end) throws IOException {
        InputStream in = socket.getInputStream();
        var text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int octet = in.read();
            if (octet < 0) {
                break;
            }
            text.append((char) octet);
        }
        return text.toString();
    }

    private String ask(String request) throws IOException {
        Socket socket = open();
        say(socket, request);
        return rest(socket);
    }

    private String get(String host, String path, String... headers) throws IOException {
        return ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n"
                + String.join(
                        "",
                        java.util.Arrays.stream(headers).map(h -> h + "\r\n").toList()) + "\r\n");
    }

    // where requests go

    @Test
    void theHostAndTheLongestPathPrefixDecide() throws IOException {
        int shop = says("shop");
        int admin = says("admin");
        start(new RoutingTable(List.of(
                route("shop", new Target("shop-1-a", shop, true)),
                new Route(
                        "admin",
                        List.of(new Address("shop.localhost", "/admin")),
                        List.of(new Target("admin-1-a", admin, true)),
                        false))));
        assertThat(get("shop.localhost", "/x?q=1")).contains("shop GET /x?q=1");
        assertThat(get("SHOP.localhost.:8000", "/")).contains("shop GET /");
        assertThat(get("shop.localhost", "/admin")).contains("admin GET /admin");
        assertThat(get("shop.localhost", "/admin/users?a")).contains("admin GET /admin/users?a");
        assertThat(get("shop.localhost", "/admin?a")).contains("admin GET /admin?a");
        assertThat(get("shop.localhost", "/administrator")).contains("shop GET /administrator");
        assertThat(get("other.localhost", "/")).startsWith("HTTP/1.1 404");
    }

    @Test
    void theInstanceWithTheLeastUnderWayIsChosen() throws IOException {
        Queue<HttpServerRequest> kept = new ConcurrentLinkedQueue<>();
        int slow = serve(kept::add);
        int quick = says("quick");
        start(new RoutingTable(
                List.of(route("shop", new Target("shop-1-a", slow, true), new Target("shop-1-b", quick, true)))));
        Socket first = open();
        say(first, "GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
        Socket second = open();
        say(second, "GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
        await().atMost(SOON).until(() -> kept.size() == 1);
        for (int i = 0; i < 6; i++) {
            assertThat(get("shop.localhost", "/")).contains("quick");
        }
        assertThat(kept).hasSize(1);
    }

    // waiting

    @Test
    void aRequestIsHeldUntilAnInstanceIsReady() throws IOException {
        int shop = says("shop");
        start(none());
        Socket socket = open();
        say(
                socket,
                "POST /order HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody");
        await().atMost(SOON).until(() -> proxy.waiting("shop") == 1);
        apply(one(shop));
        assertThat(rest(socket)).startsWith("HTTP/1.1 200").endsWith("shop POST /order body");
    }

    @Test
    void requestsWaitInBoundedNumberAndTime() throws Exception {
        start(none());
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Socket socket = open();
            say(socket, "GET / HTTP/1.1\r\nHost: shop.localhost\r\nConnection: close\r\n\r\n");
            waiting.add(socket);
        }
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(get("shop.localhost", "/", "Accept: application/json"))
                        .startsWith("HTTP/1.1 503")
                        .containsIgnoringCase("retry-after: 5")
                        .contains("application/problem+json", "Too many requests"));
        for (Socket socket : waiting) {
            assertThat(rest(socket)).startsWith("HTTP/1.1 503").contains("not ready", "text/html");
        }
    }

    @Test
    void aStoppedServiceIsSaidToBeStoppedAtOnce() throws IOException {
        start(new RoutingTable(
                List.of(new Route("shop", List.of(new Address("shop.localhost", "/")), List.of(), true))));
        assertThat(get("shop.localhost", "/")).startsWith("HTTP/1.1 503").contains("stopped");
    }

    @Test
    void anInstanceThatIsNotReachedIsTriedAgainAndAnotherTaken() throws IOException {
        int shop = says("shop");
        int unused;
        try (var socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }
        start(new RoutingTable(
                List.of(route("shop", new Target("shop-1-a", unused, true), new Target("shop-1-b", shop, true)))));
        for (int i = 0; i < 8; i++) {
            assertThat(get("shop.localhost", "/")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aGetThatWasNotAnsweredIsSentAgainAndAPostIsNot() throws IOException {
        var seen = new AtomicInteger();
        int port = serve(request -> {
            if (seen.incrementAndGet() % 2 == 1) {
                request.connection().close();
            } else {
                request.response().end("second");
            }
        });
        start(one(port));
        assertThat(get("shop.localhost", "/")).startsWith("HTTP/1.1 200").contains("second");
        assertThat(ask("POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab"))
                .startsWith("HTTP/1.1 502");
        assertThat(seen).hasValue(3);
    }

    @Test
    void anAnswerThatEndsBehindItsHeadIsAskedForAgain() throws Exception {
        var seen = new AtomicInteger();
        var server = wait(vertx.createNetServer()
                .connectHandler(socket -> socket.handler(request -> {
                    String head =
                            "HTTP/1.1 200 OK\r\nX-Try: " + seen.incrementAndGet() + "\r\nContent-Length: 2\r\n\r\n";
                    if (seen.get() == 2) {
                        socket.write(head + "ok");
                    } else {
                        socket.write(head).onComplete(written -> socket.close());
                    }
                }))
                .listen(0, "127.0.0.1"));
        start(one(server.actualPort()));
        assertThat(get("shop.localhost", "/"))
                .startsWith("HTTP/1.1 200")
                .containsOnlyOnce("X-Try")
                .contains("X-Try: 2")
                .endsWith("ok");
        assertThat(ask("POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab"))
                .startsWith("HTTP/1.1 502")
                .doesNotContain("X-Try");
    }

    @Test
    void aServiceThatDoesNotAnswerInTimeGives504() throws IOException {
        int port = serve(request -> {
            // never answers
        });
        start(one(port));
        assertThat(get("shop.localhost", "/")).startsWith("HTTP/1.1 504");
    }

    // what is sent

    @Test
    void headersThatOnlyTheProxyMaySetAreReplacedAndHopByHopOnesStayBehind() throws IOException {
        int port = serve(request -> {
            var text = new StringBuilder();
            request.headers()
                    .forEach(h -> text.append(h.getKey())
                            .append('=')
                            .append(h.getValue())
                            .append('\n'));
            request.response()
                    .putHeader("Keep-Alive", "timeout=5")
                    .putHeader("X-Own", "yes")
                    .putHeader("Connection", "X-Secret")
                    .putHeader("X-Secret", "s")
                    .end(text.toString());
        });
        start(one(port));
        String answer = get(
                "shop.localhost:8000",
                "/",
                "X-Forwarded-For: 6.6.6.6",
                "X-Forwarded-Host: evil",
                "X-Forwarded-Proto: https",
                "X-Real-IP: 6.6.6.6",
                "Forwarded: for=6.6.6.6",
                "X-Argus-User: root",
                "Keep-Alive: 5",
                "TE: trailers",
                "Proxy-Authorization: Basic x",
                "Connection: X-Mine",
                "X-Mine: mine",
                "X-Kept: kept");
        assertThat(answer)
                .contains("X-Forwarded-For=127.0.0.1", "X-Forwarded-Proto=http", "X-Real-IP=127.0.0.1")
                .containsIgnoringCase("host=shop.localhost:8000")
                .contains("X-Forwarded-Host=shop.localhost:8000", "X-Kept=kept")
                .contains("Forwarded=for=127.0.0.1;host=\"shop.localhost:8000\";proto=http")
                .doesNotContain("6.6.6.6", "evil", "root", "trailers", "Basic", "mine", "timeout=5", "X-Secret")
                .containsIgnoringCase("x-own: yes");
    }

    @Test
    void bodiesGoThroughInBothDirectionsInWhateverForm() throws IOException {
        int port = serve(request -> {
            request.response().setChunked(true);
            request.pipeTo(request.response());
        });
        start(one(port));
        assertThat(ask(
                        "POST / HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                                + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .contains("hello", " world");
        Socket socket = open();
        say(
                socket,
                "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
        assertThat(until(socket, "\r\n\r\n")).startsWith("HTTP/1.1 100");
        say(socket, "abc");
        assertThat(rest(socket)).startsWith("HTTP/1.1 200").contains("abc");
    }

    @Test
    void manyRequestsUseOneConnection() throws IOException {
        start(one(says("shop")));
        Socket socket = open();
        for (int i = 0; i < 50; i++) {
            say(socket, "GET /" + i + " HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
            assertThat(until(socket, "GET /" + i + " ")).startsWith("HTTP/1.1 200");
        }
        say(socket, "HEAD / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
        assertThat(until(socket, "\r\n\r\n")).startsWith("HTTP/1.1 200");
        say(socket, "GET /last HTTP/1.0\r\nHost: shop.localhost\r\n\r\n");
        assertThat(rest(socket)).contains("200").contains("GET /last ");
    }

    @Test
    void alargeBodyGoesThroughBothWaysAlthoughTheReaderIsSlow() throws Exception {
        int port = serve(request -> {
            request.response().setChunked(true);
            request.pipeTo(request.response());
        });
        start(one(port));
        long size = 64L << 20;
        Socket socket = open();
        say(
                socket,
                "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: " + size + "\r\nConnection: close\r\n\r\n");
        var failure = new AtomicBoolean();
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                byte[] part = new byte[1 << 16];
                for (long sent = 0; sent < size; sent += part.length) {
                    socket.getOutputStream().write(part);
                }
            } catch (IOException e) {
                failure.set(true);
            }
        });
        until(socket, "\r\n\r\n");
        long received = 0;
        byte[] buffer = new byte[1 << 16];
        for (int read = socket.getInputStream().read(buffer);
                read >= 0;
                read = socket.getInputStream().read(buffer)) {
            received += read;
        }
        writer.join();
        assertThat(failure).isFalse();
        // with the lengths of its chunks
        assertThat(received).isBetween(size, size + size / 100);
    }

    // what is refused

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: shop.localhost\r\nHost: other.localhost\r\n\r\n",
                "GET http://other.localhost/ HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: shop.localhost/../x\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: +1\r\n\r\na",
                "POST / HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: shop.localhost\r\n: empty\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: shop.localhost\r\nX-A: a\r\n b\r\n\r\n",
                "GET / HTTP/1.1\nHost: shop.localhost\n\n",
            })
    void whatHttpDoesNotAllowIsRefusedAndTheConnectionClosed(String request) throws IOException {
        var seen = new AtomicInteger();
        start(one(serve(r -> {
            seen.incrementAndGet();
            r.response().end();
        })));
        assertThat(ask(request)).matches("(?s)HTTP/1.[01] 400.*");
        assertThat(seen).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 30\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n"
                        + "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "POST / HTTP/1.0\r\nHost: shop.localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
            })
    void aRequestWhoseEndIsAmbiguousIsRefusedAndTheConnectionClosed(String request) throws IOException {
        List<String> seen = new ArrayList<>();
        start(one(serve(r -> {
            seen.add(r.uri());
            r.response().end();
        })));
        assertThat(ask(request)).matches("(?s)HTTP/1.[01] 400.*");
        assertThat(seen).isEmpty();
    }

    @Test
    void headersThatAreTooLongAreRefused() throws IOException {
        start(one(says("shop")));
        assertThat(get("shop.localhost", "/", "X-Long: " + "a".repeat(40_000))).matches("(?s)HTTP/1.[01] 431.*");
        assertThat(get("shop.localhost", "/" + "a".repeat(10_000))).matches("(?s)HTTP/1.[01] 414.*");
    }

    @Test
    void aConnectionOnWhichNoWholeRequestComesIsClosed() throws Exception {
        start(one(says("shop")));
        Socket silent = open();
        Socket trickling = open();
        var closed = new AtomicBoolean();
        Thread trickle = Thread.ofVirtual().start(() -> {
            try {
                say(trickling, "GET / HTTP/1.1\r\nX-A: ");
                while (true) {
                    say(trickling, "a");
                    Thread.sleep(50);
                }
            } catch (IOException | InterruptedException e) {
                closed.set(true);
            }
        });
        assertThat(rest(silent)).isEmpty();
        await().atMost(SOON).untilTrue(closed);
        trickle.join();
    }

    // switching

    @Test
    void aDrainWaitsForWhatIsUnderWayAndCutsItAtTheEnd() throws Exception {
        Queue<HttpServerRequest> kept = new ConcurrentLinkedQueue<>();
        int old = serve(kept::add);
        int fresh = says("fresh");
        start(one(old));
        Socket first = open();
        say(first, "GET / HTTP/1.1\r\nHost: shop.localhost\r\nConnection: close\r\n\r\n");
        await().atMost(SOON).until(() -> kept.size() == 1);
        apply(new RoutingTable(List.of(route("shop", new Target("shop-2-b", fresh, true)))));

        Future<Drained> drained = later(() -> proxy.drain(Set.of("shop-1-a"), SOON));
        assertThat(get("shop.localhost", "/")).contains("fresh");
        assertThat(drained.isComplete()).isFalse();
        kept.remove().response().end("old");
        assertThat(rest(first)).endsWith("old");
        assertThat(wait(drained)).isEqualTo(new Drained(0));

        apply(one(old));
        Socket second = open();
        say(second, "GET / HTTP/1.1\r\nHost: shop.localhost\r\nConnection: close\r\n\r\n");
        await().atMost(SOON).until(() -> kept.size() == 1);
        apply(new RoutingTable(List.of(route("shop", new Target("shop-2-b", fresh, true)))));
        assertThat(onLoop(() -> proxy.drain(Set.of("shop-1-a"), Duration.ofMillis(100))))
                .isEqualTo(new Drained(1));
        assertThat(rest(second)).startsWith("HTTP/1.1 504");
    }

    private <T> Future<T> later(Callable<Future<T>> action) {
        var promise = io.vertx.core.Promise.<T>promise();
        loop.runOnContext(now -> {
            try {
                action.call().onComplete(promise::handle);
            } catch (Exception e) {
                promise.fail(e);
            }
        });
        return promise.future();
    }

    @Test
    void aWebSocketStaysUpUntilItsDrainAndIsThenClosedPolitely() throws Exception {
        HttpServer server = wait(vertx.createHttpServer()
                .webSocketHandler(socket -> socket.textMessageHandler(text -> socket.writeTextMessage("echo " + text)))
                .listen(0, "127.0.0.1"));
        start(one(server.actualPort()));
        var client = vertx.createWebSocketClient();
        var socket = wait(client.connect(new io.vertx.core.http.WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(proxy.port())
                .setURI("/live")
                .putHeader("Host", "shop.localhost")));
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        var closed = io.vertx.core.Promise.<Short>promise();
        socket.textMessageHandler(heard::add);
        socket.closeHandler(gone -> closed.tryComplete(socket.closeStatusCode()));
        socket.writeTextMessage("one");
        await().atMost(SOON).until(() -> heard.contains("echo one"));
        apply(none());
        socket.writeTextMessage("two".repeat(50_000));
        await().atMost(SOON).until(() -> heard.size() == 2);

        assertThat(onLoop(() -> proxy.drain(Set.of("shop-1-a"), SOON))).isEqualTo(new Drained(0));
        assertThat(wait(closed.future())).isEqualTo((short) 1001);
        client.close();
    }

    @Test
    void aClientThatLeavesEndsItsRequestAtTheService() throws Exception {
        var left = new AtomicBoolean();
        Queue<HttpServerRequest> kept = new ConcurrentLinkedQueue<>();
        int port = serve(request -> {
            request.response().closeHandler(gone -> left.set(true));
            kept.add(request);
        });
        start(one(port));
        Socket socket = open();
        say(socket, "GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
        await().atMost(SOON).until(() -> kept.size() == 1);
        socket.close();
        await().atMost(SOON).untilTrue(left);
        assertThat(onLoop(proxy::figures))
                .singleElement()
                .extracting(TrafficFigures::inFlight)
                .isEqualTo(0);
    }

    @Test
    void noRequestIsLostWhileInstancesComeAndGo() throws Exception {
        proxy = new EmbeddedSwitch(vertx, "127.0.0.1", 0, AddressLimit.besides(List.of()));
        int first = says("one");
        start(one(first));
        var failures = new ConcurrentLinkedQueue<String>();
        var answers = new AtomicInteger();
        var done = new AtomicBoolean();
        List<Thread> clients = new ArrayList<>();
        for (int c = 0; c < 32; c++) {
            int number = c;
            clients.add(Thread.ofVirtual().start(() -> {
                while (!done.get()) {
                    String body = "b" + number;
                    try (var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
                        socket.setSoTimeout((int) SOON.toMillis());
                        for (int i = 0; i < 20 && !done.get(); i++) {
                            say(
                                    socket,
                                    "POST /p HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: " + body.length()
                                            + "\r\n\r\n" + body);
                            String answer = until(socket, "POST /p " + body);
                            if (!answer.startsWith("HTTP/1.1 200")) {
                                failures.add(answer);
                            }
                            answers.incrementAndGet();
                        }
                    } catch (IOException e) {
                        failures.add(String.valueOf(e));
                    }
                }
            }));
        }
        HttpServer old = null;
        for (int i = 2; i <= 30; i++) {
            int before = answers.get();
            HttpServer fresh = server(request ->
                    request.body().onSuccess(body -> request.response().end("n POST /p " + body)));
            String instance = "shop-" + i + "-a";
            String former = "shop-" + (i - 1) + "-a";
            if (i % 5 == 0) {
                // for a moment there is none
                apply(none());
            }
            apply(new RoutingTable(List.of(route("shop", new Target(instance, fresh.actualPort(), true)))));
            onLoop(() -> proxy.drain(Set.of(former), SOON));
            if (old != null) {
                wait(old.close());
            }
            old = fresh;
            await().atMost(SOON).until(() -> answers.get() > before + 50);
        }
        done.set(true);
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failures).isEmpty();
        assertThat(answers.get()).isGreaterThan(1_000);
    }

    @Test
    void framesAreFollowedHoweverTheyAreCut() {
        var frames = Unpooled.buffer();
        frames.writeBytes(new byte[] {(byte) 0x81, 3}).writeBytes("abc".getBytes(StandardCharsets.US_ASCII));
        frames.writeBytes(new byte[] {(byte) 0x82, 126, 1, 0}).writeBytes(new byte[256]);
        frames.writeBytes(new byte[] {(byte) 0x82, (byte) 0x83, 1, 2, 3, 4})
                .writeBytes("xyz".getBytes(StandardCharsets.US_ASCII));
        frames.writeBytes(new byte[] {(byte) 0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0}).writeBytes(new byte[65_536]);
        frames.writeBytes(new byte[] {(byte) 0x89, 0});
        Set<Integer> ends = Set.of(5, 265, 274, 65_820, 65_822);
        var tracker = new FrameTracker();
        for (int i = 0; i < frames.writerIndex(); i++) {
            tracker.sent(frames.slice(i, 1));
            assertThat(tracker.isBetweenFrames()).as("after " + (i + 1)).isEqualTo(ends.contains(i + 1));
        }
        var whole = new FrameTracker();
        whole.sent(frames);
        assertThat(whole.isBetweenFrames()).isTrue();
    }
}
