package dev.argus.backup;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Ends the reading of an archive whose names and attributes are longer than those of any backup: who reads it keeps them in memory as a whole. */
final class HeaderLimit extends FilterInputStream {
    private static final long MOST = 256 * 1024;

    private long left = MOST;
    private boolean inHeader = true;
    private long zeros;
    private boolean blank;

    HeaderLimit(InputStream in) {
        super(in);
    }

    /** What is read from here on describes an entry. */
    void header() {
        inHeader = true;
        left = MOST;
        zeros = 0;
        blank = true;
    }

    /** What is read from here on is the content of an entry, however long. */
    void content() {
        inHeader = false;
    }

    /** Whether what was read since is the block of zeros that ends an archive, and so nothing is missing. */
    boolean isEndMark() {
        return blank && zeros >= TarConstants.DEFAULT_RCDSIZE;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
        int read = super.read(into, at, length);
        for (int i = at; inHeader && blank && i < at + read; i++) {
            blank = into[i] == 0;
        }
        zeros += blank ? Math.max(0, read) : 0;
        count(read);
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long skipped = super.skip(bytes);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long bytes) throws IOException {
        left -= inHeader ? Math.max(0, bytes) : 0;
        if (left < 0) {
            throw new IOException("an entry has a name that is too long");
        }
    }
}
