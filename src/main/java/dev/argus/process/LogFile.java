package dev.argus.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Opens log files, which a service could have replaced: only regular ones, and never through a symbolic link. */
final class LogFile {
    private LogFile() {}

    /**
     * The attributes of the file itself; empty where there is none.
     *
     * @throws IOException when it is something other than a regular file
     */
    static Optional<BasicFileAttributes> attributes(Path file) throws IOException {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                throw new IOException("The log " + file + " is "
                        + (attributes.isSymbolicLink() ? "a symbolic link" : "no regular file")
                        + ", which Argus does not follow; remove it.");
            }
            return Optional.of(attributes);
        } catch (NoSuchFileException _) {
            // nothing was logged (yet), which is what empty says
            return Optional.empty();
        }
    }

    /** Opens it for reading; empty where there is none. */
    static Optional<FileChannel> read(Path file) throws IOException {
        if (attributes(file).isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException _) {
            // removed in between: as good as never there
            return Optional.empty();
        }
    }

    /** Makes it, for its owner alone, where it is missing. */
    static void createFor(Path file) throws IOException {
        if (attributes(file).isEmpty()) {
            try {
                create(file).close();
            } catch (FileAlreadyExistsException _) {
                attributes(file);
            }
        }
    }

    /** Makes a new one for its owner alone. */
    static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
}
