package dev.argus.traffic.proxy;

import static dev.argus.traffic.proxy.HostileRequestTest.GET;
import static dev.argus.traffic.proxy.HostileRequestTest.OK;
import static dev.argus.traffic.proxy.HostileRequestTest.POST;
import static dev.argus.traffic.proxy.HostileRequestTest.SMUGGLED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.traffic.AddressLimit;
import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.RoutingTable.Address;
import dev.argus.traffic.RoutingTable.Route;
import dev.argus.traffic.RoutingTable.Target;
import dev.argus.traffic.haproxy.HaproxySettings;
import dev.argus.traffic.haproxy.HaproxySwitch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What attackers send, through the real HAProxy. It puts in order some of what the embedded proxy refuses; what counts is that the service sees no
 * request that HAProxy has not seen as one: each has the line about the visitor, and has it once.
 */
@SuppressWarnings({"StringConcatToTextBlock", "NullAway.Init"}) // as they go over the wire, line ends and all
class HostileRequestBehindHaproxyTest {
    @TempDir
    static Path directory;

    private static Vertx vertx;
    private static RawService service;
    private static HaproxySwitch traffic;

    @BeforeAll
    static void begin() throws Exception {
        vertx = Vertx.vertx();
        service = RawService.answering(OK);
        traffic = new HaproxySwitch(
                vertx, HaproxySettings.on("127.0.0.1", 0, AddressLimit.besides(List.of())), directory);
        done(traffic.start(to(service)));
    }

    @AfterAll
    static void end() throws Exception {
        done(traffic.close());
        HaproxySwitch.end(directory);
        service.close();
        done(vertx.close());
    }

    @AfterEach
    void forget() {
        service.requests.clear();
    }

    private static RoutingTable to(RawService which) {
        return new RoutingTable(List.of(new Route(
                "shop",
                List.of(new Address("shop.localhost", "/")),
                List.of(new Target("shop-" + which.port(), which.port(), true)),
                false)));
    }

    private static void done(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static String ask(String request) throws IOException {
        try (var client = new RawClient(traffic.port())) {
            client.send(request).halfClose();
            return client.rest();
        } catch (SocketException e) {
            // refused while it was still being sent
            return "";
        }
    }

    private static void nothingUnseenCame() {
        assertThat(service.requests)
                .allSatisfy(request -> assertThat(request.toLowerCase(Locale.ROOT))
                        .containsOnlyOnce("x-forwarded-for: 127.0.0.1\r\n"));
    }

    @ParameterizedTest
    @MethodSource("dev.argus.traffic.proxy.HostileRequestTest#ambiguousRequests")
    void ofARequestThatCanBeUnderstoodInTwoWaysTheServiceSeesNothingThatHaproxyDidNot(String request)
            throws IOException {
        ask(request);
        nothingUnseenCame();
    }

    @ParameterizedTest
    @MethodSource("dev.argus.traffic.proxy.HostileRequestTest#ambiguousChunks")
    void chunksThatCanBeReadInTwoWaysHideNoRequest(String chunks) throws IOException {
        ask(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks + SMUGGLED);
        nothingUnseenCame();
    }

    @Test
    void nothingOfAThousandMangledRequestsIsTakenForAnother() throws IOException {
        var random = new Random(20261123);
        for (int i = 0; i < 1_000; i++) {
            ask(HostileRequestTest.mangled(random, "/smuggled-" + i + "-"));
        }
        nothingUnseenCame();
        assertThat(service.requests).hasSizeGreaterThan(50);
    }

    @Test
    void whatOnlyTheProxyMaySayIsReplacedInWhateverSpelling() throws IOException {
        ask(GET + "X-Forwarded-For: 6.6.6.6\r\nx_forwarded_for: 6.6.6.6\r\nX-Forwarded-Port: 666\r\n"
                + "X-FORWARDED-PREFIX: /666\r\nX-Real-IP: 6.6.6.6\r\nX-Real_IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n"
                + "X-Client-IP: 6.6.6.6\r\nX-Argus-User: u666\r\nX_Argus_User: u666\r\nProxy: http://6.6.6.6\r\n"
                + "Content_Length: 666\r\nTransfer_Encoding: x666\r\nHTTP2-Settings: AAMAAAB666\r\n"
                + "Connection: close, X-Named, Upgrade\r\nX-Named: n666\r\nUpgrade: h2c\r\nTE: t666\r\n"
                + "Proxy-Connection: keep-alive666\r\nKeep-Alive: timeout=666\r\nProxy-Authorization: Basic 666\r\n"
                + "Trailer: X-666\r\nX-Forward: kept\r\nX_Own: kept too\r\n\r\n");
        assertThat(service.requests.remove().toLowerCase(Locale.ROOT))
                .doesNotContain("666", "6.6.6.6", "upgrade: ")
                .contains("x-forward: kept\r\n", "x_own: kept too\r\n")
                .containsOnlyOnce("x-forwarded-for: 127.0.0.1\r\n")
                .containsOnlyOnce("x-real-ip: 127.0.0.1\r\n");
    }

    @Test
    void hopByHopHeadersOfAnswersStayBehindAndSoDoesASecondLength() throws Exception {
        try (var talkative =
                RawService.answering("HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Inner\r\nX-Inner: inner\r\n"
                        + "Keep-Alive: timeout=9\r\nProxy-Authenticate: Basic\r\nTE: x\r\nTrailer: X-T\r\nUpgrade: h2c\r\n"
                        + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\nX-Outer: outer\r\n\r\n"
                        + "2\r\nok\r\n0\r\n\r\n")) {
            done(traffic.apply(to(talkative)));
            assertThat(ask(GET + "Connection: close\r\n\r\n").toLowerCase(Locale.ROOT))
                    .contains("x-outer: outer\r\n", "transfer-encoding: chunked\r\n", "2\r\nok\r\n0\r\n\r\n")
                    .doesNotContain("inner", "timeout=9", "basic", "te:", "x-t", "h2c", "content-length");
        } finally {
            done(traffic.apply(to(service)));
        }
    }

    @Test
    void headsThatAreTooLongOrManyAreRefused() throws IOException {
        assertThat(ask(GET + "X: " + "a".repeat(40_000) + "\r\n\r\n")).doesNotContain("HTTP/1.1 200");
        assertThat(ask(GET + "X: a\r\n".repeat(200) + "\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(ask("GET /" + "a".repeat(40_000) + " HTTP/1.1\r\nHost: shop.localhost\r\n\r\n"))
                .doesNotContain("HTTP/1.1 200");
        assertThat(service.requests).isEmpty();
    }

    @Test
    void noWordOfARequestIsInThePageThatRefusesIt() throws IOException {
        String evil = "<script>alert(1)</script>";
        assertThat(ask("GET /" + evil + " HTTP/1.1\r\nHost: nobody.localhost\r\nX: " + evil + "\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ")
                .contains("text/html")
                .doesNotContain("alert", "nobody");
    }

    @Test
    void whoTricklesItsHeadHoldsUpNobodyElse() throws IOException {
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                slow.add(new RawClient(traffic.port()).send("GET / HTTP/1.1\r\nX: "));
            }
            slow.getFirst().send("a");
            assertThat(ask(GET + "\r\n")).endsWith("ok");
            for (RawClient client : slow) {
                client.send("a");
            }
            assertThat(slow.getFirst().until("\r\n\r\n"))
                    .as("whatever it goes on sending")
                    .startsWith("HTTP/1.1 408 ");
        } finally {
            slow.forEach(RawClient::close);
        }
    }
}
