package dev.argus.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Keeps the native part of SQLite in the data directory. Its loader by itself unpacks it into the directory of temporary files at every start, which takes
 * time, and a process that is killed leaves it there.
 */
final class NativeLibrary {
    private static final Logger log = LoggerFactory.getLogger(NativeLibrary.class);
    private static final String DIRECTORY = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";
    private static final String PREFIX = "sqlite-";

    private NativeLibrary() {}

    /** Has it loaded from there, the first time in this process; where it cannot be kept, its loader does as it always does. */
    static synchronized void keepIn(Path dataDirectory) {
        if (System.getProperty(DIRECTORY) != null) {
            return;
        }
        Path kept =
                dataDirectory.toAbsolutePath().resolve("cache").resolve(PREFIX + SQLiteJDBCLoader.getVersion() + ".so");
        try {
            if (!Files.isReadable(kept)) {
                unpack(kept);
            }
            System.setProperty(NAME, kept.getFileName().toString());
            System.setProperty(
                    DIRECTORY, Objects.requireNonNull(kept.getParent()).toString());
        } catch (IOException e) {
            log.debug("the library of SQLite cannot be kept as {}", kept, e);
        }
    }

    /** It is there as a whole or not at all, also when the power fails: half of it would end whoever loads it. */
    private static void unpack(Path kept) throws IOException {
        Path cache = Objects.requireNonNull(kept.getParent());
        Files.createDirectories(
                cache, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (DirectoryStream<Path> former = Files.newDirectoryStream(cache, PREFIX + "*")) {
            for (Path each : former) {
                Files.delete(each);
            }
        }
        Path unfinished =
                cache.resolve(PREFIX + "part-" + ProcessHandle.current().pid());
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource);
                var channel = FileChannel.open(
                        unfinished, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
            if (in == null) {
                throw new IOException("there is none for this machine");
            }
            in.transferTo(Channels.newOutputStream(channel));
            channel.force(true);
        }
        Files.move(unfinished, kept, StandardCopyOption.ATOMIC_MOVE);
    }
}
