package dev.argus.api;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A service that starts in some ten milliseconds and uses next to nothing, for tests that want many; it misbehaves by its environment. */
final class SmallService {
    /**
     * DEAF ignores SIGTERM; CRASH_AFTER and HANG_AFTER are seconds after the start; CRASH_AFTER ends with status 7, HANG_AFTER answers no more.
     */
    private static final String SERVER = """
            import os, signal, socket, sys, time

            born = time.monotonic()
            crash = float(os.environ.get("CRASH_AFTER", "inf"))
            hang = float(os.environ.get("HANG_AFTER", "inf"))
            if os.environ.get("DEAF"):
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
            server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(("127.0.0.1", int(sys.argv[1])))
            server.listen(128)
            server.settimeout(0.1)
            body = str(os.getpid()).encode()
            answer = b"HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(body), body)
            while True:
                age = time.monotonic() - born
                if age > crash:
                    print("it is time to crash", flush=True)
                    os._exit(7)
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                connection.settimeout(2)
                try:
                    connection.recv(4096)
                    while age > hang:
                        time.sleep(60)
                    connection.sendall(answer)
                except OSError:
                    pass
                connection.close()
            """;

    private SmallService() {}

    static ServiceRepository repository(Path parent, String name) {
        return ServiceRepository.empty(parent, name)
                .file("server.py", SERVER)
                .manifest(new JsonObject()
                        .put("build", "true")
                        .put("start", "/usr/bin/python3 -I -S server.py {port}")
                        .put("stopTimeout", "1s")
                        .put(
                                "isalive",
                                new JsonObject()
                                        .put("interval", "1s")
                                        .put("timeout", "2s")
                                        .put("failures", 3)))
                .commit("first");
    }

    /** The pid of the process that answers on the port; 0 when none does within 150 ms. */
    static long ask(int port) {
        try (var socket = new Socket()) {
            socket.setSoTimeout(150);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 150);
            socket.getOutputStream()
                    .write("GET /isalive HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            int body = text.indexOf("\r\n\r\n");
            return text.startsWith("HTTP/1.1 200") && body > 0
                    ? Long.parseLong(text.substring(body + 4).trim())
                    : 0;
        } catch (IOException noAnswer) {
            return 0;
        }
    }
}
