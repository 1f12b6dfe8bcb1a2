package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.auth.Role;
import dev.argus.config.ServerConfig.EntranceConfig;
import dev.argus.tls.TestCertificate;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A page of a stranger whose name leads to this machine gets nothing; whoever shows a token, and monitors, may use any name. */
final class HostTest {
    private static final String PASSWORD = "correct horse battery";
    private static final String FOREIGN = "evil.example";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    @BeforeAll
    static void start() {
        argus = RunningArgus.start(
                directory.resolve("data"),
                config -> config.entering(new EntranceConfig(List.of(), null, false, List.of("argus.example.com"))));
        assertThat(argus.post(
                                "/users",
                                new JsonObject()
                                        .put("name", "ann")
                                        .put("password", PASSWORD)
                                        .put("role", "operator"))
                        .status())
                .isEqualTo(201);
    }

    @AfterAll
    static void end() {
        argus.close();
    }

    private static HttpRequest.Builder by(String host, String path) {
        return argus.request(path).header("Host", host);
    }

    private static String credentials() {
        return new JsonObject().put("user", "ann").put("password", PASSWORD).encode();
    }

    private static HttpRequest.Builder login(String host) {
        return by(host, "/api/v1/login")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(credentials()));
    }

    private static void isMisdirected(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(421);
        assertThat(answer.code()).isEqualTo("misdirected");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.detail()).contains("server.hostNames");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    static List<String> ownNames() throws IOException {
        return List.of(
                "localhost",
                "LocalHost.:8080",
                "argus.localhost:1",
                "127.0.0.1",
                "127.0.0.1:9",
                "[::1]:8080",
                "192.0.2.7",
                "[2001:db8::7]:8080",
                "Argus.Example.com",
                "argus.example.com:8443",
                Files.readString(Path.of("/proc/sys/kernel/hostname")).strip() + ":8080");
    }

    @ParameterizedTest
    @MethodSource("ownNames")
    void byItsOwnNamesAndByAddressesEverythingIsAnswered(String host) {
        for (String path : List.of("/", "/openapi.yaml", "/metrics", "/isalive")) {
            assertThat(argus.send(by(host, path)).status()).as(path).isEqualTo(200);
        }
        assertThat(argus.send(login(host).header("Origin", "http://" + host)).status())
                .isEqualTo(200);
        assertThat(argus.send(by(host, "/api/v1/services")).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                FOREIGN,
                FOREIGN + ":8080",
                "localhost.evil.example",
                "notlocalhost",
                "127.0.0.1.evil.example",
                "argus.example.com.evil.example",
                "x.argus.example.com",
                "evil.example."
            })
    void byAnotherNameNothingThatAPageCanAskForIsAnswered(String host) {
        for (String path :
                List.of("/", "/index.html", "/no-such-page", "/openapi.yaml", "/metrics", "/api/v1/services")) {
            isMisdirected(argus.send(by(host, path)));
        }
        assertThat(argus.send(by(host, "/").method("HEAD", BodyPublishers.noBody()))
                        .status())
                .isEqualTo(421);
        isMisdirected(argus.send(login(host).header("Origin", "http://" + host)));
    }

    @Test
    void aSessionIsNothingByAnotherName() {
        String cookie = argus.send(login("localhost")).header("Set-Cookie").split(";", 2)[0];
        assertThat(argus.send(by("localhost", "/api/v1/whoami").header("Cookie", cookie))
                        .status())
                .isEqualTo(200);
        isMisdirected(argus.send(by(FOREIGN, "/api/v1/whoami").header("Cookie", cookie)));
        isMisdirected(argus.send(by(FOREIGN, "/api/v1/logout")
                .header("Cookie", cookie)
                .header("X-Argus-Request", "1")
                .header("Origin", "http://" + FOREIGN)
                .POST(BodyPublishers.noBody())));
    }

    @Test
    void aPageDoesNotGetInByATokenThatItMadeUp() {
        for (String made : List.of("Bearer x", "bearer  ", "Basic x", "Bearer")) {
            for (String path : List.of("/metrics", "/api/v1/services", "/api/v1/events")) {
                assertThat(argus.send(by(FOREIGN, path).header("Authorization", made))
                                .status())
                        .as(path)
                        .isIn(401, 421);
            }
            isMisdirected(argus.send(by(FOREIGN, "/").header("Authorization", made)));
            for (String path : List.of("/api/v1/login", "/api/v1/login/", "/api/v1/%6cogin", "/api//v1/./login")) {
                HttpRequest.Builder request = by(FOREIGN, path)
                        .header("Content-Type", "application/json")
                        .header("Authorization", made)
                        .header("Origin", "http://" + FOREIGN)
                        .POST(BodyPublishers.ofString(credentials()));
                assertThat(argus.send(request).status()).as(path).isIn(404, 421);
            }
        }
    }

    @Test
    void whoShowsATokenMayUseAnyNameThatLeadsHere() {
        for (String path : List.of("/api/v1/services", "/api/v1/whoami", "/metrics")) {
            Answer answer = argus.send(
                    by("app1.example.org:8080", path).header("Authorization", "Bearer " + argus.token(Role.VIEWER)));
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        }
        Answer act = argus.send(by("app1.example.org", "/api/v1/services/none/stop")
                .header("Authorization", "Bearer " + argus.adminToken())
                .POST(BodyPublishers.noBody()));
        assertThat(act.status()).isEqualTo(404);
        assertThat(argus.send(login("app1.example.org")).status())
                .as("argus-client login, which is no page")
                .isEqualTo(200);
    }

    @Test
    void monitorsAskForASignOfLifeByAnyName() {
        assertThat(argus.send(by("app1.example.org", "/isalive")).body()).startsWith("ok version");
        assertThat(argus.send(by("app1.example.org", "/healthz")).status()).isEqualTo(200);
    }

    @Test
    void noAnswerRepeatsTheNameItWasAskedBy() {
        Answer answer = argus.send(by("app1.example.org", "/api/v1/services/none/deploy")
                .header("Authorization", "Bearer " + argus.adminToken())
                .header("X-Forwarded-Host", FOREIGN)
                .POST(BodyPublishers.noBody()));
        assertThat(answer.body() + answer.headers().map())
                .doesNotContain("app1.example.org")
                .doesNotContain(FOREIGN);
        assertThat(argus.send(argus.request("/").header("X-Forwarded-Host", FOREIGN))
                        .status())
                .as("what a proxy says of the name counts for nothing")
                .isEqualTo(200);
        isMisdirected(argus.send(by(FOREIGN, "/").header("X-Forwarded-Host", "localhost")));
    }

    static Stream<String> doubtfulHeads() {
        return Stream.of(
                "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n",
                "GET http://localhost@evil.example:80/ HTTP/1.1\r\nHost: localhost\r\n",
                "GET http://localhost/ HTTP/1.1\r\nHost: evil.example\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n",
                "GET / HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\n",
                "GET / HTTP/1.1\r\nHost: localhost, evil.example\r\n",
                "GET / HTTP/1.1\r\nHost: localhost@evil.example\r\n",
                "GET / HTTP/1.1\r\nHost: evil.example/localhost\r\n",
                "GET / HTTP/1.1\r\nHost: \r\n",
                "GET / HTTP/1.1\r\n",
                "GET / HTTP/1.0\r\n");
    }

    @ParameterizedTest
    @MethodSource("doubtfulHeads")
    void whatNamesTwoHostsOrNoneIsRefused(String head) throws IOException {
        assertThat(answerTo(head)).containsPattern("^HTTP/1.[01] (400|421) ").doesNotContain("<html");
    }

    @Test
    void theFirstLineMayNameTheHostToo() throws IOException {
        assertThat(answerTo("GET http://localhost/isalive HTTP/1.1\r\nHost: localhost\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    private static String answerTo(String head) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), argus.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void theNamesInTheCertificateAreItsOwn() throws Exception {
        var certificate = TestCertificate.make(directory, "EC", 90);
        var tls = certificate.write(directory);
        try (var secured = RunningArgus.start(
                        directory.resolve("secured"),
                        config -> config.entering(new EntranceConfig(List.of(), tls, false)));
                var client = HttpClient.newBuilder()
                        .sslContext(certificate.trusted())
                        .build()) {
            for (String host : List.of("localhost", "argus.example.com", "a.inner.example.com")) {
                assertThat(status(client, secured, host)).as(host).isEqualTo(200);
            }
            for (String host : List.of(FOREIGN, "inner.example.com", "a.b.inner.example.com", "example.com")) {
                assertThat(status(client, secured, host)).as(host).isEqualTo(421);
            }
        }
    }

    @Test
    void http2NamesTheHostInItsOwnWay() throws Exception {
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            var page = client.send(argus.request("/").build(), BodyHandlers.discarding());
            assertThat(page.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(page.statusCode()).isEqualTo(200);
            var again = client.send(argus.request("/openapi.yaml").build(), BodyHandlers.discarding());
            assertThat(again.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(again.statusCode()).isEqualTo(200);
        }
    }

    private static int status(HttpClient client, RunningArgus secured, String host) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + secured.port() + "/"))
                                .version(HttpClient.Version.HTTP_1_1)
                                .header("Host", host)
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }
}
