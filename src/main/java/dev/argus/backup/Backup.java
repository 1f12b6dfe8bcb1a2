package dev.argus.backup;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import dev.argus.store.Database;
import dev.argus.store.Row;
import dev.argus.store.StoreFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Writes a backup of a data directory, whether or not a server runs on it. Blocks for as long as it takes, at most the time it is given. */
public final class Backup {
    /** Releases are removed while they are read only when deployments go on, so trying again helps soon. */
    private static final int ATTEMPTS = 5;

    private final Path directory;
    private final String version;
    private final Consumer<String> progress;

    /**
     * A backup of {@code dataDirectory}.
     *
     * @param version of this Argus, for those who look at the file
     * @param progress is told what has been written, a line each
     */
    public Backup(Path dataDirectory, String version, Consumer<String> progress) {
        this.directory = dataDirectory.toAbsolutePath().normalize();
        this.version = version;
        this.progress = progress;
    }

    /** Something that the store knows was removed while it was read. */
    private static final class Moved extends IOException {
        private static final long serialVersionUID = 1L;

        Moved(String what) {
            super(what);
        }
    }

    /**
     * Writes {@code file}, for its owner alone, in one step: it is there as a whole or not at all, and one of that name stays until then.
     *
     * @return how many bytes it has
     * @throws ArgusException when there is nothing to back up, the time is over, or the disk refuses; then nothing is left behind
     */
    public long write(Path file, Duration within) {
        Path target = file.toAbsolutePath().normalize();
        Path unfinished = target.resolveSibling(
                target.getFileName() + ".part-" + ProcessHandle.current().pid());
        var limit = new Limit(within);
        try {
            try {
                for (int attempt = 1; ; attempt++) {
                    try {
                        attempt(target, unfinished, limit, attempt == ATTEMPTS);
                        break;
                    } catch (Moved e) {
                        progress.accept(e.getMessage() + " was removed meanwhile; beginning again");
                    }
                }
                long size = Files.size(unfinished);
                Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                sync(unfinished.resolveSibling("."));
                return size;
            } finally {
                Files.deleteIfExists(unfinished);
                Files.deleteIfExists(storeBeside(unfinished));
            }
        } catch (IOException e) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "The backup " + target + " cannot be written (" + e
                            + "); check rights and space of its disk and of " + directory + ".");
        }
    }

    private static Path storeBeside(Path unfinished) {
        return unfinished.resolveSibling(unfinished.getFileName() + ".db");
    }

    private void attempt(Path target, Path unfinished, Limit limit, boolean last) throws IOException {
        Path store = storeBeside(unfinished);
        Files.deleteIfExists(store);
        Files.deleteIfExists(unfinished);
        long schema = StoreFile.copy(directory, store);
        limit.check();
        List<Row> releases = StoreFile.releasesIn(store);
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(
                        unfinished, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner);
                var packed = new Quick(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16))) {
            var tar = new TarWriter(packed, limit);
            Instant now = Instant.now();
            tar.add(
                    Manifest.NAME,
                    new Manifest(version, schema, now, directory.toString()).encode(),
                    now.getEpochSecond());
            progress.accept("store: " + size(tar.add(Database.FILE, store)));
            requireAll(releases, last);
            files(tar, Contents.of(releases), Set.of(target, unfinished, store));
            requireAll(releases, last);
            tar.finish();
            packed.finish();
            channel.force(true);
        }
    }

    /** Better to begin again than to have a store that speaks of what is not there; one that was lost for good must not keep all from being saved. */
    private void requireAll(List<Row> releases, boolean last) throws Moved {
        for (Row row : releases) {
            String name = row.text("service") + "/releases/" + row.number("number");
            if (Files.notExists(directory.resolve("services").resolve(name))) {
                if (!last) {
                    throw new Moved(name);
                }
                progress.accept(name + " is missing in the data directory, and so in the backup");
            }
        }
    }

    private void files(TarWriter tar, Contents contents, Set<Path> own) throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory)) {
            for (Path part : parts) {
                if (!part.getFileName().toString().equals("services")) {
                    tree(tar, part, contents, own);
                }
            }
        }
        Path services = directory.resolve("services");
        if (Files.isDirectory(services, LinkOption.NOFOLLOW_LINKS)) {
            tar.add("services", services);
            try (DirectoryStream<Path> all = Files.newDirectoryStream(services)) {
                for (Path service : all) {
                    progress.accept(
                            "service " + service.getFileName() + ": " + size(tree(tar, service, contents, own)));
                }
            }
        }
    }

    /** What vanishes meanwhile, as files of services and of builds do, is left out. */
    private long tree(TarWriter tar, Path top, Contents contents, Set<Path> own) throws IOException {
        long[] bytes = new long[1];
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes found) throws IOException {
                return add(path) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes found) throws IOException {
                add(path);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            private boolean add(Path path) throws IOException {
                Path relative = directory.relativize(path);
                if (own.contains(path) || !contents.has(relative)) {
                    return false;
                }
                try {
                    bytes[0] += tar.add(relative.toString(), path);
                    return true;
                } catch (NoSuchFileException _) {
                    return false;
                }
            }
        });
        return bytes[0];
    }

    private static String size(long bytes) {
        return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
    }

    private static void sync(Path parent) throws IOException {
        try (var opened = FileChannel.open(parent, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }

    /** Programs hardly become smaller by more effort, and it takes several times as long. */
    private static final class Quick extends GZIPOutputStream {
        Quick(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
