package dev.argus.traffic.proxy;

import dev.argus.traffic.proxy.OpenClients.Admission;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollTcpInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What belongs to one event loop of the proxy: its clients, the requests that wait, and what is used for each head that is read. */
// how a write or a close ends is seen where the connection becomes inactive
@SuppressWarnings("FutureReturnValueIgnored")
final class Loop {
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 128 * 1024);
    private static final int CONNECT_MILLIS = 3_000;
    /** Shorter than what most servers grant. */
    private static final long KEEP_NANOS = Duration.ofSeconds(20).toNanos();
    /** A request that cannot be sent twice is not sent where the service may just be closing. */
    private static final long SURE_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long LONGEST_SWEEP_MILLIS = 500;

    final byte[] scratch = new byte[ProxyLimits.LONGEST_ANSWER_HEAD + 1];
    final RequestHead request = new RequestHead();
    final AnswerHead answer = new AnswerHead();
    final HeadWriter writer = new HeadWriter();

    private final EmbeddedSwitch proxy;
    private final EventLoop events;
    private final int index;
    private final Bootstrap connector;
    private final EpollTcpInfo tcpInfo = new EpollTcpInfo();
    private final Set<ClientConnection> clients = new HashSet<>();
    private final Set<Exchange> held = new HashSet<>();
    private @Nullable ScheduledFuture<?> sweeping;
    private int turn;

    Loop(EmbeddedSwitch proxy, EventLoop events, int index, ByteBufAllocator buffers) {
        this.proxy = proxy;
        this.events = events;
        this.index = index;
        this.connector = new Bootstrap()
                .group(events)
                .channel(Sockets.connected())
                .disableResolver()
                .option(ChannelOption.ALLOCATOR, buffers)
                .option(ChannelOption.TCP_NODELAY, true)
                // a service may answer before it has read all, and close: the answer must still be read
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    }

    EventLoop events() {
        return events;
    }

    ProxyLimits limits() {
        return proxy.limits();
    }

    Routes routes() {
        return proxy.routes();
    }

    int nextTurn() {
        return turn++;
    }

    boolean isStopping() {
        return proxy.isStopping();
    }

    // clients

    /** Whether it may come in; it is {@linkplain #closed to be closed} in any case. */
    Admission opened(ClientConnection client) {
        Admission admission = proxy.connections().opened(client.address());
        if (admission != Admission.NOT_FROM_THERE) {
            clients.add(client);
            startSweeping();
        }
        return admission;
    }

    void closed(ClientConnection client) {
        if (clients.remove(client)) {
            proxy.connections().closed(client.address());
        }
    }

    boolean hasClients() {
        return !clients.isEmpty();
    }

    /** Those of now; they may go while one goes through them. */
    List<ClientConnection> clients() {
        return List.copyOf(clients);
    }

    // requests that wait

    void hold(Exchange exchange) {
        held.add(exchange);
    }

    void release(Exchange exchange) {
        held.remove(exchange);
    }

    /** Another table is in effect. */
    void tableChanged(List<Backend> gone) {
        for (Backend backend : gone) {
            dropKept(backend);
        }
        if (!held.isEmpty()) {
            List.copyOf(held).forEach(Exchange::lookAgain);
        }
    }

    // connections to services

    /** One that waits, fit for the request; null when there is none. */
    @Nullable
    ServiceConnection take(Backend backend, boolean idempotent) {
        Deque<ServiceConnection> waiting = backend.kept(index);
        for (ServiceConnection one = waiting.pollLast(); one != null; one = waiting.pollLast()) {
            boolean sure = idempotent
                    ? one.isOpen()
                    : System.nanoTime() - one.idleSince() < SURE_NANOS && one.isEstablished(tcpInfo);
            if (sure && one.port() == backend.port()) {
                return one;
            }
            one.close();
        }
        return null;
    }

    void connect(Backend backend, Exchange exchange) {
        int port = backend.port();
        var connection = new ServiceConnection(this, backend, port);
        connector
                .clone()
                .handler(connection)
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addListener((ChannelFutureListener) made -> {
                    if (made.isSuccess()) {
                        exchange.reached(connection);
                    } else {
                        exchange.notReached();
                    }
                });
    }

    /** Keeps a connection for the next request. */
    void keep(ServiceConnection connection) {
        Backend backend = connection.backend();
        Deque<ServiceConnection> waiting = backend.kept(index);
        boolean of = backend.isInTable() && connection.port() == backend.port() && connection.isOpen();
        if (of && waiting.size() < limits().mostKept() && !isStopping()) {
            connection.waits(System.nanoTime());
            waiting.addLast(connection);
        } else {
            connection.close();
        }
    }

    void forget(ServiceConnection connection) {
        connection.backend().kept(index).remove(connection);
    }

    /** Closes what is kept; where one connection has died the others have too. */
    void dropKept(Backend backend) {
        Deque<ServiceConnection> waiting = backend.kept(index);
        for (ServiceConnection one = waiting.pollLast(); one != null; one = waiting.pollLast()) {
            one.close();
        }
    }

    // time

    private void startSweeping() {
        if (sweeping == null) {
            ProxyLimits limits = limits();
            long shortest = Math.min(
                    Math.min(limits.head().toMillis(), limits.idle().toMillis()),
                    Math.min(limits.hold().toMillis(), limits.answer().toMillis()));
            long every = Math.clamp(shortest / 10, 10, LONGEST_SWEEP_MILLIS);
            sweeping = events.scheduleWithFixedDelay(this::sweep, every, every, TimeUnit.MILLISECONDS);
        }
    }

    /** One timer for all: a timer for each request would cost more than the request. */
    private void sweep() {
        long now = System.nanoTime();
        for (ClientConnection client : clients()) {
            if (client.isLate(now)) {
                client.late();
            }
        }
        for (Backend backend : proxy.backends()) {
            Deque<ServiceConnection> waiting = backend.kept(index);
            for (ServiceConnection first = waiting.peekFirst();
                    first != null && now - first.idleSince() > KEEP_NANOS;
                    first = waiting.peekFirst()) {
                waiting.pollFirst();
                first.close();
            }
        }
    }

    /** Ends what nobody waits for; requests under way go on. */
    void stop() {
        List.copyOf(held).forEach(Exchange::lookAgain);
        clients().forEach(ClientConnection::closeUnlessBusy);
        proxy.backends().forEach(this::dropKept);
    }
}
