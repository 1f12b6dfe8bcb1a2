package dev.argus.traffic.proxy;

import dev.argus.traffic.AddressLimit;
import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.RoutingTable.Address;
import dev.argus.traffic.RoutingTable.Route;
import dev.argus.traffic.RoutingTable.Target;
import dev.argus.traffic.TrafficSwitch.Drained;
import dev.argus.traffic.TrafficSwitch.TrafficFigures;
import dev.argus.traffic.TrafficSwitch.Visits;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The proxy on a free port in front of the service shop.localhost, and connections of visitors to it. */
final class ProxyUnderTest implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);
    static final ProxyLimits QUICK = new ProxyLimits(
            Duration.ofSeconds(5),
            100,
            Duration.ofMillis(800),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            1_200,
            200);

    final EmbeddedSwitch proxy;
    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final List<RawClient> clients = new ArrayList<>();

    ProxyUnderTest(ProxyLimits limits, int... ports) {
        proxy = new EmbeddedSwitch(vertx, "127.0.0.1", 0, limits, AddressLimit.besides(List.of()));
        on(() -> proxy.start(to(ports)));
    }

    /** The table in which instances on these ports are ready. */
    static RoutingTable to(int... ports) {
        List<Target> targets = new ArrayList<>();
        for (int port : ports) {
            targets.add(new Target("shop-1-" + port, port, true));
        }
        return new RoutingTable(
                List.of(new Route("shop", List.of(new Address("shop.localhost", "/")), targets, false)));
    }

    static String instance(int port) {
        return "shop-1-" + port;
    }

    private <T> T on(Supplier<Future<T>> action) {
        return begun(action)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private <T> Future<T> begun(Supplier<Future<T>> action) {
        Promise<T> promise = Promise.promise();
        loop.runOnContext(now -> action.get().onComplete(promise::handle));
        return promise.future();
    }

    void apply(int... ports) {
        on(() -> proxy.apply(to(ports)).mapEmpty());
    }

    Drained drain(int port, Duration atMost) {
        return on(() -> proxy.drain(Set.of(instance(port)), atMost));
    }

    Future<Drained> beginDrain(int port, Duration atMost) {
        return begun(() -> proxy.drain(Set.of(instance(port)), atMost));
    }

    TrafficFigures figures(int port) {
        return on(proxy::figures).stream()
                .filter(figures -> figures.instance().equals(instance(port)))
                .findFirst()
                .orElseThrow();
    }

    Visits visits() {
        return on(proxy::visits).getFirst();
    }

    int port() {
        return proxy.port();
    }

    RawClient open() throws IOException {
        var client = new RawClient(proxy.port());
        clients.add(client);
        return client;
    }

    /** Sends this and answers with all that comes until the proxy closes. */
    String ask(String request) throws IOException {
        try (var client = new RawClient(proxy.port())) {
            return client.send(request).rest();
        }
    }

    @Override
    public void close() {
        clients.forEach(RawClient::close);
        on(() -> proxy.close().mapEmpty());
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
