package dev.argus.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.bus.Bus;
import dev.argus.control.ProcessCommand;
import dev.argus.service.ProbeSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Probes of real sockets; which ports the processes of the instance own is said by the test. */
class ProbeVerticleTest {
    private static final ProbeSettings SETTINGS =
            new ProbeSettings("/isalive", Duration.ofMillis(200), Duration.ofSeconds(2), 3, Duration.ofSeconds(30));
    private static final long WITHIN_SECONDS = 20;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.install(vertx);
    private final LinkedBlockingQueue<ProbeEvent> events = new LinkedBlockingQueue<>();
    private final List<ServerSocket> sockets = new ArrayList<>();
    private volatile List<Integer> owned = List.of();

    @BeforeEach
    void start() {
        bus.subscribe(event -> {
            if (event instanceof ProbeEvent told) {
                events.add(told);
            }
        });
        bus.<ProcessCommand<?>>serve(
                ProcessCommand.ADDRESS,
                command -> Future.succeededFuture(command instanceof ProcessCommand.OwnedPorts ? owned : ""));
        await(vertx.deployVerticle(new ProbeVerticle(bus)));
    }

    @AfterEach
    void stop() throws IOException {
        await(vertx.close());
        for (ServerSocket socket : sockets) {
            socket.close();
        }
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(WITHIN_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private int serve(Function<String, Integer> statusOf) {
        return await(vertx.createHttpServer()
                        .requestHandler((HttpServerRequest request) -> request.response()
                                .setStatusCode(statusOf.apply(String.valueOf(request.path())))
                                .end())
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    private int serve(Map<String, Integer> statuses, int otherwise) {
        return serve(path -> statuses.getOrDefault(path, otherwise));
    }

    /** Something that takes connections and ends each without a word. */
    private int closing() throws IOException {
        var socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        Thread.ofVirtual().start(() -> {
            try {
                while (!socket.isClosed()) {
                    socket.accept().close();
                }
            } catch (IOException e) {
                assertThat(socket.isClosed()).isTrue();
            }
        });
        return socket.getLocalPort();
    }

    private static int unused() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void watch(int port) {
        watch(port, SETTINGS);
    }

    private void watch(int port, ProbeSettings settings) {
        await(bus.request(new ProbeCommand.Watch("simple-1-abc", 1, port, settings)));
    }

    private ProbeEvent next() throws InterruptedException {
        return Objects.requireNonNull(events.poll(WITHIN_SECONDS, TimeUnit.SECONDS), "nothing was told in time");
    }

    private ProbeEvent.BecameHealthy healthy() throws InterruptedException {
        while (true) {
            if (next() instanceof ProbeEvent.BecameHealthy healthy) {
                return healthy;
            }
        }
    }

    @Test
    void ofSeveralPortsTheOneThatSpeaksHttpIsTheServices() throws Exception {
        int other = closing();
        int web = serve(Map.of("/isalive", 200), 404);
        owned = List.of(other, web);

        watch(unused());

        var healthy = healthy();
        assertThat(healthy.port()).isEqualTo(web);
        assertThat(healthy.note()).startsWith("It listens on port " + web + " and not on the port it was given");
    }

    @Test
    void aPortThatOpensLaterIsFoundThoughAnotherWasThereBefore() throws Exception {
        int other = closing();
        owned = List.of(other);
        watch(unused());
        assertThat(next()).isInstanceOf(ProbeEvent.Failing.class);

        int web = serve(Map.of("/isalive", 200), 404);
        owned = List.of(other, web);

        assertThat(healthy().port()).isEqualTo(web);
    }

    @Test
    void aServiceThatSendsStrangersToItsSignInPageIsAliveByAnotherPathOrByItsPort() throws Exception {
        int port = serve(Map.of("/healthz", 204), 302);
        owned = List.of(port);
        watch(port);
        assertThat(healthy().note()).isEqualTo("It answers 302 on /isalive, so /healthz is probed.");

        int closed = serve(Map.of(), 401);
        owned = List.of(closed);
        watch(closed);
        assertThat(healthy().note()).contains("401").endsWith("so its open port counts as alive.");
    }

    @Test
    void aUsualPathThatIsThereAndNotWellIsWaitedFor() throws Exception {
        var statuses = new ConcurrentHashMap<>(Map.of("/healthz", 503));
        int port = serve(statuses, 404);
        owned = List.of(port);
        watch(port);
        assertThat(next())
                .isInstanceOfSatisfying(
                        ProbeEvent.Failing.class,
                        failing -> assertThat(failing.reason()).endsWith("answered 503 on port " + port + "/healthz"));

        statuses.put("/healthz", 200);

        assertThat(healthy().note()).isEqualTo("It answers 404 on /isalive, so /healthz is probed.");
    }

    @Test
    void anIsaliveThatSaysItIsNotWellIsNotReplacedByAnotherPath() throws Exception {
        int port = serve(Map.of("/isalive", 500), 200);
        owned = List.of(port);

        watch(port, new ProbeSettings("/isalive", Duration.ofMillis(100), Duration.ofSeconds(2), 3, Duration.ZERO));

        ProbeEvent told = next();
        while (told instanceof ProbeEvent.Failing) {
            told = next();
        }
        assertThat(told)
                .isInstanceOfSatisfying(
                        ProbeEvent.BecameUnhealthy.class,
                        unhealthy -> assertThat(unhealthy.reason()).contains("answered 500"));
    }

    @Test
    void aServiceThatListensNowhereIsSaidToDoSo() throws Exception {
        int port = unused();

        watch(port);

        ProbeEvent told = next();
        while (!(told instanceof ProbeEvent.Failing failing && failing.reason().contains("nor on any other"))) {
            told = next();
        }
        assertThat(told).isNotNull();
    }

    /** Answers at once until it is told to hang; then it keeps every request. */
    private int hanging(AtomicBoolean hangs, Queue<HttpServerRequest> kept) {
        return await(vertx.createHttpServer()
                        .requestHandler((HttpServerRequest request) -> {
                            if (hangs.get()) {
                                kept.add(request);
                            } else {
                                request.response().end();
                            }
                        })
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    @Test
    void aHangIsConfirmedByProbesThatDoNotWaitForEachOther() throws Exception {
        var hangs = new AtomicBoolean();
        var kept = new ConcurrentLinkedQueue<HttpServerRequest>();
        int port = hanging(hangs, kept);
        owned = List.of(port);
        // so that the next regular probe comes long after the verdict
        watch(port, new ProbeSettings("/isalive", Duration.ofSeconds(2), Duration.ofSeconds(2), 3, Duration.ZERO));
        assertThat(next()).isInstanceOf(ProbeEvent.BecameHealthy.class);

        hangs.set(true);
        ProbeEvent event = next();
        while (event instanceof ProbeEvent.Failing) {
            event = next();
        }
        assertThat(event)
                .isInstanceOfSatisfying(
                        ProbeEvent.BecameUnhealthy.class,
                        unhealthy -> assertThat(unhealthy.reason())
                                .contains("did not answer within 2 s", "3 times in a row"));
        assertThat(kept).as("probes that were open together").hasSize(3);
    }

    @Test
    void aHangIsFoundAfterTheIntervalAndOneAndAThirdTimeOuts() throws Exception {
        var hangs = new AtomicBoolean();
        int port = hanging(hangs, new ConcurrentLinkedQueue<>());
        owned = List.of(port);
        watch(port, new ProbeSettings("/isalive", Duration.ofSeconds(1), Duration.ofSeconds(1), 3, Duration.ZERO));
        assertThat(next()).isInstanceOf(ProbeEvent.BecameHealthy.class);

        hangs.set(true);
        long begun = System.nanoTime();
        ProbeEvent event = next();
        while (event instanceof ProbeEvent.Failing) {
            event = next();
        }

        assertThat(event).isInstanceOf(ProbeEvent.BecameUnhealthy.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("2.3 s with quick confirmations, 4 s without")
                .isBetween(Duration.ofSeconds(1), Duration.ofMillis(3_500));
    }

    @Test
    void aProbeThatWasLateBecauseArgusItselfStoodStillSaysNothing() {
        var watch = new Watch(new ProbeCommand.Watch("simple-1-abc", 1, 80, SETTINGS), 0);

        assertThat(watch.sleptSince(0, SETTINGS.timeout().toNanos())).isFalse();
        assertThat(watch.sleptSince(0, SETTINGS.timeout().multipliedBy(2).toNanos()))
                .isFalse();
        assertThat(watch.sleptSince(0, Duration.ofSeconds(60).toNanos())).isTrue();
    }

    @Test
    void oneLateAnswerSettlesThatTheServiceIsAlive() throws Exception {
        var hangs = new AtomicBoolean();
        var kept = new ConcurrentLinkedQueue<HttpServerRequest>();
        int port = hanging(hangs, kept);
        owned = List.of(port);
        watch(port);
        assertThat(next()).isInstanceOf(ProbeEvent.BecameHealthy.class);

        hangs.set(true);
        Awaitility.await().atMost(Duration.ofSeconds(WITHIN_SECONDS)).until(() -> kept.size() >= 2);
        hangs.set(false);
        kept.forEach(request -> request.response().end());
        // long enough for the two that were late to have been counted, had they not been answered
        assertThat(events.poll(3, TimeUnit.SECONDS)).isNull();
    }
}
