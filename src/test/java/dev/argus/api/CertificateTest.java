package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.argus.bus.ArgusException;
import dev.argus.config.ServerConfig;
import dev.argus.config.ServerConfig.EntranceConfig;
import dev.argus.config.ServerConfig.TlsConfig;
import dev.argus.tls.TestCertificate;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** API and dashboard behind a certificate of their own. */
final class CertificateTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private static EntranceConfig entrance(@Nullable TlsConfig tls, boolean plainHttp) {
        return new EntranceConfig(List.of(), tls, plainHttp);
    }

    private RunningArgus start(TlsConfig tls) {
        return RunningArgus.start(directory.resolve("data"), config -> config.entering(entrance(tls, false)));
    }

    private static HttpResponse<String> ask(TestCertificate trusted, HttpRequest.Builder request) throws Exception {
        try (var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trusted.trusted())
                .build()) {
            return client.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
        }
    }

    private static HttpRequest.Builder to(RunningArgus argus, String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + argus.port() + path));
    }

    private static boolean isTrusted(RunningArgus argus, TestCertificate certificate) throws Exception {
        try {
            return ask(certificate, to(argus, "/isalive")).statusCode() == 200;
        } catch (SSLHandshakeException another) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void apiAndDashboardAreServedBehindTheCertificate(String algorithm) throws Exception {
        var certificate = TestCertificate.make(directory, algorithm, 90);
        try (var argus = start(certificate.write(directory))) {
            assertThat(ask(certificate, to(argus, "/")).body()).contains("<html");
            var services = ask(
                    certificate, to(argus, "/api/v1/services").header("Authorization", "Bearer " + argus.adminToken()));
            assertThat(services.statusCode()).isEqualTo(200);
            var made = ask(
                    certificate,
                    to(argus, "/api/v1/users")
                            .header("Authorization", "Bearer " + argus.adminToken())
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"name\":\"ann\",\"role\":\"viewer\",\"password\":\"long enough for all\"}")));
            assertThat(made.statusCode()).isEqualTo(201);
            var login = ask(
                    certificate,
                    to(argus, "/api/v1/login")
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"user\":\"ann\",\"password\":\"long enough for all\"}")));
            assertThat(login.headers().firstValue("Set-Cookie").orElse("")).contains("Secure", "HTTPOnly");
        }
    }

    @Test
    void plainHttpAndOldTlsAreNotAnswered() throws Exception {
        var certificate = TestCertificate.make(directory, "EC", 90);
        try (var argus = start(certificate.write(directory))) {
            assertThatExceptionOfType(java.io.UncheckedIOException.class)
                    .isThrownBy(() -> argus.send(argus.request("/isalive")));
            SSLContext context = certificate.trusted();
            try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", argus.port())) {
                socket.startHandshake();
                assertThat(socket.getSession().getProtocol()).isIn("TLSv1.2", "TLSv1.3");
            }
        }
    }

    @Test
    void aNewCertificateIsTakenUpWithoutARestartAndAnOpenStreamGoesOn() throws Exception {
        var first = TestCertificate.make(directory, "EC", 90);
        TlsConfig files = first.write(directory);
        try (var argus = start(files);
                var client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(first.trusted())
                        .build()) {
            var stream = client.send(
                    to(argus, "/api/v1/events")
                            .header("Authorization", "Bearer " + argus.adminToken())
                            .build(),
                    BodyHandlers.ofInputStream());
            var second = TestCertificate.make(directory, "EC", 90);
            second.writeCertificate(files);
            // while it does not fit its key the one before stays
            assertThat(isTrusted(argus, first)).isTrue();
            second.writeKey(files);
            await().atMost(SOON).until(() -> isTrusted(argus, second));
            assertThat(isTrusted(argus, first)).isFalse();

            Files.writeString(files.certificate(), "nonsense");
            Files.writeString(files.key(), "nonsense");
            assertThat(isTrusted(argus, second)).isTrue();
            var third = TestCertificate.make(directory, "RSA", 90);
            third.write(directory);
            await().atMost(SOON).until(() -> isTrusted(argus, third));

            assertThat(stream.body().read())
                    .as("the stream of the first goes on")
                    .isEqualTo('r');
            stream.body().close();
        }
    }

    @Test
    void aServerWhoseFilesAreMissingOrDoNotFitDoesNotStart() throws Exception {
        TlsConfig files = TestCertificate.make(directory, "EC", 90).write(directory);
        TestCertificate.make(directory, "EC", 90).writeKey(files);
        refused(entrance(files, false), "127.0.0.1", "do not belong together");
        Files.delete(files.key());
        refused(entrance(files, false), "127.0.0.1", "server.tls");
        Files.writeString(files.certificate(), "");
        refused(entrance(files, false), "127.0.0.1", "server.tls");
    }

    @Test
    void withoutACertificateOnlyThisMachineIsListenedToUnlessToldSo() throws IOException {
        for (String host : List.of("0.0.0.0", "::", "192.0.2.1", "example.org")) {
            refused(entrance(null, false), host, "server.plainHttp");
        }
        for (String host : List.of("127.0.0.1", "127.1.2.3", "::1", "localhost")) {
            assertThat(ServerConfig.DEFAULT.listening(host, 0).refusal())
                    .as(host)
                    .isEmpty();
        }
        try (var argus = RunningArgus.start(
                directory.resolve("data"),
                config -> config.listening("0.0.0.0", 0).entering(entrance(null, true)))) {
            assertThat(argus.get("/services").status()).isEqualTo(200);
        }
    }

    private void refused(EntranceConfig entrance, String host, String words) {
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(() -> RunningArgus.start(
                                directory.resolve("data"),
                                config -> config.listening(host, 0).entering(entrance))
                        .close())
                .withMessageContaining(words);
    }

    @Test
    void theFilesAreReadFromTheConfiguration() throws IOException {
        var tls = new JsonObject().put("certificate", "/etc/argus/argus.crt").put("key", "/etc/argus/argus.key");
        Path file = Files.writeString(
                directory.resolve("config.json"),
                new JsonObject()
                        .put("server", new JsonObject().put("host", "0.0.0.0").put("tls", tls))
                        .encode());
        ServerConfig config = dev.argus.config.ConfigLoader.load(file);
        assertThat(config.entrance().tls())
                .isEqualTo(new TlsConfig(Path.of("/etc/argus/argus.crt"), Path.of("/etc/argus/argus.key")));
        assertThat(config.refusal()).isEmpty();
        assertThat(config.scheme()).isEqualTo("https");
    }
}
