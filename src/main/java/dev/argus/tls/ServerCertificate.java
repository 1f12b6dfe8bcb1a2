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
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.X509KeyManager;

/**
 * A certificate chain and its key, as they were read from their files. Reading blocks.
 *
 * @param chain the file of the certificates, PEM, that of the server first
 * @param key the file of its key, PEM
 * @param until when it ends
 * @param names the host names that it vouches for, in lower case; those with {@code *} as their first word for all others in its place
 */
public record ServerCertificate(Buffer chain, Buffer key, Instant until, List<String> names) {
    /** So long before its end people are warned. */
    public static final Duration WARNED_BEFORE = Duration.ofDays(14);

    /** As RFC 5280 numbers the kinds of names. */
    private static final int DNS_NAME = 2;

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
                    certificate.getNotAfter().toInstant(),
                    names(certificate));
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

    private static List<String> names(X509Certificate certificate) throws CertificateParsingException {
        var alternatives = certificate.getSubjectAlternativeNames();
        return alternatives == null
                ? List.of()
                : alternatives.stream()
                        .filter(name -> Integer.valueOf(DNS_NAME).equals(name.getFirst()))
                        .map(name -> String.valueOf(name.getLast()).toLowerCase(Locale.ROOT))
                        .toList();
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

    /** Copies the names. */
    public ServerCertificate {
        names = List.copyOf(names);
    }

    @Override
    public String toString() {
        return "ServerCertificate[until " + until + "]";
    }
}
