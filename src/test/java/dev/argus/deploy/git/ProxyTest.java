package dev.argus.deploy.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.argus.deploy.CancelToken;
import dev.argus.deploy.git.TestRepository.Entry;
import dev.argus.service.GitRef;
import dev.argus.service.RepositoryUrl;
import dev.argus.service.ServiceName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetching through the proxy that the environment names. */
@Timeout(60)
class ProxyTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://git.example.com/a.git | https_proxy=http://p:3128                  | p:3128",
                "https://git.example.com/a.git | HTTPS_PROXY=p:3128                         | p:3128",
                "https://git.example.com/a.git | HTTPS_PROXY=http://p                       | p:80",
                "https://git.example.com/a.git | https_proxy=http://a:1 HTTPS_PROXY=http://b:2 | a:1",
                "https://git.example.com/a.git | http_proxy=http://p:3128                   | ",
                "http://git.example.com/a.git  | https_proxy=http://p:3128                  | ",
                "http://git.example.com/a.git  | http_proxy=http://p:3128                   | p:3128",
                "http://git.example.com/a.git  | HTTP_PROXY=http://p:3128                   | ",
                "http://git.example.com/a.git  | ALL_PROXY=http://p:3128                    | p:3128",
                "https://git.example.com/a.git | all_proxy=http://p:3128 https_proxy=http://q:1 | q:1",
                "https://git.example.com/a.git | https_proxy=http://p:1 NO_PROXY=example.com | ",
                "https://git.example.com/a.git | https_proxy=http://p:1 no_proxy=a.b,.example.com | ",
                "https://git.example.com/a.git | https_proxy=http://p:1 NO_PROXY=*.example.com | ",
                "https://git.example.com/a.git | https_proxy=http://p:1 NO_PROXY=ample.com  | p:1",
                "https://git.example.com/a.git | https_proxy=http://p:1 NO_PROXY=*          | ",
                "https://git.example.com/a.git | https_proxy=http://p:1 NO_PROXY=git.example.com:443 | ",
                "https://git.example.com/a.git | https_proxy=http://p:1 NO_PROXY=git.example.com:8443 | p:1",
                "https://git.example.com/a.git | https_proxy=http://p:1 NO_PROXY=,          | p:1",
                "https://localhost/a.git       | https_proxy=http://p:1                     | ",
                "https://127.0.0.1/a.git       | https_proxy=http://p:1                     | ",
                "https://git.example.com/a.git | https_proxy=                               | ",
            })
    void theProxyIsChosenAsOtherToolsDo(String url, String variables, @Nullable String expected) throws IOException {
        Map<String, String> environment = Stream.of(variables.split(" ", -1))
                .map(each -> each.split("=", 2))
                .collect(Collectors.toMap(each -> each[0], each -> each[1]));
        var chosen = new EnvironmentProxies(environment::get).of(URI.create(url).toURL());
        assertThat(chosen.map(each -> {
                            var address = (InetSocketAddress) each.proxy().address();
                            return address.getHostString() + ":" + address.getPort();
                        })
                        .orElse(null))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"socks5://p:1080", "http://", "://", "http://s3cret:canary@p:port", "http://s3cret canary@p"})
    void whatIsNoProxyIsRefusedByTheNameOfItsVariableAndWithoutItsValue(String value) {
        assertThatThrownBy(() -> fetch("https://git.example.com/a.git", Map.of("https_proxy", value)))
                .isInstanceOf(GitFailed.class)
                .hasMessageContaining("variable https_proxy of Argus is not the address")
                .message()
                .doesNotContain("s3cret")
                .doesNotContain("canary");
    }

    /** A proxy that answers what it is asked for itself, or refuses. */
    private static final class Recording implements AutoCloseable {
        final List<String> heads = new CopyOnWriteArrayList<>();
        private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final int port;

        /** @param port of the server that stands for every host there is; 0 for none */
        Recording(int port) throws IOException {
            this.port = port;
            Thread.ofVirtual().start(this::accept);
        }

        String url(String userInfo) {
            return "http://" + userInfo + "127.0.0.1:" + socket.getLocalPort();
        }

        private void accept() {
            while (!socket.isClosed()) {
                try {
                    Socket client = socket.accept();
                    Thread.ofVirtual().start(() -> serve(client));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private void serve(Socket client) {
            try (client) {
                var in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
                var head = new StringBuilder();
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    head.append(line).append('\n');
                }
                heads.add(head.toString());
                if (port == 0) {
                    client.getOutputStream()
                            .write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    return;
                }
                String request = head.toString()
                        .replaceFirst(" http://[^/]+/", " /")
                        .replaceAll("(?i)(Proxy-)?Connection: [^\n]*\n", "")
                        .replace("\n", "\r\n");
                try (var server = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    server.getOutputStream()
                            .write((request + "Connection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
                    int length = length(head.toString());
                    for (int i = 0; i < length; i++) {
                        server.getOutputStream().write(in.read());
                    }
                    server.getInputStream().transferTo(client.getOutputStream());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static int length(String head) {
            return head.lines()
                    .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                    .map(line -> Integer.valueOf(line.substring(15).strip()))
                    .findFirst()
                    .orElse(0);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Revision fetch(String url, Map<String, String> environment) {
        var settings = new GitSettings(Duration.ofSeconds(30), Duration.ofSeconds(10), 1_000, 1_000_000, temp);
        return new JGitSource(temp.resolve("data"), settings, environment::get)
                .fetch(
                        ServiceName.of("proxied"),
                        RepositoryUrl.of(url, Set.of("http", "https")),
                        GitRef.of(""),
                        line -> {},
                        new CancelToken());
    }

    @Test
    void aRepositoryIsFetchedThroughTheProxyWithItsPasswordAndIsNotAskedDirectly() throws IOException {
        try (var remote = new TestRepository(temp.resolve("remote.git"))) {
            String commit = remote.commit("main", "First", Map.of("a", Entry.file("1")));
            HttpServer server = dumb(temp.resolve("remote.git"), commit);
            try (var proxy = new Recording(server.getAddress().getPort())) {
                Revision fetched =
                        fetch("http://git.example.invalid/a.git", Map.of("http_proxy", proxy.url("joe:s3cret@")));

                assertThat(fetched.commit()).isEqualTo(commit);
                assertThat(proxy.heads)
                        .isNotEmpty()
                        .allMatch(head -> head.startsWith("GET http://git.example.invalid/a.git/"))
                        .allMatch(head -> head.contains("Proxy-Authorization: Basic am9lOnMzY3JldA=="));
            } finally {
                server.stop(0);
            }
        }
    }

    /** Gives out the files of a repository, which is what the oldest form of git over HTTP wants. */
    private static HttpServer dumb(Path repository, String commit) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/a.git/", exchange -> {
            String path = exchange.getRequestURI().getPath().substring("/a.git/".length());
            Path file = repository.resolve(path);
            byte[] body = path.equals("info/refs")
                    ? (commit + "\trefs/heads/main\n").getBytes(StandardCharsets.US_ASCII)
                    : Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
            exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void overHttpsTheProxyIsAskedForATunnel() throws IOException {
        try (var proxy = new Recording(0)) {
            assertThatThrownBy(() -> fetch("https://git.example.invalid/a.git", Map.of("HTTPS_PROXY", proxy.url(""))))
                    .isInstanceOf(GitFailed.class)
                    .hasMessageContaining("proxy");
            assertThat(proxy.heads.getFirst()).startsWith("CONNECT git.example.invalid:443 ");
        }
    }

    @Test
    void aPasswordForATunnelIsRefusedAndNotShown() {
        assertThatThrownBy(() -> fetch(
                        "https://git.example.invalid/a.git", Map.of("HTTPS_PROXY", "http://joe:s3cret@127.0.0.1:1")))
                .isInstanceOf(GitFailed.class)
                .hasMessageContaining("variable HTTPS_PROXY of Argus names a user")
                .message()
                .doesNotContain("s3cret");
    }
}
