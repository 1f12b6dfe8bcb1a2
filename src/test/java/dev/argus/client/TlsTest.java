package dev.argus.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers behind TLS: only one whose certificate is trusted and has its name gets to see a request. */
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path directory;

    private HttpsServer server = newServer();
    private Path keys = Path.of("");

    private static HttpsServer newServer() {
        try {
            return HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() throws Exception {
        keys = directory.resolve("keys.p12");
        run(
                "keytool",
                "-genkeypair",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD,
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-alias",
                "argus");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            try (exchange) {
                FakeArgus.respond(exchange, 200, "[]");
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url(String host) {
        return "https://" + host + ":" + server.getAddress().getPort();
    }

    private String run(String tool, String... words) throws Exception {
        List<String> command = new java.util.ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", tool).toString()));
        command.addAll(List.of(words));
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " " + Files.readString(out);
    }

    private String trusting(String host) throws Exception {
        return run(
                "java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djavax.net.ssl.trustStore=" + keys,
                "-Djavax.net.ssl.trustStorePassword=" + PASSWORD,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.argus.client.ArgusClient",
                "--server",
                url(host),
                "ls");
    }

    @Test
    void aTrustedServerIsTalkedTo() throws Exception {
        assertThat(trusting("localhost")).startsWith("0 No services yet.");
    }

    @Test
    void aTrustedCertificateOfAnotherNameIsRefused() throws Exception {
        assertThat(trusting("127.0.0.1")).startsWith("3 argus-client: No Argus answers at https://127.0.0.1");
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefused() {
        Client.Result result = new Client(directory).run("--server", url("localhost"), "ls");
        assertThat(result.status()).isEqualTo(ExitStatus.UNREACHABLE);
        assertThat(result.err()).contains("no secure connection: ");
    }
}
