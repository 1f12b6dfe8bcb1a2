package dev.argus.deploy.git;

import dev.argus.deploy.git.GitFailed.Reason;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** The service's own copy of its repository on disk: made, opened, mended, thrown away. */
final class BareRepository {
    private static final int MOST_PACKS = 50;
    // not even to find that there is nothing to do may a fetch leave a thread behind that writes here, when the folder
    // may be gone
    private static final String CONFIG =
            "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n[gc]\n\tauto = 0\n\tautoDetach = false\n";

    private final Path directory;

    BareRepository(Path directory) {
        this.directory = directory;
    }

    boolean exists() {
        return Files.isRegularFile(directory.resolve("HEAD")) && Files.isDirectory(directory.resolve("objects"));
    }

    /** Opens it, and makes it where it is missing; locks that a killed Argus left behind are taken away. */
    Repository open() throws IOException {
        if (!exists()) {
            delete(directory);
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.createDirectories(directory.resolve("objects/pack"));
            Files.createDirectories(directory.resolve("objects/info"));
            Files.createDirectories(directory.resolve("refs/heads"));
            Files.createDirectories(directory.resolve("refs/tags"));
            Files.writeString(directory.resolve("config"), CONFIG);
            Files.writeString(directory.resolve("HEAD"), "ref: refs/heads/argus-has-no-branch\n");
        }
        removeLocks();
        return new FileRepository(directory.toFile());
    }

    private void removeLocks() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("refs"))) {
            for (Path lock :
                    files.filter(file -> file.toString().endsWith(".lock")).toList()) {
                Files.deleteIfExists(lock);
            }
        }
        Files.deleteIfExists(directory.resolve("packed-refs.lock"));
        Files.deleteIfExists(directory.resolve("config.lock"));
    }

    /** Every fetch adds a pack; when there are many they are put together. */
    void compact(Repository repository) {
        try (Stream<Path> packs = Files.list(directory.resolve("objects/pack"))) {
            if (packs.filter(pack -> pack.toString().endsWith(".pack")).count() > MOST_PACKS) {
                Git.wrap(repository).gc().call();
            }
        } catch (IOException | GitAPIException e) {
            throw new GitFailed(Reason.FAILED, "The packs of " + directory + " cannot be put together.", e);
        }
    }

    void delete() throws IOException {
        delete(directory);
    }

    /** Deletes a folder with all that is in it, following no link; one that is not there is fine. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
