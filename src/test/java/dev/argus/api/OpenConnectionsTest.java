package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.config.AddressRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody takes all connections to the API. */
class OpenConnectionsTest {
    @TempDir
    Path directory;

    @Test
    void oneAddressCannotTakeMoreThanItsShareAndTheOthersAreStillAnswered() throws IOException {
        List<Socket> held = new ArrayList<>();
        try (RunningArgus argus = RunningArgus.start(directory)) {
            for (int i = 0; i < OpenConnections.MOST_OF_ONE; i++) {
                held.add(connect(argus, "127.0.0.3"));
                assertThat(answer(held.getLast())).startsWith("HTTP/1.1 200 ");
            }
            try (Socket oneTooMany = connect(argus, "127.0.0.3");
                    Socket another = connect(argus, "127.0.0.4")) {
                assertThat(answer(oneTooMany)).isEmpty();
                assertThat(answer(another)).startsWith("HTTP/1.1 200 ");
            }
            assertThat(answer(held.getFirst())).as("those that were there stay").startsWith("HTTP/1.1 200 ");
            held.removeFirst().close();
            await("the place of the one that went is free")
                    .atMost(RunningArgus.PATIENCE)
                    .untilAsserted(() -> {
                        try (Socket next = connect(argus, "127.0.0.3")) {
                            assertThat(answer(next)).startsWith("HTTP/1.1 200 ");
                        }
                    });
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    @Test
    void aTrustedProxyIsHeldOnlyToWhatIsAllowedInAll() {
        var connections = new OpenConnections(
                new ClientAddress(List.of(AddressRange.parse("10.0.0.1").orElseThrow())));
        for (int i = 0; i < OpenConnections.MOST; i++) {
            assertThat(connections.admit("10.0.0.1")).isTrue();
        }
        assertThat(connections.admit("10.0.0.1")).isFalse();
        assertThat(connections.admit("10.0.0.2")).isFalse();
        connections.release("10.0.0.1");
        assertThat(connections.admit("10.0.0.2")).isTrue();
    }

    @Test
    void whateverComesAndGoesTheCountIsThatOfTheOpenOnes() {
        var random = new Random(20_261_123);
        var connections = new OpenConnections(new ClientAddress(List.of()));
        List<String> open = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            String address = "10.0.0." + random.nextInt(6);
            if (random.nextInt(100) < 55) {
                long own = open.stream().filter(address::equals).count();
                boolean room = open.size() < OpenConnections.MOST && own < OpenConnections.MOST_OF_ONE;
                assertThat(connections.admit(address)).isEqualTo(room);
                if (room) {
                    open.add(address);
                }
            } else if (!open.isEmpty()) {
                connections.release(open.remove(random.nextInt(open.size())));
            }
        }
        assertThat(open).hasSizeGreaterThan(OpenConnections.MOST_OF_ONE);
    }

    private static Socket connect(RunningArgus argus, String from) throws IOException {
        var socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), argus.port()), 5_000);
        return socket;
    }

    /** The status line; nothing where it was closed instead. */
    private static String answer(Socket socket) throws IOException {
        try {
            socket.getOutputStream()
                    .write("GET /isalive HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            var answer = new StringBuilder();
            while (answer.indexOf("\r\n\r\nok ") < 0 || answer.charAt(answer.length() - 1) != '\n') {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    return answer.toString();
                }
                answer.append((char) next);
            }
            return answer.toString();
        } catch (SocketException e) {
            return "";
        }
    }
}
