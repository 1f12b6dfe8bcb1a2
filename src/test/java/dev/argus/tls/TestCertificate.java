package dev.argus.tls;

import dev.argus.config.ServerConfig.TlsConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates that the JDK's own tool makes, as PEM files. */
public final class TestCertificate {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final KeyStore store;

    private TestCertificate(KeyStore store) {
        this.store = store;
    }

    /** One for 127.0.0.1, localhost, argus.example.com and what is below inner.example.com. */
    public static TestCertificate make(Path directory, String algorithm, int days) throws Exception {
        Path file = Files.createTempFile(directory, "certificate", ".p12");
        Files.delete(file);
        Process tool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD),
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=argus",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost,dns:argus.example.com,dns:*.inner.example.com",
                        "-validity",
                        Integer.toString(days),
                        "-alias",
                        "argus"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!tool.waitFor(60, TimeUnit.SECONDS) || tool.exitValue() != 0) {
            throw new IOException("keytool made no certificate");
        }
        return new TestCertificate(KeyStore.getInstance(file.toFile(), PASSWORD));
    }

    /** Writes both files, each in one step. */
    public TlsConfig write(Path directory) throws IOException, GeneralSecurityException {
        var files = new TlsConfig(directory.resolve("argus.crt"), directory.resolve("argus.key"));
        writeCertificate(files);
        writeKey(files);
        return files;
    }

    public void writeCertificate(TlsConfig files) throws IOException, GeneralSecurityException {
        write(files.certificate(), "CERTIFICATE", store.getCertificate("argus").getEncoded());
    }

    public void writeKey(TlsConfig files) throws IOException, GeneralSecurityException {
        write(files.key(), "PRIVATE KEY", store.getKey("argus", PASSWORD).getEncoded());
    }

    private static void write(Path file, String what, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What trusts this certificate and no other. */
    public SSLContext trusted() throws GeneralSecurityException, IOException {
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("argus", store.getCertificate("argus"));
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trust);
        var context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
