package dev.argus.api;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

/** A service that sends back every body, and on {@code /live} as a WebSocket every message; each answer leaves in one piece. */
final class EchoService {
    private static final String SERVER = """
            import base64, hashlib, os, socket, struct, sys, threading

            KEY = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

            def head(stream):
                line = stream.readline().split()
                fields = {}
                for text in iter(stream.readline, b"\\r\\n"):
                    if not text:
                        return None, {}
                    name, _, value = text.partition(b":")
                    fields[name.strip().lower()] = value.strip()
                return line, fields

            def body(stream, fields):
                if b"chunked" not in fields.get(b"transfer-encoding", b""):
                    return stream.read(int(fields.get(b"content-length", 0)))
                parts = []
                for size in iter(lambda: int(stream.readline(), 16), 0):
                    parts.append(stream.read(size))
                    stream.readline()
                stream.readline()
                return b"".join(parts)

            def live(stream, connection, fields):
                accept = base64.b64encode(hashlib.sha1(fields[b"sec-websocket-key"] + KEY).digest())
                pid = str(os.getpid()).encode()
                connection.sendall(b"HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n"
                    b"Sec-WebSocket-Accept: " + accept + b"\\r\\n\\r\\n\\x81" + bytes([len(pid)]) + pid)
                while True:
                    start = stream.read(2)
                    if len(start) < 2:
                        return
                    mask, text = stream.read(4), stream.read(start[1] & 127)
                    text = bytes(octet ^ mask[i % 4] for i, octet in enumerate(text))
                    connection.sendall(start[:1] + bytes([len(text)]) + text)
                    if start[0] == 0x88:
                        return

            def serve(connection):
                with connection, connection.makefile("rb") as stream:
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    while True:
                        line, fields = head(stream)
                        if not line:
                            return
                        if b"upgrade" in fields:
                            return live(stream, connection, fields)
                        text = b"ok" if line[1] == b"/isalive" else line[0] + b" " + line[1] + b" " + body(stream, fields)
                        connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(text), text))

            def guarded(connection):
                try:
                    serve(connection)
                except OSError:
                    pass

            server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(("127.0.0.1", int(sys.argv[1])))
            server.listen(256)
            while True:
                connection, _ = server.accept()
                threading.Thread(target=guarded, args=(connection,), daemon=True).start()
            """;

    private EchoService() {}

    static ServiceRepository repository(Path parent, String name) {
        return ServiceRepository.empty(parent, name)
                .file("server.py", SERVER)
                .manifest(new JsonObject()
                        .put("build", "true")
                        .put("start", "/usr/bin/python3 -I -S server.py {port}")
                        .put("stopTimeout", "2s"))
                .commit("first");
    }

    /** The same with another number in it: a further release. */
    static void changed(ServiceRepository repository, int number) {
        repository.file("server.py", SERVER).file("number.txt", number + "\n").commit("change " + number);
    }

    /** A release that ends as soon as it is started. */
    static void broken(ServiceRepository repository, int number) {
        repository
                .file("server.py", "import sys\nsys.exit(3)\n")
                .file("number.txt", number + "\n")
                .commit("broken " + number);
    }
}
