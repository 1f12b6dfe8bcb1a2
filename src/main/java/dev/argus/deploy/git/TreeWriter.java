package dev.argus.deploy.git;

import dev.argus.deploy.CancelToken;
import dev.argus.deploy.git.GitFailed.Reason;
import dev.argus.deploy.git.GitSource.CheckedOut;
import dev.argus.service.Shown;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Writes the files of one tree as they are stored: no filter, no line ends changed, no submodule. Every file, folder and link is made
 * new, so that nothing that the tree itself has put there is ever followed.
 */
final class TreeWriter {
    private final ObjectReader objects;
    private final Path root;
    private final GitSettings limits;
    private final CancelToken cancel;
    private int entries;
    private int files;
    private int submodules;
    private long bytes;

    TreeWriter(ObjectReader objects, Path root, GitSettings limits, CancelToken cancel) {
        this.objects = objects;
        this.root = root;
        this.limits = limits;
        this.cancel = cancel;
    }

    /** Makes the root and writes the tree. */
    CheckedOut write(RevTree tree) throws IOException {
        Path parent = root.getParent();
        if (parent != null) {
            Files.createDirectories(
                    parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Files.createDirectory(root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (var walk = new TreeWalk(objects)) {
            walk.addTree(tree);
            while (walk.next()) {
                cancel.throwIfCancelled();
                count();
                write(walk);
            }
        }
        return new CheckedOut(files, bytes, submodules);
    }

    private void count() {
        entries++;
        if (entries > limits.mostFiles()) {
            throw new GitFailed(
                    Reason.TOO_LARGE,
                    "The repository has more than " + limits.mostFiles() + " files; make it smaller.");
        }
    }

    private void write(TreeWalk walk) throws IOException {
        String path = walk.getPathString();
        checkName(walk.getNameString(), path);
        Path file = root.resolve(path);
        int mode = walk.getRawMode(0);
        switch (mode & FileMode.TYPE_MASK) {
            case FileMode.TYPE_TREE -> {
                Files.createDirectory(file);
                walk.enterSubtree();
            }
            case FileMode.TYPE_GITLINK -> {
                Files.createDirectory(file);
                submodules++;
            }
            case FileMode.TYPE_SYMLINK -> writeLink(path, file, open(walk));
            default -> {
                writeFile(path, file, open(walk));
                if ((mode & 0111) != 0) {
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
    }

    private ObjectLoader open(TreeWalk walk) throws IOException {
        return objects.open(walk.getObjectId(0));
    }

    private static void checkName(String name, String path) {
        boolean special = name.isEmpty() || name.equals(".") || name.equals("..") || name.equalsIgnoreCase(".git");
        if (special || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
            throw new GitFailed(
                    Reason.REFUSED,
                    "The repository has a file called " + Shown.quoted(path)
                            + ", which git does not allow; remove it.");
        }
    }

    private void writeFile(String path, Path file, ObjectLoader blob) throws IOException {
        bytes += blob.getSize();
        if (bytes > limits.mostBytes()) {
            throw new GitFailed(
                    Reason.TOO_LARGE,
                    "The files of the repository are larger than " + (limits.mostBytes() >> 20) + " MiB together (at "
                            + Shown.plain(path) + "); make it smaller.");
        }
        files++;
        try (OutputStream out = Files.newOutputStream(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (blob.isLarge()) {
                blob.copyTo(out);
            } else {
                out.write(blob.getCachedBytes());
            }
        }
    }

    /**
     * A link may only go up first and down then, and not above the root. Its own folder is a real one, so going up ends at a real one
     * inside, and every link that it passes on the way down keeps to the same rule.
     */
    private void writeLink(String path, Path file, ObjectLoader blob) throws IOException {
        byte[] target = blob.getSize() > 4_096 ? new byte[0] : blob.getBytes();
        String text = new String(target, StandardCharsets.UTF_8);
        int depth = path.length() - path.replace("/", "").length();
        if (text.isEmpty() || text.startsWith("/") || text.indexOf('\0') >= 0 || !staysInside(text, depth)) {
            throw new GitFailed(
                    Reason.REFUSED,
                    "The link " + Shown.quoted(path) + " of the repository leads outside of it; remove it.");
        }
        files++;
        Files.createSymbolicLink(file, Path.of(text));
    }

    private static boolean staysInside(String target, int depth) {
        int up = 0;
        boolean down = false;
        for (String part : target.split("/", -1)) {
            if (part.equals("..")) {
                up++;
                if (down || up > depth) {
                    return false;
                }
            } else if (part.equalsIgnoreCase(".git")) {
                return false;
            } else if (!part.isEmpty() && !part.equals(".")) {
                down = true;
            }
        }
        return true;
    }
}
