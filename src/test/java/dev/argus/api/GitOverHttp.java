package dev.argus.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/** Serves a bare repository over HTTP as git servers do, to who has the user and the password. */
final class GitOverHttp implements AutoCloseable {
    private static final String SERVICE = "git-upload-pack";

    /** How many requests came with other credentials or none. */
    final AtomicInteger refused = new AtomicInteger();

    private final HttpServer server;
    private final FileRepository repository;
    private final String authorization;

    GitOverHttp(Path directory, String user, String password) throws IOException {
        repository = new FileRepository(directory.toFile());
        authorization =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/a.git/", this::serve);
        server.start();
    }

    /** @param userInfo what stands before the host, with the {@code @} */
    String url(String userInfo) {
        return "http://" + userInfo + "127.0.0.1:" + server.getAddress().getPort() + "/a.git";
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                refused.incrementAndGet();
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            boolean first = exchange.getRequestURI().getPath().endsWith("/info/refs");
            byte[] body = first ? advertisement(protocol(exchange)) : answer(exchange);
            exchange.getResponseHeaders()
                    .add("Content-Type", "application/x-" + SERVICE + (first ? "-advertisement" : "-result"));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static List<String> protocol(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Git-Protocol");
        return header == null ? List.of() : List.of(header.split(":", -1));
    }

    private UploadPack pack(List<String> protocol) {
        var pack = new UploadPack(repository);
        pack.setBiDirectionalPipe(false);
        pack.setExtraParameters(protocol);
        return pack;
    }

    private byte[] advertisement(List<String> protocol) throws IOException {
        var out = new ByteArrayOutputStream();
        var lines = new PacketLineOut(out);
        lines.writeString("# service=" + SERVICE + "\n");
        lines.end();
        pack(protocol).sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines));
        return out.toByteArray();
    }

    private byte[] answer(HttpExchange exchange) throws IOException {
        var out = new ByteArrayOutputStream();
        boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        InputStream in = packed ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
        pack(protocol(exchange)).upload(in, out, null);
        return out.toByteArray();
    }

    @Override
    public void close() {
        server.stop(0);
        repository.close();
    }
}
