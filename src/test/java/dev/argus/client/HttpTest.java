package dev.argus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP against servers that behave well, badly and not at all. */
class HttpTest {
    /** Answers every connection with the same bytes and closes it. */
    private static final class Raw implements AutoCloseable {
        private final ServerSocket listening;
        private final AtomicInteger connections = new AtomicInteger();

        Raw(String... parts) throws IOException {
            listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> serve(parts));
        }

        private void serve(String... parts) {
            while (!listening.isClosed()) {
                try (Socket socket = listening.accept()) {
                    connections.incrementAndGet();
                    int seen = 0;
                    while (seen < 4) { // the end of the head
                        int next = socket.getInputStream().read();
                        seen = next == '\r' || next == '\n' ? seen + 1 : 0;
                    }
                    for (String part : parts) {
                        socket.getOutputStream().write(part.getBytes(StandardCharsets.UTF_8));
                        socket.getOutputStream().flush();
                    }
                } catch (IOException e) {
                    if (!listening.isClosed()) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        }

        Api api() {
            return new Api(Server.of("raw", "http://127.0.0.1:" + listening.getLocalPort()), null, warning -> {});
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }

    @Test
    void chunksAreJoinedWhereverTheyAreCut() throws Exception {
        String[] bytes =
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\n{\"a\"\r\n6\r\n:\"é\"}\r\n0\r\n\r\n"
                        .split("");
        try (Raw raw = new Raw(bytes)) {
            assertThat(raw.api().get("/x")).isEqualTo("{\"a\":\"é\"}");
        }
    }

    @Test
    void whatTheServerSaysOfItselfIsHandedOn() throws Exception {
        List<String> warnings = new ArrayList<>();
        try (Raw raw = new Raw("HTTP/1.1 200 OK\r\nargus-warning: read-only\r\nContent-Length: 2\r\n\r\n[]")) {
            Api silent = raw.api();
            assertThat(new Api(silent.server(), null, warnings::add).get("/x")).isEqualTo("[]");
        }
        assertThat(warnings).containsExactly("read-only");
    }

    @Test
    void aBodyOfUnknownLengthEndsWithTheConnection() throws Exception {
        try (Raw raw = new Raw("HTTP/1.0 200 OK\r\n\r\n[1,", "2]")) {
            assertThat(raw.api().get("/x")).isEqualTo("[1,2]");
        }
    }

    @Test
    void interimAnswersArePassedOver() throws Exception {
        try (Raw raw = new Raw("HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")) {
            assertThat(raw.api().get("/x")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1",
                "220 mail.example.org ESMTP\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void whatBreaksOffOrIsNoHttpIsAServerThatIsNotReachable(String bytes) throws Exception {
        try (Raw raw = new Raw(bytes)) {
            Api api = raw.api();
            Unreachable failure = catchThrowableOfType(Unreachable.class, () -> api.get("/x"));
            assertThat(failure.status()).isEqualTo(ExitStatus.UNREACHABLE);
            assertThat(failure.sentence()).contains(api.server().url());
        }
    }

    @Test
    void anOrderWhoseAnswerIsLostIsNotSentAgainAndTheDoubtIsTold() throws Exception {
        for (String method : new String[] {"POST", "PUT", "PATCH", "DELETE"}) {
            try (Raw raw = new Raw("")) {
                Api api = raw.api();
                Unreachable failure =
                        catchThrowableOfType(Unreachable.class, () -> api.order(method, "/x", Map.of("a", 1)));
                assertThat(failure.sentence()).contains("whether it did what was asked is not known");
                assertThat(raw.connections).hasValue(1);
            }
        }
    }

    @Test
    void aRedirectIsNotFollowedWithTheToken() throws Exception {
        try (FakeArgus other = new FakeArgus();
                Raw raw =
                        new Raw("HTTP/1.1 302 Found\r\nLocation: " + other.url() + "/\r\nContent-Length: 0\r\n\r\n")) {
            Api api = raw.api();
            Refused failure = catchThrowableOfType(Refused.class, () -> api.get("/x"));
            assertThat(failure.sentence()).endsWith(" answered 302: is it the address of an Argus?");
            assertThat(other.asked()).isEmpty();
        }
    }

    @Test
    void aServerThatTricklesItsAnswerDoesNotGetMoreTime() throws Exception {
        try (FakeArgus argus = new FakeArgus()) {
            argus.on("GET /x", exchange -> {
                exchange.sendResponseHeaders(200, 1000);
                try {
                    for (int i = 0; i < 1000; i++) {
                        exchange.getResponseBody().write(' ');
                        exchange.getResponseBody().flush();
                        Thread.sleep(100); // that is how it trickles
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Api api = new Api(Server.of("slow", argus.url()), null, warning -> {});
            long begun = System.nanoTime();
            Unreachable failure = catchThrowableOfType(Unreachable.class, () -> api.get("/x", 1));
            assertThat(failure.reason()).isEqualTo("nothing came within 1 s");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void everySegmentOfAPathIsEncoded() {
        assertThat(Api.service("a/b ?é")).isEqualTo("/services/a%2Fb%20%3F%C3%A9");
        assertThat(catchThrowableOfType(ClientFailure.class, () -> Api.service(".."))
                        .status())
                .isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void aServerIsReachedByTheNameOfItsHostAndBelowAPath() {
        try (FakeArgus argus = new FakeArgus()) {
            argus.on("GET (outside)/behind/api/v1/services", "[]");
            Server server = Server.of("x", argus.url().replace("127.0.0.1", "localhost") + "/behind/");
            assertThat(new Api(server, null, warning -> {}).get("/services")).isEqualTo("[]");
        }
    }
}
