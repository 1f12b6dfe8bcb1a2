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

    @Test
    void afterARotationTheFormerPublicKeyIsLiveBesideTheNewPairAndNoOther() throws IOException {
        SigningKeys first = SigningKeys.in(directory);
        SigningKeys second = SigningKeys.rotate(directory, true);
        assertThat(second.publicPem()).isNotEqualTo(first.publicPem());
        assertThat(second.formerPublicPem()).isEqualTo(first.publicPem());
        SigningKeys third = SigningKeys.rotate(directory, true);
        assertThat(third.formerPublicPem()).isEqualTo(second.publicPem());
        SigningKeys fourth = SigningKeys.rotate(directory, false);
        assertThat(fourth.formerPublicPem()).isNull();
        assertThat(SigningKeys.in(directory)).isEqualTo(fourth);
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("token-private.pem", "token-public.pem");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(privateKey())))
                .isEqualTo("rw-------");
    }

    @Test
    void aRotationThatIsCutOffAnywhereLeavesAPairThatWorks() throws IOException {
        SigningKeys before = SigningKeys.in(directory);
        Path next = Files.createDirectory(directory.resolve("next"));
        SigningKeys made = SigningKeys.in(next);
        Files.copy(next.resolve("token-private.pem"), directory.resolve("token-next-private.pem"));
        assertThat(SigningKeys.in(directory)).as("with half of the next pair").isEqualTo(before);
        Files.copy(next.resolve("token-public.pem"), directory.resolve("token-next-public.pem"));
        assertThat(SigningKeys.in(directory)).as("with the next pair").isEqualTo(before);
        Files.copy(publicKey(), directory.resolve("token-former-public.pem"));
        assertThat(SigningKeys.in(directory).publicPem()).as("with the former").isEqualTo(before.publicPem());
        Files.move(
                directory.resolve("token-next-private.pem"),
                privateKey(),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        SigningKeys taken = SigningKeys.in(directory);
        assertThat(taken.publicPem()).as("before the last step").isEqualTo(made.publicPem());
        assertThat(taken.formerPublicPem()).isEqualTo(before.publicPem());
        assertThat(SigningKeys.in(directory)).isEqualTo(taken);
        assertThat(SigningKeys.rotate(directory, true).formerPublicPem()).isEqualTo(made.publicPem());
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
