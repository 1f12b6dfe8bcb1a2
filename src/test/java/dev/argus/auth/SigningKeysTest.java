package dev.argus.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.argus.bus.ArgusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** There is no fallback for the keys: without good ones Argus does not start. */
final class SigningKeysTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void theKeysAreMadeOnceAndForTheirOwnerAlone() throws IOException {
        SigningKeys made = SigningKeys.in(directory);
        assertThat(SigningKeys.in(directory)).isEqualTo(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(privateKey())))
                .isEqualTo("rw-------");
        assertThat(made.toString()).doesNotContain("KEY");
    }

    @Test
    void aKeyThatOthersMayReadIsRefused() throws IOException {
        SigningKeys.in(directory);
        for (String rights : List.of("rw-r-----", "rw----r--", "rw-rw-rw-")) {
            Files.setPosixFilePermissions(privateKey(), PosixFilePermissions.fromString(rights));
            refused("can be read by others");
        }
    }

    @Test
    void aMissingHalfIsRefusedAndNotMadeAnew() throws IOException {
        SigningKeys.in(directory);
        Files.delete(publicKey());
        refused("signing key");
        assertThat(publicKey()).doesNotExist();
        Files.delete(privateKey());
        SigningKeys.in(directory);
        Files.delete(privateKey());
        refused("signing key");
        assertThat(privateKey()).doesNotExist();
    }

    @Test
    void aDamagedKeyIsRefused() throws IOException {
        SigningKeys.in(directory);
        String good = Files.readString(privateKey());
        for (String bad : List.of("", "nonsense", good.substring(0, good.length() / 2), good.replace('A', '!'))) {
            Files.writeString(privateKey(), bad);
            refused("signing key");
        }
        Files.writeString(privateKey(), good);
        Files.writeString(publicKey(), "");
        refused("signing key");
    }

    @Test
    void halvesThatDoNotBelongTogetherAreRefused() throws IOException {
        SigningKeys.in(directory);
        Path other = Files.createDirectory(directory.resolve("other"));
        SigningKeys.in(other);
        Files.copy(other.resolve("token-public.pem"), publicKey(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        refused("signing key");
    }

    private void refused(String words) {
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(() -> SigningKeys.in(directory))
                .withMessageContaining(words)
                .withMessageEndingWith(".");
    }

    private Path privateKey() {
        return directory.resolve("token-private.pem");
    }

    private Path publicKey() {
        return directory.resolve("token-public.pem");
    }
}
