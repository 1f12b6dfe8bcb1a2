package dev.argus.deploy.build;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Takes the output of a build line by line, without its secrets: to a listener, to a log file, and the last lines to memory; each of them bounded. */
final class BuildOutput implements AutoCloseable {
    private static final int LONGEST_LINE = 4_096;
    private static final int LAST_LINES = 50;
    private static final long LARGEST_LOG = 10_000_000;

    private final Consumer<String> listener;
    private final OutputStream log;
    private final Masking masking;
    private final Deque<String> last = new ArrayDeque<>();
    private final byte[] line = new byte[LONGEST_LINE];
    private int length;
    private boolean cut;
    private long written;

    BuildOutput(Path logFile, Consumer<String> listener, Masking masking) throws IOException {
        Path folder = logFile.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        this.listener = listener;
        this.masking = masking;
        this.log = new BufferedOutputStream(Files.newOutputStream(
                logFile,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS));
    }

    /** Reads to the end. */
    void readAll(InputStream in) throws IOException {
        byte[] buffer = new byte[8_192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            for (int i = 0; i < read; i++) {
                take(buffer[i]);
            }
            if (in.available() == 0) {
                flush();
            }
        }
        endLine(false);
        flush();
    }

    private void take(byte next) throws IOException {
        if (next == '\n' || next == '\r') {
            endLine(next == '\n');
        } else if (length < LONGEST_LINE) {
            line[length++] = next;
        } else {
            cut = true;
        }
    }

    private void endLine(boolean evenIfEmpty) throws IOException {
        if (length > 0 || (evenIfEmpty && !cut)) {
            String whole = new String(line, 0, length, StandardCharsets.UTF_8);
            String text = cut ? masking.maskedToTheEnd(whole) + " …" : whole;
            length = 0;
            cut = false;
            accept(text);
        }
    }

    /** Takes one line. */
    synchronized void accept(String said) throws IOException {
        String text = masking.masked(said);
        last.addLast(text);
        if (last.size() > LAST_LINES) {
            last.removeFirst();
        }
        if (written > LARGEST_LOG) {
            return;
        }
        write(text);
        if (written > LARGEST_LOG) {
            write("[the output is longer than " + LARGEST_LOG / 1_000_000 + " MB; the rest is left out]");
        }
    }

    private void write(String text) throws IOException {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        written += bytes.length;
        log.write(bytes);
        listener.accept(text);
    }

    private synchronized void flush() throws IOException {
        log.flush();
    }

    synchronized List<String> lastLines() {
        return List.copyOf(last);
    }

    @Override
    public synchronized void close() throws IOException {
        log.close();
    }
}
