package dev.argus.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for those who bind them later, and perhaps again. The system gives none of them to anybody who asks for any port, and the two processes that
 * run tests side by side have different ones.
 */
final class FreePorts {
    private static final int EACH = 1_300;
    private static final int FIRST = 30_000 + (Integer.getInteger("tests.fork", 1) - 1) * EACH;
    private static final AtomicInteger given = new AtomicInteger();

    private FreePorts() {}

    /** One that nobody listens on; no other call gives it. */
    static int next() {
        for (int number = given.getAndIncrement(); number < EACH; number = given.getAndIncrement()) {
            if (isFree(FIRST + number)) {
                return FIRST + number;
            }
        }
        throw new IllegalStateException("all ports for tests are given away");
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (java.net.BindException _) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
