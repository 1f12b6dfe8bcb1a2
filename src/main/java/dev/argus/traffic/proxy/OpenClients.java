package dev.argus.traffic.proxy;

import dev.argus.traffic.AddressLimit;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of clients, on all event loops, counted in all and by address. */
final class OpenClients {
    private static final Logger log = LoggerFactory.getLogger(OpenClients.class);
    private static final long SAY_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final int most;
    private final AddressLimit limit;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final AtomicLong saidAt = new AtomicLong(System.nanoTime() - SAY_EVERY_NANOS);

    /** What becomes of a connection. */
    enum Admission {
        ADMITTED,
        /** Counted, for as long as it takes to say that there are too many. */
        FULL,
        /** Not counted: to be closed at once, or whoever tries again and again would fill up what it is kept out of. */
        NOT_FROM_THERE
    }

    OpenClients(int most, AddressLimit limit) {
        this.most = most;
        this.limit = limit;
    }

    /**
     * Counts one more, unless there are too many from there.
     *
     * @param address null when the client has gone before it could be asked for
     */
    Admission opened(@Nullable InetAddress address) {
        if (address != null) {
            int before = byAddress.merge(address, 1, Integer::sum) - 1;
            if (!limit.admits(address, before)) {
                release(address);
                say(address, before);
                return Admission.NOT_FROM_THERE;
            }
        }
        return all.incrementAndGet() > most ? Admission.FULL : Admission.ADMITTED;
    }

    /** One that was counted is closed. */
    void closed(@Nullable InetAddress address) {
        all.decrementAndGet();
        if (address != null) {
            release(address);
        }
    }

    private void release(InetAddress address) {
        byAddress.computeIfPresent(address, (same, open) -> open == 1 ? null : open - 1);
    }

    /** Not for each of them, or the log would be what is flooded. */
    private void say(InetAddress address, int open) {
        long now = System.nanoTime();
        long before = saidAt.get();
        if (now - before >= SAY_EVERY_NANOS && saidAt.compareAndSet(before, now)) {
            log.warn(
                    "a visitor's connection from {} was closed: {} are open from there and at most {} may be; if it is a proxy in front of Argus, name it in server.trustedProxies",
                    address.getHostAddress(),
                    open,
                    limit.most());
        }
    }

    int all() {
        return all.get();
    }

    /** How many addresses are counted. */
    int addresses() {
        return byAddress.size();
    }
}
