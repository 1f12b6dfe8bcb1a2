package dev.argus.store;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data directory: where it is, its rights (0700), and the lock that lets one server at a time have it. */
public final class DataDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DataDirectory.class);
    private static final String LOCK_FILE = "argus.lock";

    /** What this process has: the kernel's locks are for processes, and opening a locked file again in the same one undoes its lock. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final @Nullable FileChannel lock;

    private DataDirectory(Path path, @Nullable FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Makes the directory where it is missing, for its owner alone; does not lock it. */
    public static DataDirectory open(Path path) {
        return new DataDirectory(make(path), null);
    }

    /**
     * Like {@link #open}, and takes the lock; the kernel gives it back when this process ends, however it ends.
     *
     * @throws ArgusException {@link ErrorCode#CONFLICT} naming the process that has it
     */
    public static DataDirectory lock(Path path) {
        Path directory = make(path);
        Path file = directory.resolve(LOCK_FILE);
        if (!OWN.add(directory)) {
            throw taken(Long.toString(ProcessHandle.current().pid()), directory);
        }
        try {
            return new DataDirectory(directory, locked(directory, file));
        } catch (RuntimeException e) {
            OWN.remove(directory);
            throw e;
        }
    }

    private static @Nullable FileChannel locked(Path directory, Path file) {
        try {
            if (isReadOnly(directory)) {
                return lockedForReading(directory, file);
            }
            var channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock held = channel.tryLock();
            if (held == null) {
                channel.close();
                throw taken(holder(file), directory);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap((ProcessHandle.current().pid() + " argus\n").getBytes(StandardCharsets.US_ASCII)));
            channel.force(true);
            return channel;
        } catch (IOException e) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE, "The lock " + file + " cannot be taken (" + e.getMessage() + ").");
        }
    }

    /** Others that only read may have it too; one that writes may not. */
    private static @Nullable FileChannel lockedForReading(Path directory, Path file) throws IOException {
        if (Files.notExists(file)) {
            return null;
        }
        var channel = FileChannel.open(file, StandardOpenOption.READ);
        if (channel.tryLock(0, Long.MAX_VALUE, true) == null) {
            channel.close();
            throw taken(holder(file), directory);
        }
        return channel;
    }

    /** Asked of the kernel, for the list of mounts does not tell which of several of the same disk it is. Its owner has the right to write. */
    static boolean isReadOnly(Path directory) {
        return Files.isDirectory(directory) && !Files.isWritable(directory);
    }

    private static ArgusException taken(String holder, Path directory) {
        return ArgusException.conflict("Another Argus (pid " + holder + ") already uses the data directory " + directory
                + "; stop it or give this one another with --data-dir.");
    }

    private static String holder(Path file) throws IOException {
        String first = Files.readString(file).trim().split(" ", 2)[0];
        return first.isEmpty() ? "unknown" : first;
    }

    /** The process that has the lock of this directory; empty where no server runs on it. Only looks. */
    public static OptionalLong holderOf(Path path) {
        Path directory = path.toAbsolutePath().normalize();
        if (OWN.contains(directory)) {
            return OptionalLong.of(ProcessHandle.current().pid());
        }
        Path file = directory.resolve(LOCK_FILE);
        if (!Files.isReadable(file)) {
            return OptionalLong.empty();
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock free = channel.tryLock(0, Long.MAX_VALUE, true)) {
            String holder = free == null ? holder(file) : "";
            return holder.matches("[1-9][0-9]{0,9}") ? OptionalLong.of(Long.parseLong(holder)) : OptionalLong.empty();
        } catch (IOException e) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE, "The lock " + file + " cannot be looked at (" + e.getMessage() + ").");
        }
    }

    private static Path make(Path path) {
        Path directory = path.toAbsolutePath().normalize();
        try {
            if (Files.notExists(directory)) {
                Path parent = directory.getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.createDirectory(directory, privately());
            }
            if (!isReadOnly(directory)) {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            }
            return directory;
        } catch (IOException e) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "The data directory " + directory + " cannot be made or is not ours (" + e.getMessage()
                            + "); choose another with --data-dir.");
        }
    }

    private static java.nio.file.attribute.FileAttribute<?> privately() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    }

    /** Where it is; absolute. */
    public Path path() {
        return path;
    }

    /** Whether nothing can be written to it, because the disk it is on is mounted so. */
    public boolean isReadOnly() {
        return isReadOnly(path);
    }

    /** A directory inside it, made where it is missing, for its owner alone. */
    public Path directory(String name) {
        Path inside = path.resolve(name);
        try {
            return Files.isDirectory(inside) ? inside : Files.createDirectories(inside, privately());
        } catch (IOException e) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE, "The directory " + inside + " cannot be made (" + e.getMessage() + ").");
        }
    }

    /**
     * Removes what an earlier server could not when it was killed. Only for who has the lock; what cannot be removed stays.
     *
     * @param name of a directory inside this one
     * @param prefix with which the names of what is to go begin
     */
    public void removeLeftovers(String name, String prefix) {
        Path inside = path.resolve(name);
        if (lock == null || isReadOnly() || !Files.isDirectory(inside, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(
                inside, each -> String.valueOf(each.getFileName()).startsWith(prefix))) {
            for (Path leftover : leftovers) {
                try (Stream<Path> all = Files.walk(leftover)) {
                    for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(each);
                    }
                }
            }
        } catch (IOException | UncheckedIOException e) {
            log.warn("what an earlier Argus left in {} could not be removed: {}", inside, e.toString());
        }
    }

    @Override
    public void close() {
        if (lock != null) {
            try {
                lock.close();
                OWN.remove(path);
            } catch (IOException e) {
                throw new ArgusException(
                        ErrorCode.UNAVAILABLE,
                        "The lock of " + path + " cannot be given back (" + e.getMessage() + ").");
            }
        }
    }
}
