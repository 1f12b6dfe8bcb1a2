package dev.argus.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An answer whose body has not been read yet.
 *
 * @param type the content type, empty if none is given
 * @param warning what the server says of itself with every answer, empty if all is well
 */
record HttpAnswer(int status, String type, String warning, InputStream body, Wire wire) implements Closeable {
    private static final int LONGEST = 64 * 1024 * 1024;

    /** The whole body. */
    String text() throws IOException {
        byte[] bytes = new byte[4096];
        int length = 0;
        int count;
        while ((count = body.read(bytes, length, bytes.length - length)) >= 0) {
            length += count;
            if (length == LONGEST) {
                throw new IOException("the answer is longer than 64 MiB");
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(LONGEST, length * 2));
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        wire.close();
    }
}
