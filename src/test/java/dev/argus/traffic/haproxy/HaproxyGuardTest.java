package dev.argus.traffic.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.traffic.AddressLimit;
import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.RoutingTable.Address;
import dev.argus.traffic.RoutingTable.Route;
import dev.argus.traffic.RoutingTable.Target;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service gets to see of hostile requests: a socket behind the real HAProxy notes every byte. */
class HaproxyGuardTest {
    private static final String HOST = "\r\nHost: web.localhost\r\n";

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private ServerSocket service;
    private HaproxySwitch traffic;
    private volatile String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    HaproxyGuardTest() throws IOException {
        service = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        traffic = new HaproxySwitch(
                vertx, HaproxySettings.on("127.0.0.1", 0, AddressLimit.besides(List.of())), Path.of("/"));
    }

    @BeforeEach
    void begin() throws Exception {
        Thread.ofVirtual().start(this::accept);
        traffic = new HaproxySwitch(
                vertx, HaproxySettings.on("127.0.0.1", 0, AddressLimit.besides(List.of())), directory);
        var route = new Route(
                "web",
                List.of(new Address("web.localhost", "/")),
                List.of(new Target("web-1", service.getLocalPort(), true)),
                false);
        done(traffic.start(new RoutingTable(List.of(route))));
    }

