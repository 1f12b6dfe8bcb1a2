package dev.argus.traffic.proxy;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import dev.argus.traffic.AddressLimit;
import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.RoutingTable.Route;
import dev.argus.traffic.RoutingTable.Target;
import dev.argus.traffic.TrafficSwitch;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A reverse proxy in the process of Argus, on event loops of its own, so that visitors and supervision do not wait for each other. Its methods are
 * for one event loop of Vert.x, the one that starts it; what a request needs of its state is handed to the loops as a whole.
 */
// how a write or a close ends is seen where the connection becomes inactive
@SuppressWarnings("FutureReturnValueIgnored")
public final class EmbeddedSwitch implements TrafficSwitch {
    private static final int BACKLOG = 4_096;
    private static final int MOST_LOOPS = 4;
    private static final int PAGE = 8 * 1024;
    private static final int CHUNK_ORDER = 6;
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final Vertx vertx;
    private final String address;
    private final int port;
    private final ProxyLimits limits;
    private final OpenClients connections;
    private final Map<String, Backend> backends = new ConcurrentHashMap<>();
    private final Map<String, Line> lines = new ConcurrentHashMap<>();
    private final List<Loop> loops = new ArrayList<>();
    private volatile Routes routes = new Routes(RoutingTable.EMPTY, this::backend, this::line);
    private volatile boolean stopping;
    /** Smaller than Netty's own, which are meant for servers that do nothing else. */
    private final PooledByteBufAllocator buffers = new PooledByteBufAllocator(
            true,
            0,
            loopCount(),
            PAGE,
            CHUNK_ORDER,
            PooledByteBufAllocator.defaultSmallCacheSize(),
            PooledByteBufAllocator.defaultNormalCacheSize(),
            false);

    private @Nullable MultiThreadIoEventLoopGroup group;
    private @Nullable Channel listening;

    /** A proxy that will listen on {@code port} (0 for a free one) of {@code address}. */
    public EmbeddedSwitch(Vertx vertx, String address, int port, AddressLimit byAddress) {
        this(vertx, address, port, ProxyLimits.DEFAULT, byAddress);
    }

    EmbeddedSwitch(Vertx vertx, String address, int port, ProxyLimits limits, AddressLimit byAddress) {
        this.vertx = vertx;
        this.address = address;
        this.port = port;
        this.limits = limits;
        connections = new OpenClients(limits.mostConnections(), byAddress);
    }

