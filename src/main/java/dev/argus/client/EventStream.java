package dev.argus.client;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events from an answer. */
final class EventStream implements Closeable {
    /** Three heartbeats of the server; after such a silence the connection is taken for dead. */
    private static final int LONGEST_SILENCE_MILLIS = 45_000;

    private static final int LONGEST_LINE = 1024 * 1024;

    private final HttpAnswer answer;
    private final InputStream body;
    private int silentMillis;

    EventStream(HttpAnswer answer) {
        this.answer = answer;
        this.body = answer.body();
        answer.wire().allowSilence(LONGEST_SILENCE_MILLIS);
    }

    /**
     * Waits for the next event.
     *
     * @param millis how long to wait before {@link ServerEvent#NONE} is given instead
     * @return null when the server ended the stream
     * @throws IOException if the connection broke or was silent for too long
     */
    @Nullable
    ServerEvent next(int millis) throws IOException {
        if (!answer.wire().await(millis)) {
            silentMillis += millis;
            if (silentMillis >= LONGEST_SILENCE_MILLIS) {
                throw new IOException("nothing came for " + LONGEST_SILENCE_MILLIS / 1000 + " s");
            }
            return ServerEvent.NONE;
        }
        silentMillis = 0;
        String id = null;
        String type = "message";
        StringBuilder data = null;
        while (true) {
            String line = line();
            if (line == null) {
                return null;
            }
            if (line.isEmpty()) {
                return data == null ? ServerEvent.NONE : new ServerEvent(id, type, data.toString());
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + (line.startsWith(" ", colon + 1) ? 2 : 1));
            switch (field) {
                case "id" -> id = value;
                case "event" -> type = value;
                case "data" ->
                    data = data == null
                            ? new StringBuilder(value)
                            : data.append('\n').append(value);
                default -> {
                    // a comment, or a field of a later version
                }
            }
        }
    }

    private @Nullable String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        int next;
        while ((next = body.read()) != '\n') {
            if (next < 0) {
                return null;
            }
            if (line.size() == LONGEST_LINE) {
                throw new IOException("an event is longer than 1 MiB");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        answer.close();
    }
}
