package dev.argus.backup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what {@link TarWriter} writes and refuses everything else, above all names that lead out of where it is unpacked. */
final class TarReader {
    private static final int MOST_EXTENDED = 64 * 1024;

    private final InputStream in;
    private long left;

    TarReader(InputStream in) {
        this.in = in;
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
        Map<String, String> extended = new HashMap<>();
        byte[] block = block();
        if (block == null) {
            return Optional.empty();
        }
        if (block[156] == 'x') {
            extended = extended(size(block));
            block = block();
            if (block == null) {
                throw new EOFException("it ends in the middle of an entry");
            }
        }
        String name = extended.getOrDefault("path", text(block, 0, 100));
        long size = extended.containsKey("size") ? Long.parseLong(extended.get("size")) : size(block);
        Kind kind = kind(block[156]);
        left = kind == Kind.FILE ? size + padding(size) : 0;
        return Optional.of(new Entry(
                kind,
                checked(name),
                permissions((int) octal(block, 100, 8)),
                size,
                octal(block, 136, 12),
                extended.getOrDefault("linkpath", text(block, 157, 100))));
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

    private byte @Nullable [] block() throws IOException {
        byte[] block = in.readNBytes(TarWriter.BLOCK);
        if (block.length < TarWriter.BLOCK) {
            throw new EOFException("it ends too early");
        }
        int sum = 0;
        boolean zero = true;
        for (int i = 0; i < block.length; i++) {
            zero &= block[i] == 0;
            sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
        }
        if (zero) {
            return null;
        }
        if (sum != octal(block, 148, 8)) {
            throw new IOException("an entry is damaged");
        }
        return block;
    }

    private Map<String, String> extended(long size) throws IOException {
        if (size > MOST_EXTENDED) {
            throw new IOException("an entry has a name that is too long");
        }
        String text = new String(in.readNBytes((int) size), StandardCharsets.UTF_8);
        in.skipNBytes(padding(size));
        Map<String, String> records = new HashMap<>();
        text.lines().forEach(line -> {
            int key = line.indexOf(' ') + 1;
            int value = line.indexOf('=') + 1;
            if (key > 0 && value > key) {
                records.put(line.substring(key, value - 1), line.substring(value));
            }
        });
        return records;
    }

    private static Kind kind(byte type) throws IOException {
        return switch (type) {
            case '0', 0 -> Kind.FILE;
            case '5' -> Kind.DIRECTORY;
            case '2' -> Kind.LINK;
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

    private static long size(byte[] block) throws IOException {
        return octal(block, 124, 12);
    }

    private static long padding(long size) {
        return (TarWriter.BLOCK - size % TarWriter.BLOCK) % TarWriter.BLOCK;
    }

    private static String text(byte[] block, int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return new String(block, at, end - at, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] block, int at, int length) throws IOException {
        try {
            return Long.parseLong(text(block, at, length).strip(), 8);
        } catch (NumberFormatException e) {
            throw new IOException("an entry is damaged", e);
        }
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