    private static void done(io.vertx.core.Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void end() throws Exception {
        done(traffic.close());
        HaproxySwitch.end(directory);
        service.close();
        done(vertx.close());
    }

    private void accept() {
        while (!service.isClosed()) {
            try {
                Socket connection = service.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var request = new ByteArrayOutputStream();
            for (int next = 0; next >= 0; ) {
                next = connection.getInputStream().read();
                request.write(Math.max(0, next));
                String text = request.toString(StandardCharsets.ISO_8859_1);
                if (text.equals("0\r\n\r\n")) {
                    request.reset();
                } else if (text.endsWith("\r\n\r\n")) {
                    seen.add(text);
                    request.reset();
                    connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        } catch (IOException e) {
            seen.add("broken off: " + e);
        }
    }

    private String ask(String request) throws IOException {
        try (var visitor = new Visitor(traffic.port())) {
            visitor.send(request);
            return visitor.answer().head();
        }
    }

    private String toService(String request) throws IOException {
        assertThat(ask(request)).startsWith("HTTP/1.1 200");
        await().atMost(Duration.ofSeconds(30)).until(() -> !seen.isEmpty());
        return seen.remove().toLowerCase(Locale.ROOT);
    }

    @Test
    void whatAClientSaysOfItselfIsReplacedByWhatIsSo() throws Exception {
        String request = toService("GET / HTTP/1.1" + HOST
                + "X-Forwarded-For: 6.6.6.6\r\nx-forwarded-for: 7.7.7.7\r\nX-Forwarded-Proto: https\r\n"
                + "X-Forwarded-Host: evil\r\nX_Forwarded_For: 6.6.6.6\r\nX-FORWARDED-USER: root\r\nX-Real-IP: 6.6.6.6\r\nX-Client-IP: 6.6.6.6\r\n"
                + "Forwarded: for=6.6.6.6\r\nX-Argus-User: admin\r\nX-Argus-Held: 1\r\nX-Other: stays\r\n\r\n");

        assertThat(request)
                .doesNotContain("6.6.6.6", "7.7.7.7", "evil", "https", "root", "argus")
                .contains("x-forwarded-for: 127.0.0.1\r\n")
                .contains("x-forwarded-proto: http\r\n")
                .contains("x-forwarded-host: web.localhost\r\n")
                .contains("x-forwarded-port: " + traffic.port() + "\r\n")
                .contains("x-real-ip: 127.0.0.1\r\n")
                .contains("forwarded: for=\"127.0.0.1\";host=\"web.localhost\";proto=http\r\n")
                .contains("x-other: stays\r\n");
    }

    @Test
    void headersForTheNextHopAloneGoNoFurtherNeitherWay() throws Exception {
        answer =
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive, X-Inner\r\nX-Inner: s\r\nKeep-Alive: timeout=5\r\n"
                        + "Proxy-Authenticate: x\r\nTE: x\r\nUpgrade: h2c\r\nX-Argus-Page: 1\r\nX-Outer: o\r\n\r\nok";
        String request = "GET / HTTP/1.1" + HOST + "Connection: keep-alive, X-Secret-Auth, X-Forwarded-For, Host\r\n"
                + "X-Secret-Auth: 1\r\nKeep-Alive: 3\r\nTE: trailers\r\nProxy-Connection: x\r\n"
                + "Proxy-Authorization: y\r\nTrailer: z\r\nUpgrade: h2c\r\n\r\n";

        String response = ask(request).toLowerCase(Locale.ROOT);

        String got = String.valueOf(seen.poll()).toLowerCase(Locale.ROOT);
        assertThat(got)
                .contains("host: web.localhost\r\n", "x-forwarded-for: 127.0.0.1\r\n")
                .doesNotContain("secret", "keep-alive:", "\r\nte:", "proxy-", "trailer", "upgrade");
        assertThat(response)
                .contains("x-outer: o\r\n", "content-length: 2\r\n")
                .doesNotContain("x-inner", "keep-alive", "\r\nte:", "proxy-", "upgrade", "x-argus");
    }

    @Test
    void aWebSocketIsStillUpgraded() throws Exception {
        answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nraw";
        try (var visitor = new Visitor(traffic.port())) {
            visitor.send(
                    "GET /ws HTTP/1.1" + HOST + "Connection: keep-alive, Upgrade, X-Secret\r\nX-Secret: 1\r\n"
                            + "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
            String head = visitor.answer().head().toLowerCase(Locale.ROOT);

            assertThat(head).startsWith("http/1.1 101").contains("upgrade: websocket\r\n");
            assertThat(String.valueOf(seen.poll()).toLowerCase(Locale.ROOT))
                    .contains("connection: upgrade\r\n", "upgrade: websocket\r\n")
                    .doesNotContain("x-secret");
            assertThat(visitor.read()).isEqualTo('r');
        }
    }

    @Test
    void anUpgradeToWebSocketDoesNotTakeAnotherProtocolAlong() throws Exception {
        for (String upgrade : List.of("websocket, h2c", "websocket\r\nUpgrade: h2c")) {
            assertThat(toService("GET / HTTP/1.1" + HOST + "Connection: Upgrade\r\nUpgrade: " + upgrade
                            + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"))
                    .doesNotContain("h2c");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"web.localhost:80", "WEB.localhost", "Web.LocalHost:8000"})
    void aHostInCapitalsOrWithAPortIsTheSameHost(String host) throws Exception {
        assertThat(toService("GET /a HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                .contains("x-forwarded-host: " + host.toLowerCase(Locale.ROOT) + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.0\r\nHost: web.localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET /evil HTTP/1.1\r\nHost: web.localhost\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: web.localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello1",
                "POST / HTTP/1.1\r\nHost: web.localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: web.localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: web.localhost\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: web.localhost\r\nContent-Length: +5\r\n\r\nhello",
                "GET / HTTP/1.1\r\nHost: web.localhost\r\nContent-Length:\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: web.localhost\r\n: x\r\n\r\n",
                "\0\u0001GET / HTTP/1.1\r\nHost: web.localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: web.localhost\r\nHost: other.localhost\r\n\r\n",
                "GET http://web.localhost/ HTTP/1.1\r\nHost: other.localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: web.localhost/x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: web.localhost:1\";for=6.6.6.6\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: \"evil, web.localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: evil.example, web.localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: user@web.localhost\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n"
            })
    void aRequestThatTwoReadersCouldReadDifferentlyIsRefusedAndNeverReachesTheService(String request) throws Exception {
        assertThat(ask(request)).startsWith("HTTP/1.1 400");
        assertThat(seen).isEmpty();
    }

    @Test
    void whatIsReadInOneWayOnlyReachesTheServiceAsExactlyOneRequest() throws Exception {
        for (String request : List.of(
                "POST /a HTTP/1.1" + HOST
                        + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /evil HTTP/1.1" + HOST
                        + "\r\n",
                "GET /b HTTP/1.1\nHost: web.localhost\n\n",
                "GET /c HTTP/1.1" + HOST + "X: a\r\n b\r\n\r\n")) {
            String got = toService(request);
            assertThat(got).doesNotContain("evil").doesNotContain("content-length: 5");
            assertThat(got.lines().filter(line -> line.endsWith("http/1.1"))).hasSize(1);
        }
    }

    @Test
    void methodsThatServeNoVisitorAreRefused() throws Exception {
        assertThat(ask("TRACE / HTTP/1.1" + HOST + "\r\n")).startsWith("HTTP/1.1 405");
        assertThat(ask("CONNECT web.localhost:80 HTTP/1.1\r\nHost: web.localhost:80\r\n\r\n"))
                .startsWith("HTTP/1.1 405");
        assertThat(seen).isEmpty();
    }

    @Test
    void headersBeyondAnyMeasureAreRefused() throws Exception {
        assertThat(ask("GET / HTTP/1.1" + HOST + "X: " + "a".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 4");
        assertThat(seen).isEmpty();
    }

    @Test
    void whoSendsItsHeadersDropByDropIsCutOffAfterTenSeconds() throws Exception {
        long begun = System.nanoTime();
        try (var visitor = new Visitor(traffic.port())) {
            visitor.send("GET / HTTP/1.1" + HOST + "X: a");
            assertThat(visitor.rest()).startsWith("HTTP/1.1 408");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(30));
        assertThat(seen).isEmpty();
    }
}
