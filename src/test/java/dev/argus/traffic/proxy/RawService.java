package dev.argus.traffic.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service whose bytes are read and written by hand, a thread for each connection. */
final class RawService implements AutoCloseable {
    /** The requests that came, head and body as they were. */
    final Queue<String> requests = new ConcurrentLinkedQueue<>();

    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private final Thread acceptor;

    /** What is done with one connection. */
    interface Script {
        void run(Connection connection) throws IOException;
    }

    /** A connection as the service sees it. */
    final class Connection {
        private final Socket socket;
        private final InputStream in;

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
        }

        /** The next request, and its body where one of them gives its length; empty when there is none any more. */
        String request() throws IOException {
            String head = until("\r\n\r\n");
            if (head.isEmpty()) {
                return "";
            }
            String lower = head.toLowerCase(Locale.ROOT);
            String body = "";
            if (lower.contains("\r\ntransfer-encoding: chunked")) {
                body = until("\r\n\r\n");
                // behind the last chunk there may be trailers
                while (!body.endsWith("0\r\n\r\n") && !body.contains("\r\n0\r\n")) {
                    String more = until("\r\n\r\n");
                    if (more.isEmpty()) {
                        break;
                    }
                    body += more;
                }
            } else if (lower.contains("\r\ncontent-length: ")) {
                int from = lower.indexOf("\r\ncontent-length: ") + "\r\ncontent-length: ".length();
                int length = Integer.parseInt(lower.substring(from, lower.indexOf('\r', from)));
                body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
            }
            requests.add(head + body);
            return head + body;
        }

        String until(String end) throws IOException {
            var bytes = new ByteArrayOutputStream();
            while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
                int next = in.read();
                if (next < 0) {
                    break;
                }
                bytes.write(next);
            }
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }

        void say(String text) throws IOException {
            out().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        InputStream in() {
            return in;
        }

        OutputStream out() throws IOException {
            return socket.getOutputStream();
        }

        /** Ends it so that the other side is told of an error. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    RawService(Script script) throws IOException {
        this(0, script);
    }

    RawService(int port, Script script) throws IOException {
        server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        acceptor = Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    socket.setTcpNoDelay(true);
                    open.add(socket);
                    Thread.ofVirtual().start(() -> serve(script, socket));
                } catch (IOException e) {
                    // closed
                }
            }
        });
    }

    private void serve(Script script, Socket socket) {
        try (socket) {
            script.run(new Connection(socket));
        } catch (IOException e) {
            // the proxy has ended it
        } finally {
            open.remove(socket);
        }
    }

    /** One that answers every request of every connection with this. */
    static RawService answering(String answer) throws IOException {
        return new RawService(connection -> {
            while (!connection.request().isEmpty()) {
                connection.say(answer);
            }
        });
    }

    /** One that answers with the first line and the body of the request. */
    static RawService echoing(String name) throws IOException {
        return echoing(name, 0);
    }

    static RawService echoing(String name, int port) throws IOException {
        return new RawService(port, connection -> {
            for (String request = connection.request(); !request.isEmpty(); request = connection.request()) {
                String text = name + " " + request.lines().findFirst().orElse("") + " "
                        + request.substring(request.indexOf("\r\n\r\n") + 4);
                connection.say("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    int connections() {
        return open.size();
    }

    /** As if its process had been killed: nothing listens, and all connections are gone, once it returns. */
    @Override
    public void close() {
        try {
            server.close();
            // a thread that is just accepting keeps the socket listening until it has noticed
            assertThat(acceptor.join(ProxyUnderTest.SOON)).isTrue();
            for (Socket socket : open) {
                end(socket);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same with a thread that is just reading, but not when the connection is shut down first. */
    private static void end(Socket socket) throws IOException {
        try {
            socket.shutdownInput();
            socket.shutdownOutput();
        } catch (SocketException e) {
            // the other side was faster
        }
        socket.close();
    }
}
