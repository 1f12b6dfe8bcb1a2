package dev.argus.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.BitSet;
import java.util.List;

/**
 * Hands out free ports of a range. A port is not handed out again before it is given back, and then only after all others of the range, so that a
 * late client of the old instance does not reach the new one. Thread-safe.
 */
public final class PortAllocator {
    private final int first;
    private final int last;
    private final BitSet taken = new BitSet();
    private int next;

    /**
     * For the ports from {@code first} to {@code last}, both included.
     *
     * @throws IllegalArgumentException when that is no range within 1 to 65535
     */
    public PortAllocator(int first, int last) {
        if (first < 1 || last > 65535 || first > last) {
            throw new IllegalArgumentException("The port range " + first + " to " + last
                    + " is none; use two ports from 1 to 65535, the lower first.");
        }
        this.first = first;
        this.last = last;
        this.next = first;
    }

    /**
     * A port on which nobody listens, neither on all addresses nor on the loopback.
     *
     * @throws NoFreePortException when there is none in the range
     */
    public synchronized int allocate() {
        for (int tried = first; tried <= last; tried++) {
            int port = next;
            next = port == last ? first : port + 1;
            if (!taken.get(port) && isFree(port)) {
                taken.set(port);
                return port;
            }
        }
        throw new NoFreePortException("No port from " + first + " to " + last + " is free (" + taken.cardinality()
                + " belong to instances); stop a service or widen portRange in the configuration.");
    }

    /** Marks a port as handed out, as for an instance that was found running. Ports outside the range are allowed. */
    public synchronized void reserve(int port) {
        taken.set(port);
    }

    /** Gives a port back. One that was not handed out is ignored. */
    public synchronized void release(int port) {
        taken.clear(port);
    }

    /** Whether nobody listens on this port of any address or of the loopback. Asked by binding, without ever listening. */
    public static boolean isFree(int port) {
        return List.of(new InetSocketAddress(port), new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .stream()
                .allMatch(PortAllocator::canBind);
    }

    private static boolean canBind(InetSocketAddress address) {
        try (SocketChannel channel = SocketChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address);
            return true;
        } catch (IOException _) {
            // in use, or privileged: either way not free for a service
            return false;
        }
    }
}
