package dev.argus.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TarTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private static Limit enough() {
        return new Limit(Duration.ofMinutes(1));
    }

    @Test
    void namesOfEveryLengthAndLanguageComeBackWithContentRightsAndLinks() throws IOException {
        var random = new Random(4711);
        var bytes = new ByteArrayOutputStream();
        var tar = new TarWriter(bytes, enough());
        for (int length = 1; length <= 250; length += 3) {
            Path file = Files.write(directory.resolve("f"), content(random, length * 37));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
            tar.add("ä" + "n/".repeat(length / 2) + "x".repeat(length), file);
            Path link = directory.resolve("link" + length);
            Files.createSymbolicLink(link, Path.of("t".repeat(length)));
            tar.add("l" + length, link);
        }
        tar.finish();
        var reader = new TarReader(new ByteArrayInputStream(bytes.toByteArray()));
        random = new Random(4711);
        for (int length = 1; length <= 250; length += 3) {
            var file = reader.next().orElseThrow();
            assertThat(file.name()).isEqualTo("ä" + "n/".repeat(length / 2) + "x".repeat(length));
            assertThat(PosixFilePermissions.toString(file.permissions())).isEqualTo("rwxr-x--x");
            assertThat(reader.content(new byte[length * 37], file.size())).isEqualTo(content(random, length * 37));
            var link = reader.next().orElseThrow();
            assertThat(link.kind()).isEqualTo(TarReader.Kind.LINK);
            assertThat(link.link()).isEqualTo("t".repeat(length));
        }
        assertThat(reader.next()).isEmpty();
    }

    private static byte[] content(Random random, int length) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        return content;
    }

    @Test
    void theTarOfTheSystemReadsWhatIsWritten() throws Exception {
        Path source = Files.createDirectories(directory.resolve("source/" + "deep/".repeat(40)));
        Files.writeString(source.resolve("wörter.txt"), "Inhalt");
        Path archive = directory.resolve("a.tar");
        try (var out = Files.newOutputStream(archive)) {
            var tar = new TarWriter(out, enough());
            Path at = directory.resolve("source");
            tar.add("source", at);
            for (int i = 0; i < 40; i++) {
                at = at.resolve("deep");
                tar.add(directory.relativize(at).toString(), at);
            }
            tar.add(directory.relativize(at).resolve("wörter.txt").toString(), at.resolve("wörter.txt"));
            tar.finish();
        }
        Path to = Files.createDirectory(directory.resolve("to"));
        Process unpack = new ProcessBuilder("tar", "-xf", archive.toString(), "-C", to.toString()).start();
        assertThat(unpack.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(unpack.exitValue()).isZero();
        assertThat(to.resolve(directory.relativize(source)).resolve("wörter.txt"))
                .hasContent("Inhalt");
    }

    @Test
    void namesThatLeadElsewhereAreRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "x");
        for (String name : new String[] {"../f", "/etc/f", "a/../../f", "a//f", "./f", ".."}) {
            var bytes = new ByteArrayOutputStream();
            var tar = new TarWriter(bytes, enough());
            tar.add(name, file);
            tar.finish();
            assertThatExceptionOfType(IOException.class)
                    .as(name)
                    .isThrownBy(() -> new TarReader(new ByteArrayInputStream(bytes.toByteArray())).next());
        }
    }

    @Test
    void anArchiveThatWasCutOrChangedIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "x".repeat(2_000));
        var bytes = new ByteArrayOutputStream();
        var tar = new TarWriter(bytes, enough());
        tar.add("f", file);
        tar.finish();
        byte[] good = bytes.toByteArray();
        for (int length : new int[] {0, 100, 600, 2_000, good.length - 1_024}) {
            assertThatExceptionOfType(IOException.class)
                    .as("cut after " + length)
                    .isThrownBy(() -> readAll(java.util.Arrays.copyOf(good, length)));
        }
        byte[] changed = good.clone();
        changed[3] ^= 1;
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> readAll(changed));
        assertThat(new String(good, StandardCharsets.ISO_8859_1)).contains("ustar");
    }

    @Test
    void anEntryWhoseNameHasNoEndIsRefusedBeforeItFillsTheMemory() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var tar = new TarArchiveOutputStream(bytes);
        byte[] name = "n".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        var entry = new TarArchiveEntry(TarConstants.GNU_LONGLINK, TarConstants.LF_GNUTYPE_LONGNAME);
        entry.setSize(name.length);
        tar.putArchiveEntry(entry);
        tar.write(name);
        tar.closeArchiveEntry();
        tar.putArchiveEntry(new TarArchiveEntry("n"));
        tar.closeArchiveEntry();
        tar.finish();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> readAll(bytes.toByteArray()))
                .withMessage("an entry has a name that is too long");
    }

    @Test
    void whatNoBackupHasIsRefused() throws IOException {
        for (byte type : new byte[] {
            TarConstants.LF_LINK, TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO, TarConstants.LF_CONTIG
        }) {
            var bytes = new ByteArrayOutputStream();
            var tar = new TarArchiveOutputStream(bytes);
            var entry = new TarArchiveEntry("f", type);
            entry.setLinkName("g");
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
            tar.finish();
            assertThatExceptionOfType(IOException.class)
                    .as("type " + (char) type)
                    .isThrownBy(() -> readAll(bytes.toByteArray()))
                    .withMessage("an entry is of a kind that no backup has");
        }
    }

    private static void readAll(byte[] archive) throws IOException {
        var reader = new TarReader(new ByteArrayInputStream(archive));
        while (reader.next().isPresent()) {
            // to the end
        }
    }
}
