package dev.argus.auth;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key pair that signs tokens (ECDSA P-256), made at the first start and kept for the owner alone. There is no fallback:
 * a key that is missing its other half, or that others can read, stops Argus.
 */
public record SigningKeys(String privatePem, String publicPem) {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN [A-Z ]+-----\\s(.*)\\s-----END [A-Z ]+-----", Pattern.DOTALL);
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    /**
     * The keys in {@code directory}, made there when there are none.
     *
     * @throws ArgusException {@link ErrorCode#UNAVAILABLE} when they cannot be used safely, saying what to do
     */
    public static SigningKeys in(Path directory) {
        Path privateFile = directory.resolve("token-private.pem");
        Path publicFile = directory.resolve("token-public.pem");
        try {
            if (Files.notExists(privateFile) && Files.notExists(publicFile)) {
                make(privateFile, publicFile);
            }
            var rights = Files.getPosixFilePermissions(privateFile);
            if (!PRIVATE.containsAll(rights)) {
                throw new ArgusException(
                        ErrorCode.UNAVAILABLE,
                        "The signing key " + privateFile + " can be read by others; if nobody did, run chmod 600 on it,"
                                + " else delete both files of that folder (all tokens end).");
            }
            var keys = new SigningKeys(Files.readString(privateFile), Files.readString(publicFile));
            keys.requireOnePair();
            return keys;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "The signing keys in " + directory + " cannot be used (" + e
                            + "); restore them from a backup or delete both files (all tokens end).");
        }
    }

    private static void make(Path privateFile, Path publicFile) throws IOException, GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        write(privateFile, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        write(publicFile, pem("PUBLIC KEY", pair.getPublic().getEncoded()));
    }

    /** Halves that do not belong together would sign what nobody accepts. */
    private void requireOnePair() throws GeneralSecurityException {
        byte[] text = "a trial".getBytes(StandardCharsets.US_ASCII);
        var factory = KeyFactory.getInstance("EC");
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(factory.generatePrivate(new PKCS8EncodedKeySpec(encoded(privatePem))));
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(factory.generatePublic(new X509EncodedKeySpec(encoded(publicPem))));
        signature.update(text);
        if (!signature.verify(signed)) {
            throw new InvalidKeyException("the two do not belong together");
        }
    }

    private static byte[] encoded(String pem) throws InvalidKeyException {
        Matcher parts = PEM.matcher(pem.strip());
        if (!parts.matches()) {
            throw new InvalidKeyException("one is no key");
        }
        return Base64.getDecoder().decode(parts.group(1).replaceAll("\\s", ""));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PRIVATE));
        Files.writeString(file, text);
    }

    private static String pem(String what, byte[] encoded) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(encoded);
        return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
    }

    @Override
    public String toString() {
        return "SigningKeys[…]";
    }
}
