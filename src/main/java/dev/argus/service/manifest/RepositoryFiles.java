package dev.argus.service.manifest;

import dev.argus.service.InvalidValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The files at the root of a checkout, none of them trusted: no link is followed, nothing large is read. */
final class RepositoryFiles {
    private static final int LARGEST = 1 << 20;

    private final Path root;

    RepositoryFiles(Path root) {
        this.root = root;
    }

    /**
     * The bytes of the file, empty where there is none.
     *
     * @throws InvalidValue when it is a link, no plain file, or larger than 1 MiB
     */
    Optional<byte[]> bytes(String name) {
        Path file = root.resolve(name);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new InvalidValue(
                    "", name + " of the repository is not a plain file; replace the link or folder by a file.");
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new InvalidValue("", name + " of the repository is larger than 1 MiB; make it smaller.");
            }
            return Optional.of(bytes);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new InvalidValue("", name + " of the repository cannot be read (" + e.getMessage() + ").");
        }
    }

    /** The file as text, bytes that are no UTF-8 replaced. */
    Optional<String> text(String name) {
        return bytes(name).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    boolean isExecutable(String name) {
        return Files.isExecutable(root.resolve(name));
    }

    /** Whether the path, as a command names it, is there. */
    boolean exists(String relative) {
        return Files.exists(root.resolve(relative).normalize(), LinkOption.NOFOLLOW_LINKS);
    }
}