    /** Half of the processors, because whoever makes and answers the requests needs some too. */
    private static int loopCount() {
        return Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_LOOPS);
    }

    @Override
    public Future<?> start(RoutingTable first) {
        MultiThreadIoEventLoopGroup made = group;
        if (made == null) {
            made = new MultiThreadIoEventLoopGroup(
                    loopCount(), new DefaultThreadFactory("argus-proxy", true), Sockets.events());
            for (EventExecutor each : made) {
                loops.add(new Loop(this, (EventLoop) each, loops.size(), buffers));
            }
            group = made;
        }
        put(first);
        var bootstrap = new ServerBootstrap()
                .group(made)
                .channel(Sockets.listening())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.ALLOCATOR, buffers)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Loop.WATER_MARK)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        Sockets.lookAfter(client);
                        client.pipeline().addLast(new ClientConnection(loopOf(client.eventLoop())));
                    }
                });
        Promise<Void> promise = Promise.promise();
        Context context = vertx.getOrCreateContext();
        bootstrap.bind(new InetSocketAddress(address, port)).addListener((ChannelFutureListener) bound ->
                context.runOnContext(now -> {
                    if (bound.isSuccess()) {
                        listening = bound.channel();
                        promise.complete();
                    } else {
                        promise.fail(new ArgusException(
                                ErrorCode.UNAVAILABLE,
                                "The proxy cannot listen on " + address + ":" + port + " ("
                                        + bound.cause().getMessage() + "); free the port or set proxy.httpPort."));
                    }
                }));
        return promise.future();
    }

    private Loop loopOf(EventLoop events) {
        for (Loop loop : loops) {
            if (loop.events().equals(events)) {
                return loop;
            }
        }
        throw new IllegalStateException("a connection on a strange event loop");
    }

    @Override
    public int port() {
        return listening != null && listening.localAddress() instanceof InetSocketAddress bound
                ? bound.getPort()
                : port;
    }

    @Override
    public Future<?> apply(RoutingTable table) {
        List<Backend> gone = put(table);
        // what a loop begins after this goes by the new table; what it began before is counted
        return onEachLoop(loop -> loop.tableChanged(gone));
    }

    private List<Backend> put(RoutingTable table) {
        Set<String> named = new HashSet<>();
        for (Route route : table.routes()) {
            for (Target target : route.targets()) {
                named.add(target.instance());
                Backend backend = backends.computeIfAbsent(
                        target.instance(),
                        id -> new Backend(route.service(), id, target.port(), Math.max(1, loops.size())));
                backend.moveTo(target.port());
                backend.setInTable(true);
            }
        }
        List<Backend> gone = new ArrayList<>();
        for (Backend backend : backends.values()) {
            if (!named.contains(backend.instance())) {
                backend.setInTable(false);
                gone.add(backend);
            }
        }
        gone.stream()
                .filter(backend -> backend.inFlight() == 0)
                .map(Backend::instance)
                .forEach(backends::remove);
        Set<String> services = new HashSet<>();
        table.routes().forEach(route -> services.add(route.service()));
        lines.entrySet()
                .removeIf(line ->
                        !services.contains(line.getKey()) && line.getValue().waiting() == 0);
        routes = new Routes(table, this::backend, this::line);
        return gone;
    }

    private Backend backend(String instance) {
        Backend known = backends.get(instance);
        if (known == null) {
            throw new IllegalStateException("an instance that is in no table: " + instance);
        }
        return known;
    }

    private Line line(String service) {
        return lines.computeIfAbsent(service, made -> new Line(limits.mostHeld()));
    }

    private Future<Void> onEachLoop(Consumer<Loop> action) {
        Promise<Void> promise = Promise.promise();
        Context context = vertx.getOrCreateContext();
        var left = new AtomicInteger(loops.size());
        for (Loop loop : loops) {
            loop.events().execute(() -> {
                try {
                    action.accept(loop);
                } finally {
                    if (left.decrementAndGet() == 0) {
                        context.runOnContext(now -> promise.complete());
                    }
                }
            });
        }
        return loops.isEmpty() ? Future.succeededFuture() : promise.future();
    }

    @Override
    public Future<Drained> drain(Set<String> instances, Duration atMost) {
        Set<Backend> drained = new HashSet<>();
        for (String instance : instances) {
            Backend backend = backends.get(instance);
            if (backend != null) {
                drained.add(backend);
            }
        }
        if (inFlight(drained) == 0) {
            return Future.succeededFuture(new Drained(0));
        }
        Promise<Drained> promise = Promise.promise();
        Context context = vertx.getOrCreateContext();
        var late = new AtomicBoolean();
        Runnable look = () -> context.runOnContext(now -> {
            if (!late.get() && inFlight(drained) == 0) {
                promise.tryComplete(new Drained(0));
            }
        });
        drained.forEach(backend -> backend.tellWhenIdle(look));
        onEachLoop(loop -> loop.clients().forEach(client -> client.closeTunnel(drained)));
        look.run();
        long timer = vertx.setTimer(Math.max(1, atMost.toMillis()), over -> {
            int cut = inFlight(drained);
            late.set(true);
            onEachLoop(loop -> loop.clients().forEach(client -> client.cut(drained)))
                    .onComplete(done -> promise.tryComplete(new Drained(cut)));
        });
        return promise.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            drained.forEach(backend -> backend.tellWhenIdle(null));
        });
    }

    private static int inFlight(Set<Backend> some) {
        return some.stream().mapToInt(Backend::inFlight).sum();
    }

    @Override
    public Future<List<TrafficFigures>> figures() {
        return Future.succeededFuture(
                backends.values().stream().map(Backend::figures).toList());
    }

    @Override
    public Future<List<Visits>> visits() {
        return Future.succeededFuture(lines.entrySet().stream()
                .map(line -> line.getValue().visits(line.getKey()))
                .toList());
    }

    @Override
    public Future<?> close() {
        MultiThreadIoEventLoopGroup ends = group;
        if (ends == null) {
            return Future.succeededFuture();
        }
        group = null;
        stopping = true;
        if (listening != null) {
            listening.close();
        }
        Promise<Void> promise = Promise.promise();
        Context context = vertx.getOrCreateContext();
        long deadline = System.nanoTime() + CLOSE_WITHIN.toNanos();
        onEachLoop(Loop::stop)
                .compose(done -> untilNobodyIsThere(deadline))
                .onComplete(done -> ends.shutdownGracefully(0, CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                        .addListener(ended -> context.runOnContext(now -> promise.complete())));
        return promise.future();
    }

    private Future<Void> untilNobodyIsThere(long deadline) {
        if (connections.all() <= 0 || System.nanoTime() - deadline > 0) {
            return Future.succeededFuture();
        }
        return vertx.timer(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)
                .compose(looked -> untilNobodyIsThere(deadline));
    }

    ProxyLimits limits() {
        return limits;
    }

    Routes routes() {
        return routes;
    }

    boolean isStopping() {
        return stopping;
    }

    OpenClients connections() {
        return connections;
    }

    Collection<Backend> backends() {
        return backends.values();
    }

    /** The memory outside of the heap that its buffers take, in bytes. */
    long bufferMemory() {
        return buffers.metric().usedDirectMemory();
    }

    /** How many requests wait for an instance of this service. */
    int waiting(String service) {
        return line(service).waiting();
    }
}
