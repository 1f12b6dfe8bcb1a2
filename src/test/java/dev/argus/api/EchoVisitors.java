package dev.argus.api;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Many visitors of an {@link EchoService} without pause: every other one keeps its connection, GET and POST by turns, with a length or in chunks,
 * every answer compared byte for byte. Nothing is tried again.
 */
final class EchoVisitors implements AutoCloseable {
    private static final int[] SIZES = {0, 1, 700, 5_000, 70_000, 300_000};
    /** They are visitors, not a flood: the processors are needed for the releases too. */
    private static final Duration PAUSE = Duration.ofMillis(60);

    private static final int PATIENCE_MILLIS = 30_000;

    final Queue<String> failures = new ConcurrentLinkedQueue<>();
    final AtomicInteger answers = new AtomicInteger();
    private final URI url;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    EchoVisitors(URI url, int count) {
        this.url = url;
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> visit(number)));
        }
    }

    /** A connection whose bytes are written and read by hand. */
    static final class Connection implements AutoCloseable {
        private final Socket socket;
        final DataInputStream in;

        Connection(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        String head() throws IOException {
            var head = new StringBuilder();
            while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("closed after " + head.length() + " bytes of a head");
                }
                head.append((char) next);
            }
            return head.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private void visit(int number) {
        boolean keeps = number % 2 == 0;
        var random = new Random(number);
        Connection connection = null;
        for (int i = 0; !over; i++) {
            String path = "/v" + number + "-" + i;
            boolean reused = connection != null;
            try {
                if (connection == null) {
                    connection = new Connection(url.getPort());
                }
                boolean stays = ask(connection, path, i % 2 == 0, random);
                if (!keeps || !stays) {
                    connection.close();
                    connection = null;
                }
                Thread.sleep(PAUSE);
            } catch (IOException e) {
                failures.add(path + (reused ? " on a kept connection: " : " on a new connection: ") + e);
                connection = null;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Whether the connection stays. */
    private boolean ask(Connection connection, String path, boolean get, Random random) throws IOException {
        var body = new byte[get ? 0 : SIZES[random.nextInt(SIZES.length)]];
        random.nextBytes(body);
        var request = new ByteArrayOutputStream();
        write(request, (get ? "GET " : "POST ") + path + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\n");
        if (get) {
            write(request, "\r\n");
        } else if (random.nextBoolean()) {
            write(request, "Content-Length: " + body.length + "\r\n\r\n");
            request.write(body);
        } else {
            write(request, "Transfer-Encoding: chunked\r\n\r\n");
            for (int at = 0; at < body.length; at += 9_000) {
                int size = Math.min(9_000, body.length - at);
                write(request, Integer.toHexString(size) + "\r\n");
                request.write(body, at, size);
                write(request, "\r\n");
            }
            write(request, "0\r\n\r\n");
        }
        connection.send(request.toByteArray());
        String head = connection.head().toLowerCase(Locale.ROOT);
        int length = head.lines()
                .filter(line -> line.startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        byte[] answer = connection.in.readNBytes(length);
        var expected = new ByteArrayOutputStream();
        write(expected, (get ? "GET " : "POST ") + path + " ");
        expected.write(body);
        if (!head.startsWith("http/1.1 200") || !Arrays.equals(answer, expected.toByteArray())) {
            failures.add(path + " was answered " + head + " with " + answer.length + " bytes for " + body.length);
        }
        answers.incrementAndGet();
        return !head.contains("\r\nconnection: close\r\n");
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Lets them end, each after its answer. */
    @Override
    public void close() {
        over = true;
        try {
            for (Thread thread : threads) {
                if (!thread.join(Duration.ofMillis(PATIENCE_MILLIS))) {
                    failures.add("a visitor still waits for its answer");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A WebSocket on {@code /live}; its first message is the pid of the instance. */
    static final class WebSocket implements AutoCloseable {
        private final Connection connection;
        final long pid;

        WebSocket(URI url) throws IOException {
            connection = new Connection(url.getPort());
            connection.send(("GET /live HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\nConnection: Upgrade\r\n"
                            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String head = connection.head();
            if (!head.startsWith("HTTP/1.1 101")) {
                throw new IOException("not switched: " + head);
            }
            pid = Long.parseLong(new String(message(), StandardCharsets.US_ASCII));
        }

        private byte[] message() throws IOException {
            int first = connection.in.readUnsignedByte();
            byte[] payload = connection.in.readNBytes(connection.in.readUnsignedByte());
            if (first == 0x88) {
                throw new Closed(payload.length < 2 ? 0 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF));
            }
            return payload;
        }

        /** The Close frame came. */
        static final class Closed extends IOException {
            private static final long serialVersionUID = 1;
            final int status;

            Closed(int status) {
                super("closed with status " + status);
                this.status = status;
            }
        }

        /** Sends a message and compares what comes back. */
        void ask(int number) throws IOException {
            byte[] text = ("message " + number).getBytes(StandardCharsets.US_ASCII);
            byte[] mask = {1, 2, 3, 4};
            var frame = new ByteArrayOutputStream();
            frame.write(0x81);
            frame.write(0x80 | text.length);
            frame.writeBytes(mask);
            for (int i = 0; i < text.length; i++) {
                frame.write(text[i] ^ mask[i % 4]);
            }
            connection.send(frame.toByteArray());
            if (!Arrays.equals(message(), text)) {
                throw new IllegalStateException("another message came back than " + number);
            }
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }

    /** How one WebSocket after the other ended. */
    record Ended(long pid, @Nullable Integer status, String how) {}
}
