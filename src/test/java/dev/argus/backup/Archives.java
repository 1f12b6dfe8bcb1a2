package dev.argus.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;

/** Backups as other versions of Argus would write them. */
public final class Archives {
    private Archives() {}

    /** A backup with a store of a schema that is not known yet. */
    public static Path ofSchema(long schema, Path file) {
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            var tar = new TarWriter(out, new Limit(Duration.ofMinutes(1)));
            tar.add(Manifest.NAME, new Manifest("9.9", schema, Instant.now(), "/former").encode(), 0);
            tar.finish();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
