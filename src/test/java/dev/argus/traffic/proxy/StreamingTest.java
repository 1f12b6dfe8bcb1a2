package dev.argus.traffic.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is long, slow or of another protocol goes through as it comes. */
@SuppressWarnings("StringConcatToTextBlock") // as it goes over the wire, line ends and all
class StreamingTest {
    private static final long LARGE = 200L << 20;
    private static final int PART = 1 << 16;
    private static final String UPGRADE =
            "GET /live HTTP/1.1\r\nHost: shop.localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: ";

    private final ProxyUnderTest under = new ProxyUnderTest(ProxyLimits.DEFAULT);

    @AfterEach
    void stop() {
        under.close();
    }

    @Test
    void twoHundredMegabytesGoBothWaysThroughLittleMemory() throws Exception {
        // sends everything back, and is slow at first
        try (var service = new RawService(connection -> {
            connection.until("\r\n\r\n");
            connection.say("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
            byte[] part = new byte[PART];
            for (int read = connection.in().read(part);
                    read >= 0;
                    read = connection.in().read(part)) {
                connection.out().write(part, 0, read);
            }
        })) {
            under.apply(service.port());
            RawClient client = under.open();
            var failures = new ConcurrentLinkedQueue<IOException>();
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    client.send("POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: " + LARGE + "\r\n\r\n");
                    for (long at = 0; at < LARGE; at += PART) {
                        client.send(part(at));
                    }
                } catch (IOException e) {
                    failures.add(e);
                }
            });
            client.until("\r\n\r\n");
            // nobody reads now: both directions come to a stand, and what is on its way is what the proxy keeps
            var seen = new AtomicLong(-1);
            await().pollInterval(Duration.ofMillis(200))
                    .atMost(ProxyUnderTest.SOON)
                    .until(() -> seen.getAndSet(under.proxy.bufferMemory()) == under.proxy.bufferMemory());
            long most = under.proxy.bufferMemory();
            InputStream in = client.in();
            for (long at = 0; at < LARGE; at += PART) {
                assertThat(in.readNBytes(PART)).as("at %s", at).isEqualTo(part(at));
                most = Math.max(most, under.proxy.bufferMemory());
            }
            writer.join();
            assertThat(failures).isEmpty();
            assertThat(most).isLessThan(16L << 20);
        }
    }

    private static byte[] part(long at) {
        var part = new byte[PART];
        Arrays.fill(part, (byte) (at / PART * 31));
        return part;
    }

    @Test
    void anEventIsSeenWhenItHappensAndTheHeadBeforeIt() throws Exception {
        Queue<RawService.Connection> connections = new ConcurrentLinkedQueue<>();
        try (var service = new RawService(connection -> {
            connection.request();
            connections.add(connection);
            connection.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            connection.request();
        })) {
            under.apply(service.port());
            RawClient client = under.open().send("GET /events HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
            assertThat(client.until("\r\n\r\n")).contains("text/event-stream");
            for (int i = 0; i < 5; i++) {
                connections.element().say("9\r\ndata: " + i + "\n\n\r\n");
                assertThat(client.until("\n\n\r\n")).isEqualTo("9\r\ndata: " + i + "\n\n\r\n");
            }
        }
    }

    @Test
    void aBodyThatComesSlowlyIsHandedOnAsItComes() throws Exception {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        try (var service = new RawService(connection -> {
            connection.until("\r\n\r\n");
            for (int i = 0; i < 3; i++) {
                seen.add(connection.until("\r\n") + connection.until("\r\n"));
            }
            connection.until("0\r\n\r\n");
            connection.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        })) {
            under.apply(service.port());
            RawClient client =
                    under.open().send("POST / HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 3; i++) {
                String chunk = "2\r\nb" + i + "\r\n";
                client.send(chunk);
                await().atMost(ProxyUnderTest.SOON).until(() -> seen.contains(chunk));
            }
            assertThat(client.send("0\r\n\r\n").answer()).endsWith("ok");
        }
    }

    @Test
    void anyProtocolThatAServiceSwitchesToGoesThroughUntilBothSidesHaveEnded() throws Exception {
        try (var service = new RawService(connection -> {
            connection.request();
            connection.say(
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\nX: y\r\n\r\nhello ");
            String said = connection.until("\n");
            connection.say("you said " + said);
            // until the client has ended its side
            connection.say("and " + connection.until("never"));
        })) {
            under.apply(service.port());
            RawClient client = under.open().send(UPGRADE + "chat\r\n\r\nahead\n");
            assertThat(client.until("ahead\n"))
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\nX: y\r\n")
                    .contains("Connection: Upgrade\r\nUpgrade: chat\r\n")
                    .endsWith("\r\n\r\nhello you said ahead\n");
            client.send("the rest").halfClose();
            assertThat(client.rest()).isEqualTo("and the rest");
            assertThat(service.requests.remove()).contains("Connection: Upgrade\r\nUpgrade: chat\r\n");
            await().atMost(ProxyUnderTest.SOON)
                    .until(() -> under.figures(service.port()).inFlight() == 0);
        }
    }

    @Test
    void aServiceThatDoesNotWantToSwitchAnswersAsEver() throws IOException {
        try (RawService service =
                RawService.answering("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno")) {
            under.apply(service.port());
            RawClient client = under.open();
            assertThat(client.send(UPGRADE + "websocket\r\n\r\n").answer()).endsWith("no");
            assertThat(client.send("GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n")
                            .answer())
                    .endsWith("no");
            // which would be a way past the proxy
            client.send(UPGRADE + "h2c\r\n\r\n").answer();
            assertThat(service.requests)
                    .hasSize(3)
                    .filteredOn(request -> request.contains("Upgrade"))
                    .hasSize(1);
        }
    }

    @Test
    void aTunnelThatIsNoWebSocketIsClosedWhenItsInstanceIsDrained() throws Exception {
        try (var service = new RawService(connection -> {
            connection.request();
            connection.say("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\nhello");
            connection.request();
        })) {
            under.apply(service.port());
            RawClient client = under.open().send(UPGRADE + "chat\r\n\r\n");
            assertThat(client.until("hello")).endsWith("hello");
            under.apply();
            assertThat(under.drain(service.port(), ProxyUnderTest.SOON).cut()).isZero();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aWebSocketWhoseClientSaysNothingBackIsClosedAllTheSame() throws Exception {
        try (var service = new RawService(connection -> {
            connection.request();
            connection.say("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                    + "\u0081\u0005he");
            connection.in().read();
            connection.say("llo");
            connection.request();
        })) {
            under.apply(service.port());
            RawClient client = under.open().send(UPGRADE + "websocket\r\n\r\n");
            client.until("\r\n\r\n");
            under.apply();
            var drained = under.beginDrain(service.port(), ProxyUnderTest.SOON);
            // in the middle of a frame there is no place for another
            client.send("x");
            assertThat(client.rest()).isEqualTo("\u0081\u0005hello\u0088\u0002\u0003\u00e9");
            await().atMost(ProxyUnderTest.SOON).until(drained::isComplete);
            assertThat(drained.result().cut()).isZero();
        }
    }
}
