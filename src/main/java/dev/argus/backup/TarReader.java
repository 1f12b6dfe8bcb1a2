package dev.argus.backup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Reads what {@link TarWriter} writes and refuses everything else, above all names that lead out of where it is unpacked. */
final class TarReader {
    private final HeaderLimit source;
    private final TarArchiveInputStream in;
    private long left;

    TarReader(InputStream in) {
        source = new HeaderLimit(in);
        this.in = new TarArchiveInputStream(source, StandardCharsets.UTF_8.name());
    }

    /** What kind of thing an entry is. */
    enum Kind {
        FILE,
        DIRECTORY,
        LINK
    }

    /**
     * One entry; its content, if it has one, is read by {@link #content} before the next.
     *
     * @param name relative, without dots that lead elsewhere
     * @param link where a link leads, as it is written in it
     */
    record Entry(Kind kind, String name, Set<PosixFilePermission> permissions, long size, long time, String link) {
        /** Copies the permissions. */
        Entry {
            permissions = permissions.isEmpty() ? Set.of() : EnumSet.copyOf(permissions);
        }
    }

    /** The next entry; empty after the last. */
    Optional<Entry> next() throws IOException {
        in.skipNBytes(left);
        left = 0;
        source.header();
        TarArchiveEntry entry = in.getNextEntry();
        if (entry == null) {
            if (!source.isEndMark()) {
                throw new EOFException("it ends too early");
            }
            return Optional.empty();
        }
        if (!entry.isCheckSumOK()) {
            throw new IOException("an entry is damaged");
        }
        Kind kind = kind(entry);
        left = kind == Kind.FILE ? entry.getSize() : 0;
        source.content();
        return Optional.of(new Entry(
                kind,
                checked(entry.getName()),
                permissions(entry.getMode()),
                entry.getSize(),
                entry.getLastModifiedTime().toMillis() / 1000,
                entry.getLinkName()));
    }

    /** The content of the entry that was read last. */
    byte[] content(byte[] into, long remaining) throws IOException {
        int most = (int) Math.min(into.length, remaining);
        int read = in.readNBytes(into, 0, most);
        if (read < most) {
            throw new EOFException("it ends in the middle of a file");
        }
        left -= read;
        return into;
    }

    private static Kind kind(TarArchiveEntry entry) throws IOException {
        return switch (entry.isSparse() ? TarConstants.LF_GNUTYPE_SPARSE : entry.getLinkFlag()) {
            case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM -> Kind.FILE;
            case TarConstants.LF_DIR -> Kind.DIRECTORY;
            case TarConstants.LF_SYMLINK -> Kind.LINK;
            default -> throw new IOException("an entry is of a kind that no backup has");
        };
    }

    private static String checked(String name) throws IOException {
        String plain = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        for (String part : plain.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf(0) >= 0) {
                throw new IOException("an entry has a name that leads elsewhere");
            }
        }
        return Path.of(plain).toString();
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var all = PosixFilePermission.values();
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < all.length; i++) {
            if ((mode & (1 << (all.length - 1 - i))) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }
}
