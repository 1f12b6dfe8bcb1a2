package dev.argus.traffic.proxy;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.RoutingTable.Route;
import dev.argus.traffic.RoutingTable.Target;
import dev.argus.traffic.TrafficSwitch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A reverse proxy in the process of Argus. To be used on the event loop that has started it. */
public final class EmbeddedSwitch implements TrafficSwitch {
    static final String LOOPBACK = "127.0.0.1";
    private static final int MAX_LINE = 8 * 1024;
    private static final int MAX_HEADERS = 32 * 1024;
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final String address;
    private final int port;
    private final ProxyLimits limits;
    private @Nullable HttpServer server;
    private final HttpClient client;
    private final Map<String, Backend> backends = new HashMap<>();
    private final HoldingLine held;
    private final List<Drain> drains = new ArrayList<>();
    private final Map<HttpConnection, Long> awaited = new HashMap<>();
    private Routes routes = new Routes(RoutingTable.EMPTY);
    private int connections;
    private int nextChoice;

    /** A wait for instances to have nothing under way. */
    private record Drain(Set<Backend> backends, Promise<Drained> promise) {}

    /** A proxy that will listen on {@code port} (0 for a free one) of {@code address}. */
    public EmbeddedSwitch(Vertx vertx, String address, int port) {
        this(vertx, address, port, ProxyLimits.DEFAULT);
    }

    EmbeddedSwitch(Vertx vertx, String address, int port, ProxyLimits limits) {
        this.vertx = vertx;
        this.address = address;
        this.port = port;
        this.limits = limits;
        this.held = new HoldingLine(limits.mostHeld());
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setDecompressionSupported(false)
                        .setTcpNoDelay(true)
                        .setMaxHeaderSize(MAX_HEADERS)
                        // shorter than what servers usually grant, so that a kept connection is seldom one that just
                        // ends
                        .setKeepAliveTimeout(3),
                new PoolOptions().setHttp1MaxSize(limits.mostPerInstance()));
    }

    @Override
    public Future<?> start(RoutingTable first) {
        put(first);
        var listening = vertx.createHttpServer(new HttpServerOptions()
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setAcceptBacklog(1_024));
        server = listening;
        return listening
                .connectionHandler(this::connected)
                .requestHandler(this::handle)
                .exceptionHandler(ignored -> {
                    // a client that breaks off is no news
                })
                .listen(port, address)
                .recover(failure -> Future.failedFuture(new ArgusException(
                        ErrorCode.UNAVAILABLE,
                        "The proxy cannot listen on " + address + ":" + port + " (" + failure.getMessage()
                                + "); free the port or set proxy.httpPort.")));
    }

    @Override
    public int port() {
        return server == null ? port : server.actualPort();
    }

    @Override
    public Future<?> apply(RoutingTable table) {
        put(table);
        held.takeAll().forEach(Exchange::look);
        return Future.succeededFuture();
    }

    private void put(RoutingTable table) {
        Set<String> named = new HashSet<>();
        for (Route route : table.routes()) {
            for (Target target : route.targets()) {
                named.add(target.instance());
                backends.computeIfAbsent(target.instance(), made -> new Backend(route.service(), target.instance()))
                                .port =
                        target.port();
            }
        }
        backends.values().removeIf(backend -> !named.contains(backend.instance) && backend.exchanges.isEmpty());
        routes = new Routes(table);
    }

    @Override
    public Future<Drained> drain(Set<String> instances, Duration atMost) {
        Set<Backend> busy = new HashSet<>();
        for (String instance : instances) {
            Backend backend = backends.get(instance);
            if (backend != null && !backend.exchanges.isEmpty()) {
                busy.add(backend);
            }
        }
        if (busy.isEmpty()) {
            return Future.succeededFuture(new Drained(0));
        }
        var drain = new Drain(busy, Promise.promise());
        drains.add(drain);
        busy.forEach(backend -> List.copyOf(backend.exchanges).forEach(Exchange::closeTunnel));
        long timer = vertx.setTimer(Math.max(1, atMost.toMillis()), late -> {
            int cut = drain.backends().stream()
                    .mapToInt(backend -> backend.exchanges.size())
                    .sum();
            drains.remove(drain);
            List.copyOf(drain.backends())
                    .forEach(backend -> List.copyOf(backend.exchanges).forEach(Exchange::cut));
            drain.promise().tryComplete(new Drained(cut));
        });
        return drain.promise().future().onComplete(done -> vertx.cancelTimer(timer));
    }

    /** An exchange of this instance has ended. */
    void idle(Backend backend) {
        if (!drains.isEmpty() && backend.exchanges.isEmpty()) {
            for (Drain drain : List.copyOf(drains)) {
                if (drain.backends().remove(backend) && drain.backends().isEmpty()) {
                    drains.remove(drain);
                    drain.promise().tryComplete(new Drained(0));
                }
            }
        }
    }

    @Override
    public Future<List<TrafficFigures>> figures() {
        return Future.succeededFuture(
                backends.values().stream().map(Backend::figures).toList());
    }

    @Override
    public Future<?> close() {
        Future<?> closed = server == null
                ? Future.succeededFuture()
                : server.shutdown(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        return closed.transform(ended -> client.close());
    }

    // requests

    private void connected(HttpConnection connection) {
        if (connections >= limits.mostConnections()) {
            connection.close();
            return;
        }
        connections++;
        awaitRequest(connection, limits.head());
        connection.closeHandler(gone -> {
            connections--;
            requestCame(connection);
        });
    }

    /** Who opens a connection and sends nothing whole is not waited for long, be it byte by byte or not at all. */
    private void awaitRequest(HttpConnection connection, Duration atMost) {
        requestCame(connection);
        awaited.put(connection, vertx.setTimer(atMost.toMillis(), late -> {
            awaited.remove(connection);
            connection.close();
        }));
    }

    private void requestCame(HttpConnection connection) {
        Long timer = awaited.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    private void handle(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        requestCame(connection);
        request.response().endHandler(answered -> awaitRequest(connection, limits.idle()));
        String accept = request.getHeader("Accept");
        List<String> hosts = request.headers().getAll("Host");
        boolean proper = hosts.size() == 1
                && !request.headers().contains("")
                && request.uri().startsWith("/")
                && isHost(hosts.getFirst());
        if (!proper) {
            Page.NOT_HTTP.answer(request.response(), accept);
        } else if (request.method().equals(HttpMethod.CONNECT)
                || request.method().equals(HttpMethod.TRACE)) {
            Page.NOT_FOR_US.answer(request.response(), accept);
        } else {
            new Exchange(this, request, Routes.host(hosts.getFirst())).begin();
        }
    }

    private static boolean isHost(String header) {
        return !header.isEmpty()
                && header.length() <= 260
                && header.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || ".-:[]_".indexOf(c) >= 0);
    }

    /** Of the ready instances that with the least under way, each in its turn where several have as little. */
    Optional<Backend> choose(Route route) {
        Backend best = null;
        int count = route.targets().size();
        int from = count == 0 ? 0 : Math.floorMod(nextChoice++, count);
        for (int i = 0; i < count; i++) {
            Target target = route.targets().get((from + i) % count);
            Backend backend = target.ready() ? backends.get(target.instance()) : null;
            if (backend != null && (best == null || backend.exchanges.size() < best.exchanges.size())) {
                best = backend;
            }
        }
        return Optional.ofNullable(best);
    }

    Vertx vertx() {
        return vertx;
    }

    ProxyLimits limits() {
        return limits;
    }

    HttpClient client() {
        return client;
    }

    HoldingLine held() {
        return held;
    }

    Routes routes() {
        return routes;
    }
}
