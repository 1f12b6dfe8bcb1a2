package dev.argus.traffic.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What attackers send, byte for byte. The service behind the proxy must never see more requests, or other ones, than the proxy let through. */
@SuppressWarnings("StringConcatToTextBlock") // as they go over the wire, line ends and all
class HostileRequestTest {
    static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: shop.localhost\r\n\r\n";
    static final String POST = "POST / HTTP/1.1\r\nHost: shop.localhost\r\n";
    static final String GET = "GET / HTTP/1.1\r\nHost: shop.localhost\r\n";
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private RawService service;
    private ProxyUnderTest under;

    @BeforeEach
    void start() throws IOException {
        service = RawService.answering(OK);
        under = new ProxyUnderTest(ProxyUnderTest.QUICK, service.port());
    }

    @AfterEach
    void stop() {
        under.close();
        service.close();
    }

    static Stream<String> ambiguousRequests() {
        return Stream.of(
                // where the body ends can be understood in two ways
                POST + "Content-Length: 30\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + "Transfer_Encoding: chunked\r\nTransfer-Encoding: x\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
                        + SMUGGLED,
                "POST / HTTP/1.0\r\nHost: shop.localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
                        + SMUGGLED,
                "POST / HTTP/1.0\r\nHost: shop.localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + "Content-Length: 5\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
                POST + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
                POST + "Content-Length: 0, 0\r\n\r\n" + SMUGGLED,
                POST + "Content-Length: +0\r\n\r\n" + SMUGGLED,
                POST + "Content-Length: -1\r\n\r\n" + SMUGGLED,
                POST + "Content-Length: 0x10\r\n\r\n" + SMUGGLED,
                POST + "Content-Length: \r\n\r\n" + SMUGGLED,
                POST + "Content-Length: 1 2\r\n\r\n" + SMUGGLED,
                POST + "Content-Length: 99999999999999999999\r\n\r\n" + SMUGGLED,
                // encodings that some know and some do not
                POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + "Transfer-Encoding:\r\n\r\n0\r\n\r\n" + SMUGGLED,
                // names and lines that are none
                POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + "Transfer\u00a0Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + "X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + "Transfer-Encoding\r\n : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                GET + ": empty\r\n\r\n",
                GET + "no colon\r\n\r\n",
                GET + "X\u0000Y: z\r\n\r\n",
                GET + "X: a\u0000b\r\n\r\n",
                GET + "X: a\rb\r\n\r\n",
                GET + "X: a\nTransfer-Encoding: chunked\r\n\r\n",
                "GET / HTTP/1.1\r\n Host: shop.localhost\r\n\r\n",
                "GET / HTTP/1.1\nHost: shop.localhost\n\n",
                // request lines that are none
                "\u0000\u0001GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "\r\n\r\nGET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                " GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "GET /  HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "GET / a HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "GET /\tHTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "GET / HTTP/1.1 \r\nHost: shop.localhost\r\n\r\n",
                "GET / HTTP/1.10\r\nHost: shop.localhost\r\n\r\n",
                "GET / HTTP/01.1\r\nHost: shop.localhost\r\n\r\n",
                "GET / http/1.1\r\nHost: shop.localhost\r\n\r\n",
                "GET / HTTP/1.1\rHost: shop.localhost\r\n\r\n",
                "GET /\r\nHost: shop.localhost\r\n\r\n",
                "GET /#part HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "G(T / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "GET shop HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                // whom it is for can be understood in two ways
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost:\r\n\r\n",
                GET + "Host: shop.localhost\r\n\r\n",
                GET + "Host: other.localhost\r\n\r\n",
                "GET http://other.localhost/ HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "GET http://shop.localhost:81/ HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "GET http://shop.localhost@evil/ HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "GET https://shop.localhost/ HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "GET http:// HTTP/1.1\r\nHost: shop.localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: evil@shop.localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: shop.localhost/x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: shop.localhost, evil\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: shop.localhost:80:90\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: shop.localhost:8a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: \"shop.localhost\"\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [::1]shop.localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: .\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("ambiguousRequests")
    void aRequestThatCanBeUnderstoodInTwoWaysIsRefusedAndItsConnectionClosed(String request) throws IOException {
        assertThat(under.ask(request))
                .startsWith("HTTP/1.1 400 ")
                .containsOnlyOnce("HTTP/1.1")
                .contains("Connection: close");
        assertThat(service.requests).isEmpty();
    }

    static Stream<String> ambiguousChunks() {
        return Stream.of(
                "5 \r\nhello\r\n0\r\n\r\n",
                "5;a=b\r\nhello\r\n0\r\n\r\n",
                "5;\nhello\r\n0\r\n\r\n",
                "5\nhello\r\n0\r\n\r\n",
                "5\rhello\r\n0\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n",
                "-5\r\nhello\r\n0\r\n\r\n",
                "+5\r\nhello\r\n0\r\n\r\n",
                "\r\nhello\r\n0\r\n\r\n",
                "g\r\nhello\r\n0\r\n\r\n",
                "5\r\nhelloX\r\n0\r\n\r\n",
                "5\r\nhello\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "FFFFFFFFFFFFFFFFF\r\nhello",
                "10000000000000005\r\nhello\r\n0\r\n\r\n",
                "5\r\nhello\r\n0\r\n\n",
                "5\r\nhello\r\n0\r\nX: a\n\r\n",
                "5\r\nhello\r\n0\r\nX: a\u0000\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("ambiguousChunks")
    void chunksThatCanBeReadInTwoWaysAreRefusedAndWhatFollowsIsNoRequest(String chunks) throws IOException {
        String answer = under.ask(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks + SMUGGLED);
        assertThat(answer).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1");
        assertThat(service.requests).noneMatch(request -> request.startsWith("GET /smuggled"));
        assertThat(service.requests.size()).isLessThanOrEqualTo(1);
    }

    @Test
    void everyRequestOfAConnectionIsReadOnItsOwnAndInOrder() throws IOException {
        service.close();
        try (var echo = RawService.echoing("e")) {
            under.apply(echo.port());
            String many = "POST /1 HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 3\r\n\r\nabc"
                    + "GET /2 HTTP/1.1\r\nHost: shop.localhost\r\n\r\n"
                    + "POST /3 HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nxyz\r\n0\r\nX-Trailer: stays behind\r\n\r\n"
                    + "\r\nGET /4 HTTP/1.1\r\nHost: shop.localhost\r\n\r\n"
                    + "GET http://SHOP.localhost HTTP/1.1\r\nHost: shop.localhost\r\n\r\n"
                    + "GET /none HTTP/1.1\r\nHost: other.localhost\r\n\r\n"
                    + "GET /5 HTTP/1.1\r\nHost: shop.localhost\r\nConnection: close\r\n\r\n";
            for (int size : new int[] {1, 7, 50, many.length()}) {
                echo.requests.clear();
                RawClient client = under.open();
                for (int at = 0; at < many.length(); at += size) {
                    client.send(many.substring(at, Math.min(many.length(), at + size)));
                }
                assertThat(client.rest())
                        .containsSubsequence(
                                "e POST /1 HTTP/1.1 abc",
                                "e GET /2 HTTP/1.1 ",
                                "e POST /3 HTTP/1.1 3\r\nxyz\r\n0\r\n\r\n",
                                "e GET /4 HTTP/1.1 ",
                                "e GET / HTTP/1.1 ",
                                "HTTP/1.1 404 ",
                                "e GET /5 HTTP/1.1 ");
                assertThat(echo.requests).hasSize(6).noneMatch(request -> request.contains("X-Trailer"));
            }
        }
    }

    @Test
    void aThousandRequestsAheadAreAnsweredOneAfterTheOther() throws IOException {
        RawClient client = under.open();
        var bad = "GET / HTTP/1.1\r\nHost: x.localhost\r\n\r\n".repeat(3_000);
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                client.send(bad + GET + "Connection: close\r\n\r\n");
            } catch (IOException e) {
                // seen by who reads
            }
        });
        String all = client.rest();
        assertThat(all).endsWith("ok");
        assertThat(all.split("HTTP/1.1 404 ", -1)).hasSize(3_001);
        assertThat(writer.isAlive()).isFalse();
    }

    @Test
    void whatOnlyTheProxyMaySayIsReplacedInWhateverSpelling() throws IOException {
        under.ask(GET + "X-Forwarded-For: 6.6.6.6\r\nx_forwarded_for: 6.6.6.6\r\nX-Forwarded-Port: 666\r\n"
                + "X-FORWARDED-PREFIX: /666\r\nX-Real-IP: 6.6.6.6\r\nX-Real_IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n"
                + "X-Client-IP: 6.6.6.6\r\nX-Argus-User: u666\r\nX_Argus_User: u666\r\nProxy: http://6.6.6.6\r\n"
                + "Content_Length: 666\r\nTransfer_Encoding: x666\r\nHTTP2-Settings: AAMAAAB666\r\n"
                + "Connection: close, X-Named, Upgrade\r\nX-Named: n666\r\nUpgrade: h2c\r\nTE: t666\r\n"
                + "Proxy-Connection: keep-alive666\r\nKeep-Alive: timeout=666\r\nProxy-Authorization: Basic 666\r\n"
                + "Trailer: X-666\r\nX-Forward: kept\r\nX_Own: kept too\r\n\r\n");
        assertThat(service.requests.remove())
                .doesNotContain("666", "6.6.6.6", "pgrade")
                .doesNotContainIgnoringCase("connection")
                .contains("X-Forward: kept\r\n", "X_Own: kept too\r\n")
                .containsOnlyOnce("X-Forwarded-For: 127.0.0.1\r\n")
                .containsOnlyOnce("X-Real-IP: 127.0.0.1\r\n")
                .containsOnlyOnce("X-Forwarded-Proto: http\r\n")
                .containsOnlyOnce("X-Forwarded-Host: shop.localhost\r\n")
                .containsOnlyOnce("Forwarded: for=127.0.0.1;host=\"shop.localhost\";proto=http\r\n");
    }

    @Test
    void hopByHopHeadersOfAnswersStayBehindAndSoDoesASecondLength() throws IOException {
        service.close();
        try (var talkative =
                RawService.answering("HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Inner\r\nX-Inner: inner\r\n"
                        + "Keep-Alive: timeout=9\r\nProxy-Authenticate: Basic\r\nTE: x\r\nTrailer: X-T\r\nUpgrade: h2c\r\n"
                        + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\nX-Outer: outer\r\n\r\n"
                        + "2\r\nok\r\n0\r\nX-T: trailing\r\n\r\n")) {
            under.apply(talkative.port());
            assertThat(under.ask(GET + "Connection: close\r\n\r\n"))
                    .contains("X-Outer: outer\r\n", "Transfer-Encoding: chunked\r\n", "2\r\nok\r\n0\r\n\r\n")
                    .doesNotContain("inner", "timeout=9", "Basic", "TE:", "X-T", "h2c", "Content-Length", "trailing");
        }
    }

    @Test
    void headsThatAreTooLongOrManyAreRefused() throws IOException {
        assertThat(under.ask(GET + "X: " + "a".repeat(40_000) + "\r\n\r\n")).startsWith("HTTP/1.1 431 ");
        assertThat(under.ask(GET + "X: a\r\n".repeat(200) + "\r\n")).startsWith("HTTP/1.1 431 ");
        assertThat(under.ask("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: shop.localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ");
        assertThat(under.ask("GET /" + "a".repeat(900_000))).startsWith("HTTP/1.1 414 ");
        assertThat(under.ask(GET + "X: " + "a".repeat(30_000) + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(under.ask("GET / HTTP/2.0\r\nHost: shop.localhost\r\n\r\n")).startsWith("HTTP/1.1 505 ");
        assertThat(under.ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).startsWith("HTTP/1.1 505 ");
        assertThat(under.ask(POST + "Expect: 200-maybe\r\n\r\n")).startsWith("HTTP/1.1 417 ");
        assertThat(under.ask("CONNECT shop.localhost:80 HTTP/1.1\r\nHost: shop.localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ");
        assertThat(under.ask("TRACE / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ");
    }

    @Test
    void noWordOfARequestIsInThePageThatRefusesIt() throws IOException {
        String evil = "<script>alert(1)</script>";
        assertThat(under.ask("GET /" + evil + " HTTP/1.1\r\nHost: nobody.localhost\r\nX: " + evil
                        + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ")
                .contains("text/html", "nosniff")
                .doesNotContain("alert", "nobody");
        assertThat(
                        under.ask(
                                "GET / HTTP/1.1\r\nHost: nobody.localhost\r\nAccept: application/json\r\nConnection: close\r\n\r\n"))
                .contains("application/problem+json", "\"status\":404");
    }

    @Test
    void aConnectionThatTricklesItsHeadIsTimedOutAndOthersAreServedMeanwhile() throws Exception {
        List<RawClient> slow = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            slow.add(under.open().send("GET / HTTP/1.1\r\nX: "));
        }
        var ended = new AtomicBoolean();
        Thread trickle = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    for (RawClient client : slow) {
                        client.send("a");
                    }
                    Thread.sleep(Duration.ofMillis(50));
                }
            } catch (IOException | InterruptedException e) {
                ended.set(true);
            }
        });
        assertThat(under.ask(GET + "Connection: close\r\n\r\n")).endsWith("ok");
        assertThat(slow.getFirst().until("\r\n\r\n")).startsWith("HTTP/1.1 408 ");
        await().atMost(ProxyUnderTest.SOON).untilTrue(ended);
        trickle.join();
        await().atMost(ProxyUnderTest.SOON)
                .until(() -> under.proxy.connections().all() == 0);
    }

    @Test
    void aBodyThatDoesNotComeAndAnAnswerThatIsNotReadAreTimedOut() throws Exception {
        service.close();
        try (var endless = new RawService(connection -> {
            connection.request();
            connection.say("HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n");
            byte[] part = new byte[1 << 16];
            while (true) {
                connection.out().write(part);
            }
        })) {
            under.apply(endless.port());
            assertThat(under.ask(POST + "Content-Length: 10\r\n\r\nabc")).startsWith("HTTP/1.1 408 ");
            under.open().send(GET + "\r\n");
            await().atMost(ProxyUnderTest.SOON)
                    .until(() -> under.figures(endless.port()).inFlight() == 1);
            await().atMost(ProxyUnderTest.SOON)
                    .until(() -> under.proxy.connections().all() == 0 && endless.connections() == 0);
            assertThat(under.figures(endless.port()).inFlight()).isZero();
        }
    }

    @Test
    void connectionsHaveABoundAndAreGoneWhenTheirClientsAre() throws Exception {
        var minutes = Duration.ofMinutes(5);
        var limits = new ProxyLimits(Duration.ofSeconds(5), 100, minutes, minutes, minutes, 1_200, 200);
        try (var patient = new ProxyUnderTest(limits, service.port())) {
            long before = sockets();
            List<RawClient> many = new ArrayList<>();
            for (int i = 0; i < 1_200; i++) {
                many.add(patient.open());
            }
            await().atMost(ProxyUnderTest.SOON)
                    .until(() -> patient.proxy.connections().all() == 1_200);
            String refused = patient.ask("");
            assertThat(refused).startsWith("HTTP/1.1 503 ").contains("Retry-After: ");
            for (RawClient client : many) {
                client.close();
            }
            await().atMost(ProxyUnderTest.SOON)
                    .until(() -> patient.proxy.connections().all() == 0);
            await().atMost(ProxyUnderTest.SOON).until(() -> sockets() <= before + 5);
        }
    }

    private static long sockets() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(HostileRequestTest::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void nothingOfThousandsOfMangledRequestsIsTakenForAnother() throws Exception {
        var limits = new ProxyLimits(
                Duration.ofSeconds(2),
                100,
                Duration.ofMillis(150),
                Duration.ofMillis(150),
                Duration.ofSeconds(5),
                500,
                50);
        try (var quick = new ProxyUnderTest(limits, service.port());
                var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            var random = new Random(20261123);
            List<Future<?>> sent = new ArrayList<>();
            for (int sender = 0; sender < 25; sender++) {
                int number = sender;
                List<String> requests = new ArrayList<>();
                for (int i = 0; i < 120; i++) {
                    requests.add(mangled(random, "/smuggled-" + number + "-" + i + "-"));
                }
                sent.add(senders.submit(() -> {
                    for (String request : requests) {
                        sendAndRead(quick.port(), request);
                    }
                    return null;
                }));
            }
            for (Future<?> each : sent) {
                each.get(180, TimeUnit.SECONDS);
            }
            assertThat(service.requests).noneMatch(seen -> seen.startsWith("GET /smuggled"));
            assertThat(service.requests.size()).isGreaterThan(100);
            // a visitor that stands still for 150 ms is refused
            await().atMost(ProxyUnderTest.SOON)
                    .until(() -> quick.ask(GET + "Connection: close\r\n\r\n").endsWith("ok"));
        }
    }

    /** A request in whose body, or behind whose end, stands another one. Mangled is what says where the body ends; it cannot get shorter by that. */
    static String mangled(Random random, String path) {
        String inner = "GET " + path + " HTTP/1.1\r\nHost: shop.localhost\r\nConnection: close\r\n\r\n";
        String lines =
                random.nextBoolean() ? "Content-Length: " + inner.length() + "\r\n" : "Transfer-Encoding: chunked\r\n";
        String chunk = lines.startsWith("C") ? "" : Integer.toHexString(inner.length()) + "\r\n";
        String last = chunk.isEmpty() ? "" : "\r\n0\r\n\r\n";
        String pieces = "\r\n\t :;,*x-+\u0000\u000b\u007f\u0080\u00a0\u00ff\"'()<>@[]{}%aA";
        var mangled = new StringBuilder(lines);
        for (int change = random.nextInt(3); change >= 0; change--) {
            int at = random.nextInt(mangled.length());
            char piece = pieces.charAt(random.nextInt(pieces.length()));
            if (random.nextBoolean()) {
                mangled.insert(at, piece);
            } else if (!Character.isDigit(mangled.charAt(at))) {
                mangled.setCharAt(at, piece);
            }
        }
        // both lines, so that a reader that does not understand the mangled one still finds the end of the body
        String other = lines.startsWith("C") ? "" : "Content-Length: " + (chunk + inner + last).length() + "\r\n";
        String sound = lines.startsWith("C") ? lines : "";
        boolean before = random.nextBoolean();
        return POST + "Connection: close\r\n" + (before ? mangled : "") + other + sound + (before ? "" : mangled)
                + "\r\n" + chunk + inner + last;
    }

    private static void sendAndRead(int port, String request) throws IOException {
        try (var client = new RawClient(port)) {
            client.send(request).rest();
        } catch (SocketException e) {
            // refused while it was still being sent
        }
    }
}
