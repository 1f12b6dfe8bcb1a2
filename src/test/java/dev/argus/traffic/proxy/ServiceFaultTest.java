package dev.argus.traffic.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.traffic.TrafficSwitch.Drained;
import dev.argus.traffic.TrafficSwitch.Visits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What services answer that is not as it should be, and what becomes of requests when they die. */
@SuppressWarnings("StringConcatToTextBlock") // as they go over the wire, line ends and all
class ServiceFaultTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n";
    private static final String LAST = "GET / HTTP/1.1\r\nHost: shop.localhost\r\nConnection: close\r\n\r\n";
    private static final String POST =
            "POST / HTTP/1.1\r\nHost: shop.localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab";

    private final ProxyUnderTest under = new ProxyUnderTest(ProxyUnderTest.QUICK);

    @AfterEach
    void stop() {
        under.close();
    }

    private RawService answering(String answer) throws IOException {
        RawService service = RawService.answering(answer);
        under.apply(service.port());
        return service;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/2 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 2x0 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 099 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1200 OK\r\nContent-Length: 2\r\n\r\nok",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n folded\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nX : y\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
            })
    void anAnswerThatIsNotHttpIsA502(String answer) throws IOException {
        try (RawService service = answering(answer)) {
            assertThat(under.ask(LAST)).startsWith("HTTP/1.1 502 ").containsOnlyOnce("HTTP/1.1");
            await().atMost(ProxyUnderTest.SOON).until(() -> service.connections() == 0);
            assertThat(under.figures(service.port()).failed()).isEqualTo(1);
            assertThat(under.visits()).isEqualTo(new Visits("shop", 1, 1));
        }
    }

    @Test
    void visitsThatTheProxyAnswersItselfCountAsFailuresOfTheService() throws IOException {
        under.apply();
        assertThat(under.ask(LAST)).startsWith("HTTP/1.1 503 ");
        try (RawService service = answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
            assertThat(under.ask(LAST)).startsWith("HTTP/1.1 200 ");
            assertThat(under.ask(LAST)).startsWith("HTTP/1.1 200 ");
            assertThat(service.requests).hasSize(2);
        }
        assertThat(under.ask(LAST.replace("shop", "nobody"))).startsWith("HTTP/1.1 404 ");

        assertThat(under.visits()).isEqualTo(new Visits("shop", 3, 1));
    }

    @Test
    void aHeadThatIsTooLongIsA502() throws IOException {
        try (RawService service =
                answering("HTTP/1.1 200 OK\r\nX: " + "a".repeat(70_000) + "\r\nContent-Length: 2\r\n\r\nok")) {
            assertThat(under.ask(LAST)).startsWith("HTTP/1.1 502 ");
            assertThat(service.requests).hasSize(1);
        }
    }

    @Test
    void whatComesBehindAnAnswerIsNotTakenForTheNext() throws IOException {
        String ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        try (RawService service = answering(ok + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged")) {
            RawClient client = under.open();
            for (int i = 0; i < 5; i++) {
                assertThat(client.send(GET).answer()).endsWith("ok");
            }
            assertThat(service.requests).hasSize(5);
        }
    }

    @Test
    void whatAServiceSaysUnaskedEndsItsConnection() throws Exception {
        var may = new CountDownLatch(1);
        try (var service = new RawService(connection -> {
            connection.request();
            connection.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            try {
                may.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            connection.say("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
            connection.request();
        })) {
            under.apply(service.port());
            RawClient client = under.open();
            assertThat(client.send(GET).answer()).endsWith("ok");
            may.countDown();
            await().atMost(ProxyUnderTest.SOON).until(() -> service.connections() == 0);
            assertThat(client.send(GET).answer()).endsWith("ok");
        }
    }

    @Test
    void answersWithoutABodyEndWithTheirHead() throws IOException {
        RawClient client = under.open();
        try (RawService service = answering("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: e\r\n\r\n")) {
            assertThat(client.send(GET).until("\r\n\r\n"))
                    .startsWith("HTTP/1.1 304 ")
                    .contains("Content-Length: 5\r\n");
            assertThat(service.connections()).isEqualTo(1);
        }
        try (RawService service = answering("HTTP/1.1 204 No Content\r\n\r\n")) {
            assertThat(client.send(GET).until("\r\n\r\n")).startsWith("HTTP/1.1 204 ");
            assertThat(client.send(GET).until("\r\n\r\n")).startsWith("HTTP/1.1 204 ");
            assertThat(service.connections()).isEqualTo(1);
        }
        try (RawService service = answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")) {
            String head = "HEAD / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n";
            assertThat(client.send(head).until("\r\n\r\n")).contains("Content-Length: 5\r\n");
            assertThat(client.send(head).until("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
            assertThat(service.requests).hasSize(2);
        }
        assertThat(client.send("HEAD / HTTP/1.1\r\nHost: nobody.localhost\r\n\r\n")
                        .until("\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ");
        assertThat(client.send("GET / HTTP/1.1\r\nHost: nobody.localhost\r\n\r\n")
                        .answer())
                .startsWith("HTTP/1.1 404 ");
    }

    @Test
    void interimAnswersArePassedOverAndAReasonIsNotNeeded() throws IOException {
        try (RawService service = answering("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
                + "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok")) {
            assertThat(under.ask(LAST)).startsWith("HTTP/1.1 200 \r\n").endsWith("ok");
            assertThat(service.requests).hasSize(1);
        }
    }

    @Test
    void anAnswerWithoutALengthIsWholeWhenTheServiceClosesAndBrokenWhenItFails() throws IOException {
        var breaks = new AtomicInteger();
        try (var service = new RawService(connection -> {
            connection.request();
            connection.say("HTTP/1.1 200 OK\r\nX: y\r\n\r\nhello");
            connection.say(" world");
            if (breaks.get() > 0) {
                connection.reset();
            }
        })) {
            under.apply(service.port());
            RawClient client = under.open();
            String whole = client.send(GET).until("0\r\n\r\n");
            assertThat(whole).contains("Transfer-Encoding: chunked\r\n", "hello", " world");
            assertThat(client.send("GET / HTTP/1.0\r\nHost: shop.localhost\r\n\r\n")
                            .rest())
                    .endsWith("\r\n\r\nhello world")
                    .doesNotContain("chunked");
            breaks.incrementAndGet();
            assertThat(under.ask(GET)).doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void anAnswerThatBreaksOffBreaksOffForTheClientToo() throws IOException {
        try (var service = new RawService(connection -> {
            connection.request();
            connection.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
        })) {
            under.apply(service.port());
            assertThat(under.ask(GET)).endsWith("only this");
            assertThat(under.figures(service.port()).failed()).isEqualTo(1);
            assertThat(under.figures(service.port()).inFlight()).isZero();
        }
        try (RawService service =
                answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n")) {
            assertThat(under.ask(GET)).doesNotContain("0\r\n\r\n");
            assertThat(service.requests).hasSize(1);
        }
    }

    @Test
    void anAnswerBeforeTheBodyWasReadReachesTheClientAndTheConnectionEnds() throws IOException {
        try (var service = new RawService(connection -> {
            connection.until("\r\n\r\n");
            connection.say("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
        })) {
            under.apply(service.port());
            RawClient client = under.open();
            client.send(
                    "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 50000000\r\n\r\n" + "a".repeat(20_000));
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 413 ")
                    .contains("Connection: close")
                    .endsWith("big");
        }
    }

    @Test
    void whoExpectsToBeToldToGoOnIsTold() throws IOException {
        try (RawService service = RawService.echoing("e")) {
            under.apply(service.port());
            RawClient client = under.open();
            client.send("POST / HTTP/1.1\r\nHost: shop.localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertThat(client.until("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.send("ab").answer()).endsWith("ab");
            assertThat(service.requests).noneMatch(request -> request.contains("Expect"));
        }
    }

    // instances that die

    @Test
    void aRestartOfTheOnlyInstanceIsNotSeenByWhoseConnectionsWereKept() throws Exception {
        RawService service = RawService.echoing("first");
        int port = service.port();
        under.apply(port);
        RawClient[] clients = new RawClient[20];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = under.open();
            assertThat(clients[i].send(GET).answer()).contains("first");
        }
        service.close();
        for (int i = 0; i < clients.length; i++) {
            clients[i].send(
                    i % 2 == 0 ? GET : "POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 2\r\n\r\nab");
        }
        await().atMost(ProxyUnderTest.SOON).until(() -> under.proxy.waiting("shop") == clients.length);
        try (RawService again = RawService.echoing("second", port)) {
            for (RawClient client : clients) {
                assertThat(client.answer()).startsWith("HTTP/1.1 200 ").contains("second");
            }
            assertThat(again.requests).hasSize(clients.length);
        }
    }

    @Test
    void aRequestThatMayBeSentTwiceIsSentToAnotherInstanceWithItsBody() throws IOException {
        try (var dying = new RawService(connection -> {
                    connection.request();
                    connection.reset();
                });
                RawService other = RawService.echoing("other")) {
            under.apply(dying.port(), other.port());
            for (int i = 0; i < 6; i++) {
                assertThat(
                                under.ask(
                                        "PUT / HTTP/1.1\r\nHost: shop.localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab"))
                        .startsWith("HTTP/1.1 200 ")
                        .endsWith("other PUT / HTTP/1.1 ab");
            }
            assertThat(dying.requests).isNotEmpty();
        }
    }

    @Test
    void whatEndsEveryInstanceIsNotSentForEver() throws IOException {
        var asked = new AtomicInteger();
        try (var dying = new RawService(connection -> {
            connection.request();
            asked.incrementAndGet();
        })) {
            under.apply(dying.port());
            assertThat(under.ask(LAST)).startsWith("HTTP/1.1 502 ");
            assertThat(asked).hasValue(3);
            assertThat(under.ask(POST)).startsWith("HTTP/1.1 502 ");
            assertThat(asked).hasValue(4);
        }
    }

    @Test
    void aClientThatLeavesEndsItsRequestAndOneThatWaitsIsForgotten() throws Exception {
        var left = new CountDownLatch(1);
        try (var silent = new RawService(connection -> {
            connection.request();
            connection.request();
            left.countDown();
        })) {
            under.apply(silent.port());
            RawClient client = under.open().send(GET);
            await().atMost(ProxyUnderTest.SOON).until(() -> silent.requests.size() == 1);
            client.close();
            assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(under.figures(silent.port()).inFlight()).isZero();
            assertThat(under.figures(silent.port()).failed()).isZero();
        }
        under.apply();
        RawClient waiting = under.open().send(POST);
        await().atMost(ProxyUnderTest.SOON).until(() -> under.proxy.waiting("shop") == 1);
        waiting.close();
        await().atMost(ProxyUnderTest.SOON).until(() -> under.proxy.waiting("shop") == 0);
    }

    @Test
    void anEventStreamEndsInOrderWhenTheDrainIsOverAndOtherAnswersBreakOff() throws Exception {
        for (String type : new String[] {"text/event-stream", "application/octet-stream"}) {
            try (var service = new RawService(connection -> {
                connection.request();
                connection.say("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "8\r\ndata: 1\n\r\n");
                connection.request();
            })) {
                under.apply(service.port());
                RawClient client = under.open().send(GET);
                assertThat(client.until("data: 1\n\r\n")).contains(type);
                under.apply();
                assertThat(under.drain(service.port(), Duration.ofMillis(100))).isEqualTo(new Drained(1));
                assertThat(client.rest()).isEqualTo(type.startsWith("text") ? "0\r\n\r\n" : "");
                await().atMost(ProxyUnderTest.SOON).until(() -> service.connections() == 0);
            }
        }
    }
}
