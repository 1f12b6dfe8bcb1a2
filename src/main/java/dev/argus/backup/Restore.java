package dev.argus.backup;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import dev.argus.store.DataDirectory;
import dev.argus.store.Database;
import dev.argus.store.StoreFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Makes a data directory of a backup. What it does not finish it takes back, or the next restore does. */
public final class Restore {
    /** Where things lie until all of them are there. */
    static final String UNFINISHED = "restoring";

    private static final Set<String> HARMLESS = Set.of("argus.lock", "lost+found", UNFINISHED);
    private static final int MOST_MANIFEST = 1 << 16;

    private final Path directory;
    private final Consumer<String> progress;

    /** A restore into {@code dataDirectory}, which is made where it is missing. */
    public Restore(Path dataDirectory, Consumer<String> progress) {
        this.directory = dataDirectory.toAbsolutePath().normalize();
        this.progress = progress;
    }

    /**
     * Restores {@code file}.
     *
     * @throws ArgusException {@link ErrorCode#CONFLICT} when the directory is in use or holds something, or the backup is of a newer Argus;
     *     {@link ErrorCode#INVALID} when the file is no backup, or damaged. Then nothing was changed
     */
    public void read(Path file) {
        try (DataDirectory locked = DataDirectory.lock(directory)) {
            requireEmpty();
            Path unfinished = locked.directory(UNFINISHED);
            try {
                remove(unfinished);
                locked.directory(UNFINISHED);
                unpack(file, unfinished);
                StoreFile.look(unfinished);
                settle(unfinished);
            } finally {
                remove(unfinished);
            }
        } catch (IOException e) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "The backup " + file + " cannot be restored to " + directory + " (" + e
                            + "); check rights and space of its disk, nothing was restored.");
        }
    }

    private void requireEmpty() throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
            for (Path each : found) {
                if (!HARMLESS.contains(each.getFileName().toString())) {
                    throw ArgusException.conflict(
                            "The data directory " + directory + " is not empty (" + each.getFileName()
                                    + "), and a restore replaces nothing; stop Argus, move what is there away and try again.");
                }
            }
        }
    }

    private void unpack(Path file, Path to) throws IOException {
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)), 1 << 16)) {
            var tar = new TarReader(in);
            TarReader.Entry first = tar.next().orElseThrow(() -> new IOException("it is empty"));
            if (!first.name().equals(Manifest.NAME) || first.size() > MOST_MANIFEST) {
                throw new IOException("it does not begin as one");
            }
            var manifest = Manifest.decode(tar.content(new byte[(int) first.size()], first.size()));
            requireKnown(manifest);
            progress.accept("taken " + manifest.takenAt() + " by Argus " + manifest.version());
            List<TarReader.Entry> directories = new ArrayList<>();
            long files = 0;
            for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
                put(tar, entry.get(), to, manifest, directories);
                files++;
            }
            // the sum of all of it stands at the end
            in.transferTo(OutputStream.nullOutputStream());
            if (Files.notExists(to.resolve(Database.FILE))) {
                throw new IOException("it has no store");
            }
            // from the inside outwards, for what makes a directory unwritable or young
            for (TarReader.Entry each : directories.reversed()) {
                finish(to.resolve(each.name()), each);
            }
            progress.accept(files + " files and directories");
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw ArgusException.invalid(
                    "file",
                    "The file " + file + " is no backup of Argus or is damaged (" + e.getMessage()
                            + "); nothing was restored, take another one.");
        }
    }

    private static void requireKnown(Manifest manifest) {
        if (manifest.schema() > StoreFile.newestSchema()) {
            throw ArgusException.conflict("The backup was taken by a newer Argus (" + manifest.version() + ", schema "
                    + manifest.schema() + ", this one knows " + StoreFile.newestSchema()
                    + "); restore it with that version. Nothing was restored.");
        }
    }

    private void put(
            TarReader tar, TarReader.Entry entry, Path to, Manifest manifest, List<TarReader.Entry> directories)
            throws IOException {
        Path path = to.resolve(entry.name());
        for (Path above = path.getParent(); above != null && !above.equals(to); above = above.getParent()) {
            if (!Files.isDirectory(above, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("an entry lies in what is no directory");
            }
        }
        switch (entry.kind()) {
            case DIRECTORY -> {
                Files.createDirectory(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                directories.add(entry);
            }
            case LINK -> Files.createSymbolicLink(path, turned(entry.link(), manifest));
            case FILE -> {
                write(tar, entry, path);
                finish(path, entry);
            }
        }
    }

    /** Releases have links to data of their service, which name the data directory. */
    private Path turned(String link, Manifest manifest) {
        String former = manifest.dataDirectory() + "/";
        return link.startsWith(former) ? directory.resolve(link.substring(former.length())) : Path.of(link);
    }

    private static void write(TarReader tar, TarReader.Entry entry, Path path) throws IOException {
        byte[] buffer = new byte[1 << 16];
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var out =
                Files.newByteChannel(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
            for (long left = entry.size(); left > 0; ) {
                int part = (int) Math.min(buffer.length, left);
                var content = java.nio.ByteBuffer.wrap(tar.content(buffer, left), 0, part);
                while (content.hasRemaining()) {
                    out.write(content);
                }
                left -= part;
            }
        }
    }

    private static void finish(Path path, TarReader.Entry entry) throws IOException {
        Files.setLastModifiedTime(path, FileTime.fromMillis(entry.time() * 1000));
        Files.setPosixFilePermissions(path, entry.permissions());
    }

    /** The store comes last: with it the directory is one. */
    private void settle(Path unfinished) throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(unfinished)) {
            for (Path part : parts) {
                if (!part.getFileName().toString().equals(Database.FILE)) {
                    Files.move(part, directory.resolve(part.getFileName()), StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        Files.move(unfinished.resolve(Database.FILE), directory.resolve(Database.FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void remove(Path tree) throws IOException {
        if (Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> all = Files.walk(tree)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
