package dev.argus.tls;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import dev.argus.config.ServerConfig.TlsConfig;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.X509KeyManager;

/**
 * A certificate chain and its key, as they were read from their files. Reading blocks.
 *
 * @param chain the file of the certificates, PEM, that of the server first
 * @param key the file of its key, PEM
 * @param until when it ends
 */
public record ServerCertificate(Buffer chain, Buffer key, Instant until) {
    /** So long before its end people are warned. */
    public static final Duration WARNED_BEFORE = Duration.ofDays(14);

    private static final List<String> KINDS = List.of("EC", "RSA", "EdDSA");

    /**
     * The certificate in the files that are configured.
     *
     * @throws ArgusException {@link ErrorCode#UNAVAILABLE} when one cannot be read, is none, or they do not belong together, saying what to do
     */
    public static ServerCertificate read(TlsConfig files, Vertx vertx) {
        try {
            byte[] chain = Files.readAllBytes(files.certificate());
            byte[] key = Files.readAllBytes(files.key());
            X509Certificate certificate = first(chain);
            var read = new ServerCertificate(
                    Buffer.buffer(chain),
                    Buffer.buffer(key),
                    certificate.getNotAfter().toInstant());
            requirePair(read.privateKey(vertx), certificate);
            return read;
        } catch (Exception e) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "The certificate " + files.certificate() + " with the key " + files.key() + " cannot be used (" + e
                            + "); give a certificate and its own key as PEM in server.tls, which the user of Argus can read.");
        }
    }

    /**
     * When the certificate in this file ends; looks at nothing else.
     *
     * @throws IOException when it cannot be read or is none
     */
    public static Instant until(Path certificate) throws IOException {
        try {
            return first(Files.readAllBytes(certificate)).getNotAfter().toInstant();
        } catch (GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static X509Certificate first(byte[] chain) throws GeneralSecurityException {
        var all = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(chain));
        return all.stream()
                .filter(X509Certificate.class::isInstance)
                .map(X509Certificate.class::cast)
                .findFirst()
                .orElseThrow(() -> new InvalidKeyException("there is no certificate in it"));
    }

    private PrivateKey privateKey(Vertx vertx) throws Exception {
        for (var each : options().getKeyManagerFactory(vertx).getKeyManagers()) {
            if (each instanceof X509KeyManager keys) {
                for (String kind : KINDS) {
                    String[] names = keys.getServerAliases(kind, null);
                    if (names != null && names.length > 0) {
                        return keys.getPrivateKey(names[0]);
                    }
                }
            }
        }
        throw new InvalidKeyException("there is no key of a kind that is known");
    }

    private static void requirePair(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] text = {1, 2, 3};
        var signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(text);
        if (!signature.verify(signed)) {
            throw new InvalidKeyException("the two do not belong together");
        }
    }

    /** For the server. */
    public PemKeyCertOptions options() {
        return new PemKeyCertOptions().setCertValue(chain).setKeyValue(key);
    }

    /** Whether the files now hold something else. */
    public boolean differsFrom(TlsConfig files) throws IOException {
        return !Arrays.equals(chain.getBytes(), Files.readAllBytes(files.certificate()))
                || !Arrays.equals(key.getBytes(), Files.readAllBytes(files.key()));
    }

    @Override
    public String toString() {
        return "ServerCertificate[until " + until + "]";
    }
}
