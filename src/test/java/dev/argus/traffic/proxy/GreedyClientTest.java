package dev.argus.traffic.proxy;

import static dev.argus.traffic.proxy.HostileRequestTest.GET;
import static dev.argus.traffic.proxy.HostileRequestTest.OK;
import static dev.argus.traffic.proxy.HostileRequestTest.POST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.config.AddressRange;
import dev.argus.traffic.AddressLimit;
import dev.argus.traffic.TrafficSwitch;
import dev.argus.traffic.haproxy.HaproxySettings;
import dev.argus.traffic.haproxy.HaproxySwitch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that take more than their share: connections, or time. In front of either proxy. */
@SuppressWarnings("StringConcatToTextBlock") // as they go over the wire, line ends and all
class GreedyClientTest {
    private static final int MOST = 6;
    private static final AddressLimit OF_EVERYBODY = new AddressLimit(MOST, List.of());

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final RawService service;
    private final List<RawClient> clients = new ArrayList<>();
    private Optional<TrafficSwitch> traffic = Optional.empty();

    GreedyClientTest() throws IOException {
        service = RawService.answering(OK);
    }

    @AfterEach
    void end() {
        clients.forEach(RawClient::close);
        traffic.ifPresent(begun -> on(begun::close));
        HaproxySwitch.end(directory);
        service.close();
        done(vertx.close());
    }

    private void begin(String kind, AddressLimit byAddress, int port) {
        TrafficSwitch made = kind.equals("embedded")
                ? new EmbeddedSwitch(vertx, "127.0.0.1", 0, ProxyUnderTest.QUICK, byAddress)
                : new HaproxySwitch(
                        vertx,
                        new HaproxySettings(
                                "127.0.0.1",
                                0,
                                Duration.ofSeconds(5),
                                100,
                                ProxyUnderTest.QUICK.idle(),
                                byAddress,
                                Optional.empty()),
                        directory);
        traffic = Optional.of(made);
        on(() -> made.start(ProxyUnderTest.to(port)));
    }

    private void on(Supplier<Future<?>> action) {
        Promise<Object> promise = Promise.promise();
        loop.runOnContext(now -> action.get().onComplete(ended -> {
            if (ended.succeeded()) {
                promise.complete();
            } else {
                promise.fail(ended.cause());
            }
        }));
        done(promise.future());
    }

    private static void done(Future<?> future) {
        future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(ProxyUnderTest.SOON.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private RawClient open() throws IOException {
        var client = new RawClient(traffic.orElseThrow().port());
        clients.add(client);
        return client;
    }

    /** Asks on a connection that is kept open for more. */
    private String ask(RawClient client) throws IOException {
        try {
            return client.send(GET + "\r\n").answer();
        } catch (SocketException closed) {
            return "";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "haproxy"})
    void oneAddressHasNoMoreThanItsShareOfTheConnections(String kind) throws Exception {
        begin(kind, OF_EVERYBODY, service.port());
        for (int i = 0; i < MOST; i++) {
            assertThat(ask(open())).endsWith("ok");
        }

        assertThat(ask(open())).doesNotContain("HTTP/1.1 200");
        assertThat(ask(clients.getFirst())).as("who was there before").endsWith("ok");

        clients.getFirst().close();
        await().atMost(ProxyUnderTest.SOON).until(() -> ask(open()).endsWith("ok"));
        assertThat(service.requests).hasSize(MOST + 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "haproxy"})
    void aProxyThatManyVisitorsComeThroughHasAsManyConnectionsAsItNeeds(String kind) throws Exception {
        List<AddressRange> proxies = List.of(
                AddressRange.parse("::1").orElseThrow(),
                AddressRange.parse("127.0.0.0/8").orElseThrow());
        begin(kind, new AddressLimit(MOST, proxies), service.port());
        for (int i = 0; i < 3 * MOST; i++) {
            assertThat(ask(open())).endsWith("ok");
        }
    }

    @Test
    void whatIsRefusedIsNotCountedAndAnAddressIsForgottenWhenItHasGone() throws Exception {
        begin("embedded", OF_EVERYBODY, service.port());
        OpenClients counted = ((EmbeddedSwitch) traffic.orElseThrow()).connections();
        for (int i = 0; i < MOST; i++) {
            assertThat(ask(open())).endsWith("ok");
        }
        for (int i = 0; i < 3 * MOST; i++) {
            assertThat(open().rest()).isEmpty();
        }
        assertThat(counted.all()).isEqualTo(MOST);
        assertThat(counted.addresses()).isOne();

        clients.forEach(RawClient::close);
        await().atMost(ProxyUnderTest.SOON).until(() -> counted.all() == 0 && counted.addresses() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "haproxy"})
    void aBodyThatStopsComingAndAnAnswerThatIsNotReadEndWithTheirConnection(String kind) throws Exception {
        try (var endless = new RawService(connection -> {
            connection.request();
            connection.say("HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n");
            byte[] part = new byte[1 << 16];
            while (true) {
                connection.out().write(part);
            }
        })) {
            begin(kind, OF_EVERYBODY, endless.port());
            assertThat(open().send(POST + "Content-Length: 10\r\n\r\nabc").rest())
                    .doesNotContain("HTTP/1.1 200");

            RawClient lazy = open().send(GET + "\r\n");
            await().atMost(ProxyUnderTest.SOON).until(() -> endless.connections() > 0);
            await().atMost(ProxyUnderTest.SOON).until(() -> endless.connections() == 0);
            assertThat(lazy.in().readAllBytes()).hasSizeLessThan(900_000_000);
        }
    }
}
