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

/** Writes a tar archive (POSIX.1-2001, pax), which any tar reads: directories, files and links, with their rights and times. */
final class TarWriter {
    static final int BLOCK = 512;
    private static final int LONGEST_NAME = 100;
    private static final long LARGEST_SIZE = 077777777777L;

    private final OutputStream out;
    private final Limit limit;
    private final byte[] buffer = new byte[64 * 1024];

    TarWriter(OutputStream out, Limit limit) {
        this.out = out;
        this.limit = limit;
    }

    /** Adds a directory, a file or a link; gives the bytes of its content. What is none of them is left out. */
    long add(String name, Path file) throws IOException {
        limit.check();
        var attributes = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        long time = attributes.lastModifiedTime().toMillis() / 1000;
        int mode = mode(attributes.permissions());
        if (attributes.isSymbolicLink()) {
            header(name, '2', 0777, 0, time, Files.readSymbolicLink(file).toString());
            return 0;
        }
        if (attributes.isDirectory()) {
            header(name + "/", '5', mode, 0, time, "");
            return 0;
        }
        if (!attributes.isRegularFile()) {
            return 0;
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            header(name, '0', mode, attributes.size(), time, "");
            copy(in, attributes.size());
        }
        return attributes.size();
    }

    void add(String name, byte[] content, long time) throws IOException {
        header(name, '0', 0600, content.length, time, "");
        out.write(content);
        pad(content.length);
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
        pad(size);
    }

    private void pad(long size) throws IOException {
        out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
    }

    private void header(String name, char type, int mode, long size, long time, String link) throws IOException {
        var records = new StringBuilder();
        if (isLong(name)) {
            records.append(record("path", name));
        }
        if (isLong(link)) {
            records.append(record("linkpath", link));
        }
        if (size > LARGEST_SIZE) {
            records.append(record("size", Long.toString(size)));
        }
        if (!records.isEmpty()) {
            byte[] extended = records.toString().getBytes(StandardCharsets.UTF_8);
            block("pax", 'x', 0600, extended.length, time, "");
            out.write(extended);
            pad(extended.length);
        }
        block(
                isLong(name) ? "long" : name,
                type,
                mode,
                Math.min(size, LARGEST_SIZE),
                time,
                isLong(link) ? "long" : link);
    }

    private static boolean isLong(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length > LONGEST_NAME || bytes.length != text.length();
    }

    /** {@code LENGTH key=value\n}, the length counting itself. */
    private static String record(String key, String value) {
        String rest = " " + key + "=" + value + "\n";
        int bytes = rest.getBytes(StandardCharsets.UTF_8).length;
        int length = bytes + Integer.toString(bytes).length();
        if (Integer.toString(length).length() + bytes != length) {
            length++;
        }
        return length + rest;
    }

    private void block(String name, char type, int mode, long size, long time, String link) throws IOException {
        byte[] block = new byte[BLOCK];
        put(block, 0, name);
        put(block, 100, octal(mode, 7));
        put(block, 108, octal(0, 7));
        put(block, 116, octal(0, 7));
        put(block, 124, octal(size, 11));
        put(block, 136, octal(Math.max(0, time), 11));
        put(block, 148, "        ");
        block[156] = (byte) type;
        put(block, 157, link);
        put(block, 257, "ustar");
        put(block, 263, "00");
        int sum = 0;
        for (byte each : block) {
            sum += each & 0xff;
        }
        put(block, 148, octal(sum, 6));
        block[154] = 0;
        out.write(block);
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    private static String octal(long value, int digits) {
        String text = Long.toOctalString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
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
        out.write(new byte[2 * BLOCK]);
        out.flush();
    }
}
