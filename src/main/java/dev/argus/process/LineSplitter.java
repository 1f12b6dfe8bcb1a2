package dev.argus.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts bytes into lines. Of a line only its first 16 KiB are kept, so that one without end needs no memory. */
final class LineSplitter {
    /** How many bytes of a line are shown. */
    static final int SHOWN = 16 * 1024;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private long length;

    /** Hands on every line that ends within these bytes; the rest is kept for the next ones. */
    void accept(byte[] bytes, int count, Consumer<String> lines) {
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, start, i - start);
                lines.accept(take());
                start = i + 1;
            }
        }
        keep(bytes, start, count - start);
    }

    /** Hands on what follows the last line end, where there is something. */
    void finish(Consumer<String> lines) {
        if (length > 0) {
            lines.accept(take());
        }
    }

    private void keep(byte[] bytes, int start, int count) {
        line.write(bytes, start, Math.min(count, SHOWN - line.size()));
        length += count;
    }

    private String take() {
        String text = line.toString(StandardCharsets.UTF_8);
        if (text.endsWith("\r")) {
            text = text.substring(0, text.length() - 1);
        }
        String shown = length > SHOWN ? text + " … (" + (length - SHOWN) + " more bytes)" : text;
        line.reset();
        length = 0;
        return shown;
    }
}
