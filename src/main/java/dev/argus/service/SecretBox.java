package dev.argus.service;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Seals secrets for the store with AES-256-GCM; the key lies beside the signing keys, so a copy of the store alone tells none. */
public final class SecretBox {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;

    private SecretBox(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /**
     * The box whose key is in {@code directory}; made there when there is none.
     *
     * @throws ArgusException {@link ErrorCode#UNAVAILABLE} when it cannot be used
     */
    public static SecretBox in(Path directory) {
        Path file = directory.resolve("secrets.key");
        try {
            if (Files.notExists(file)) {
                byte[] fresh = new byte[KEY_BYTES];
                new SecureRandom().nextBytes(fresh);
                Files.createFile(file, PosixFilePermissions.asFileAttribute(PRIVATE));
                Files.write(file, fresh);
            }
            if (!PRIVATE.containsAll(Files.getPosixFilePermissions(file))) {
                throw new ArgusException(
                        ErrorCode.UNAVAILABLE,
                        "The key " + file
                                + " of the services' secrets can be read by others; if nobody did, run chmod 600"
                                + " on it, else delete it and set all secrets again.");
            }
            byte[] key = Files.readAllBytes(file);
            if (key.length != KEY_BYTES) {
                throw new ArgusException(
                        ErrorCode.UNAVAILABLE,
                        "The key " + file + " of the services' secrets is damaged; restore it from a backup.");
            }
            return new SecretBox(key);
        } catch (IOException e) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE, "The key " + file + " of the services' secrets cannot be used (" + e + ").");
        }
    }

    byte[] seal(String service, String name, String value) {
        try {
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, nonce, service, name).doFinal(value.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not work here", e);
        }
    }

    String open(String service, String name, byte[] sealed) {
        try {
            byte[] nonce = java.util.Arrays.copyOf(sealed, NONCE_BYTES);
            byte[] clear = cipher(Cipher.DECRYPT_MODE, nonce, service, name)
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
            return new String(clear, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "The secret " + name + " of " + service + " cannot be read with the present key; set it again.");
        }
    }

    /** Bound to service and name, so that a sealed value moved to another row does not open. */
    private Cipher cipher(int mode, byte[] nonce, String service, String name) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((service + '/' + name).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
