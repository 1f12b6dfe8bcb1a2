package dev.argus.traffic.haproxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A socket of HAProxy that takes commands: one connection each, which takes about a millisecond. Thread-safe. */
final class RuntimeSocket {
    /** The longest path that the kernel takes for a socket, in bytes. */
    static final int LONGEST_PATH = 107;

    private static final int LONGEST_ANSWER = 16 << 20;

    private final UnixDomainSocketAddress address;

    RuntimeSocket(Path path) {
        address = UnixDomainSocketAddress.of(path);
    }

    /**
     * What HAProxy answers to this, without the empty lines around it.
     *
     * @throws IOException also when it does not answer to the end within {@code atMost}
     */
    String ask(String command, Duration atMost) throws IOException {
        long end = System.nanoTime() + atMost.toNanos();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            channel.connect(address);
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
            ByteBuffer text = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
            while (text.hasRemaining()) {
                await(selector, end, command);
                channel.write(text);
            }
            // it answers to the end and closes when nothing more can come
            channel.shutdownOutput();
            key.interestOps(SelectionKey.OP_READ);
            var answer = new ByteArrayOutputStream();
            ByteBuffer part = ByteBuffer.allocate(16 << 10);
            for (int count = 0; count >= 0; ) {
                await(selector, end, command);
                part.clear();
                count = channel.read(part);
                answer.write(part.array(), 0, part.position());
                if (answer.size() > LONGEST_ANSWER) {
                    throw new IOException("the answer to '" + verb(command) + "' has no end");
                }
            }
            return answer.toString(StandardCharsets.UTF_8).strip();
        }
    }

    private static void await(Selector selector, long end, String command) throws IOException {
        long millis = (end - System.nanoTime()) / 1_000_000;
        selector.selectedKeys().clear();
        if (millis <= 0 || selector.select(millis) == 0) {
            throw new IOException("no answer to '" + verb(command) + "' in time");
        }
    }

    private static String verb(String command) {
        String line = command.lines().findFirst().orElse("");
        return line.length() > 80 ? line.substring(0, 80) + "…" : line;
    }
}
