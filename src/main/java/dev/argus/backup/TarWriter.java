package dev.argus.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes a tar archive (POSIX.1-2001, pax), which any tar reads: directories, files and links, with their rights and times. */
final class TarWriter {
    private final TarArchiveOutputStream out;
    private final Limit limit;
    private final byte[] buffer = new byte[64 * 1024];

    TarWriter(OutputStream out, Limit limit) {
        this.out = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        this.out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        this.out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        this.out.setAddPaxHeadersForNonAsciiNames(true);
        this.limit = limit;
    }

    /** Adds a directory, a file or a link; gives the bytes of its content. What is none of them is left out. */
    long add(String name, Path file) throws IOException {
        limit.check();
        var attributes = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        long time = attributes.lastModifiedTime().toMillis() / 1000;
        int mode = mode(attributes.permissions());
        if (attributes.isSymbolicLink()) {
            TarArchiveEntry link = entry(name, TarConstants.LF_SYMLINK, 0777, time);
            link.setLinkName(Files.readSymbolicLink(file).toString());
            put(link);
            return 0;
        }
        if (attributes.isDirectory()) {
            put(entry(name + "/", TarConstants.LF_DIR, mode, time));
            return 0;
        }
        if (!attributes.isRegularFile()) {
            return 0;
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            TarArchiveEntry entry = entry(name, TarConstants.LF_NORMAL, mode, time);
            entry.setSize(attributes.size());
            out.putArchiveEntry(entry);
            copy(in, attributes.size());
            out.closeArchiveEntry();
        }
        return attributes.size();
    }

    void add(String name, byte[] content, long time) throws IOException {
        TarArchiveEntry entry = entry(name, TarConstants.LF_NORMAL, 0600, time);
        entry.setSize(content.length);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
    }

    /** As many bytes as were announced, whatever becomes of the file meanwhile: one that grows is cut, one that shrinks ends with zeros. */
    private void copy(InputStream in, long size) throws IOException {
        long left = size;
        while (left > 0) {
            limit.check();
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                Arrays.fill(buffer, (byte) 0);
                read = (int) Math.min(buffer.length, left);
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    private void put(TarArchiveEntry entry) throws IOException {
        out.putArchiveEntry(entry);
        out.closeArchiveEntry();
    }

    /** As it is said, not made relative: whoever reads it looks at names himself. */
    private static TarArchiveEntry entry(String name, byte type, int mode, long time) {
        var entry = new TarArchiveEntry(name, type, true);
        entry.setMode(mode);
        entry.setModTime(Math.max(0, time) * 1000);
        return entry;
    }

    private static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission each : PosixFilePermission.values()) {
            mode = mode << 1 | (permissions.contains(each) ? 1 : 0);
        }
        return mode;
    }

    /** Marks the end; the stream stays open. */
    void finish() throws IOException {
        out.finish();
        out.flush();
    }
}
