package dev.argus.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.argus.bus.ArgusException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretBoxTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void whatIsSealedOpensWithTheSameKeyAlone() throws IOException {
        byte[] sealed = SecretBox.in(directory).seal("web", "KEY", "s3cret ü");
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("s3cret");
        assertThat(SecretBox.in(directory).open("web", "KEY", sealed)).isEqualTo("s3cret ü");
        Path other = Files.createDirectory(directory.resolve("other"));
        refusedToOpen(SecretBox.in(other), "web", "KEY", sealed);
    }

    @Test
    void aSealedValueDoesNotOpenInAnotherPlaceOrChanged() {
        var box = SecretBox.in(directory);
        byte[] sealed = box.seal("web", "KEY", "s3cret");
        refusedToOpen(box, "web2", "KEY", sealed);
        refusedToOpen(box, "web", "KEY2", sealed);
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            refusedToOpen(box, "web", "KEY", changed);
        }
        for (int length = 0; length < sealed.length; length++) {
            refusedToOpen(box, "web", "KEY", java.util.Arrays.copyOf(sealed, length));
        }
    }

    @Test
    void theSameSecretIsSealedDifferentlyEachTime() {
        var box = SecretBox.in(directory);
        assertThat(box.seal("web", "KEY", "s3cret")).isNotEqualTo(box.seal("web", "KEY", "s3cret"));
    }

    @Test
    void aKeyThatIsDamagedOrThatOthersMayReadIsRefused() throws IOException {
        SecretBox.in(directory);
        Path key = directory.resolve("secrets.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(() -> SecretBox.in(directory))
                .withMessageContaining("can be read by others");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.write(key, new byte[31]);
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(() -> SecretBox.in(directory))
                .withMessageContaining("damaged");
    }

    private static void refusedToOpen(SecretBox box, String service, String name, byte[] sealed) {
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(() -> box.open(service, name, sealed))
                .withMessageContaining("set it again")
                .satisfies(refused -> assertThat(refused.sentence()).doesNotContain("s3cret"));
    }
}
