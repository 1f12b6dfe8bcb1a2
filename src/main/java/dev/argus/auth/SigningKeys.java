package dev.argus.auth;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The key pair that signs tokens (ECDSA P-256), made at the first start and kept for the owner alone. There is no fallback:
 * a key that is missing its other half, or that others can read, stops Argus. After a rotation the public half of the pair before is live beside it, so that
 * tokens it has signed stay good until they end or the next rotation comes.
 *
 * @param formerPublicPem null when there is no pair before
 */
public record SigningKeys(
        String privatePem, String publicPem, @Nullable String formerPublicPem) {
    private static final String PRIVATE_FILE = "token-private.pem";
    private static final String PUBLIC_FILE = "token-public.pem";
    private static final String FORMER_FILE = "token-former-public.pem";
    private static final String NEXT_PRIVATE_FILE = "token-next-private.pem";
    private static final String NEXT_PUBLIC_FILE = "token-next-public.pem";

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN [A-Z ]+-----\\s(.*)\\s-----END [A-Z ]+-----", Pattern.DOTALL);
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    /**
     * The keys in {@code directory}, made there when there are none.
     *
     * @throws ArgusException {@link ErrorCode#UNAVAILABLE} when they cannot be used safely, saying what to do
     */
    public static SigningKeys in(Path directory) {
        Path privateFile = directory.resolve(PRIVATE_FILE);
        Path publicFile = directory.resolve(PUBLIC_FILE);
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
            return read(directory);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "The signing keys in " + directory + " cannot be used (" + e
                            + "); restore them from a backup or delete both files (all tokens end).");
        }
    }

    private static SigningKeys read(Path directory) throws IOException, GeneralSecurityException {
        Path former = directory.resolve(FORMER_FILE);
        String privatePem = Files.readString(directory.resolve(PRIVATE_FILE));
        var keys = new SigningKeys(
                privatePem,
                Files.readString(directory.resolve(PUBLIC_FILE)),
                Files.exists(former) ? Files.readString(former) : null);
        if (keys.isOnePair()) {
            return keys;
        }
        Path next = directory.resolve(NEXT_PUBLIC_FILE);
        if (Files.exists(next) && new SigningKeys(privatePem, Files.readString(next), null).isOnePair()) {
            // a rotation was cut off just before its last step
            finish(directory);
            return read(directory);
        }
        throw new InvalidKeyException("the two do not belong together");
    }

    /**
     * Makes a new pair, which signs from now on; a running server takes it up within two seconds.
     *
     * @param keepFormer whether tokens that the pair before has signed stay good; those of the one before that never do
     * @throws ArgusException {@link ErrorCode#UNAVAILABLE} when the disk refuses; then the pair before signs on
     */
    public static SigningKeys rotate(Path directory, boolean keepFormer) {
        SigningKeys before = in(directory);
        try {
            Path former = directory.resolve(FORMER_FILE);
            Files.deleteIfExists(directory.resolve(NEXT_PRIVATE_FILE));
            Files.deleteIfExists(directory.resolve(NEXT_PUBLIC_FILE));
            make(directory.resolve(NEXT_PRIVATE_FILE), directory.resolve(NEXT_PUBLIC_FILE));
            // the order is what makes it safe to be cut off: at every moment there is a pair, and what it signed is
            // accepted
            if (keepFormer) {
                Path fresh = directory.resolve(FORMER_FILE + ".new");
                Files.deleteIfExists(fresh);
                write(fresh, before.publicPem());
                Files.move(fresh, former, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(
                    directory.resolve(NEXT_PRIVATE_FILE),
                    directory.resolve(PRIVATE_FILE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            finish(directory);
            if (!keepFormer) {
                Files.deleteIfExists(former);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "The signing keys in " + directory + " could not be rotated (" + e
                            + "); check rights and space of the disk and try again.");
        }
        return in(directory);
    }

    private static void finish(Path directory) throws IOException {
        try {
            Files.move(
                    directory.resolve(NEXT_PUBLIC_FILE),
                    directory.resolve(PUBLIC_FILE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException alreadyDone) {
            // by a server that has looked at the same moment
            if (Files.notExists(directory.resolve(PUBLIC_FILE))) {
                throw alreadyDone;
            }
        }
    }

    /** Something that is another when the keys in {@code directory} have been changed. */
    static String stamp(Path directory) throws IOException {
        var stamp = new StringBuilder();
        for (String name : List.of(PRIVATE_FILE, PUBLIC_FILE, FORMER_FILE)) {
            Path file = directory.resolve(name);
            stamp.append(Files.exists(file) ? Files.readAttributes(file, "unix:ino,ctime") : "-");
        }
        return stamp.toString();
    }

    /** The fingerprint of a public key, by which people tell it: the first half of its SHA-256. */
    public static String fingerprint(String publicPem) {
        return Tokens.hash(publicPem).substring(0, 32);
    }

    private static void make(Path privateFile, Path publicFile) throws IOException, GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        write(privateFile, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        write(publicFile, pem("PUBLIC KEY", pair.getPublic().getEncoded()));
    }

    /** Halves that do not belong together would sign what nobody accepts. */
    private boolean isOnePair() throws GeneralSecurityException {
        byte[] text = "a trial".getBytes(StandardCharsets.US_ASCII);
        var factory = KeyFactory.getInstance("EC");
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(factory.generatePrivate(new PKCS8EncodedKeySpec(encoded(privatePem))));
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(factory.generatePublic(new X509EncodedKeySpec(encoded(publicPem))));
        signature.update(text);
        return signature.verify(signed);
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
