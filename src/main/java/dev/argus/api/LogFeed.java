package dev.argus.api;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one service writes, read once for all who follow it: fifty readers cost the memory of one. Lives while it has readers. To be used on one
 * event loop.
 */
final class LogFeed {
    private static final long LOOK_EVERY_MILLIS = 200;
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final ServiceLog log;
    private final Runnable empty;
    private final Set<Reader> readers = new LinkedHashSet<>();
    private final List<Reader> joining = new ArrayList<>();
    private long timer = -1;
    private boolean looking;
    private boolean failed;
    private boolean closed;

    /**
     * Somebody who follows.
     *
     * @param lines how many earlier lines it wants
     * @param position where it broke off an earlier time; null when it begins
     * @param sink takes the lines; never waits
     * @param end is told that nothing more will come
     */
    record Reader(
            int lines, @Nullable Instant since, @Nullable String position, Consumer<Lines> sink, Runnable end) {}

    /** Lines for any number of readers, put into a form once. */
    static final class Lines {
        private final List<ServiceLog.Line> all;
        private final String position;
        private @Nullable Buffer events;
        private @Nullable Buffer text;

        Lines(List<ServiceLog.Line> all, String position) {
            this.all = all;
            this.position = position;
        }

        int count() {
            return all.size();
        }

        /** As server-sent events; the last one carries the position as its id. */
        Buffer events() {
            if (events == null) {
                var built = new StringBuilder();
                for (int i = 0; i < all.size(); i++) {
                    if (i == all.size() - 1) {
                        built.append("id: ").append(position).append('\n');
                    }
                    built.append("event: log\ndata: ")
                            .append(json(all.get(i)).encode())
                            .append("\n\n");
                }
                events = Buffer.buffer(built.toString());
            }
            return events;
        }

        /** As bare lines. */
        Buffer text() {
            if (text == null) {
                text = Buffer.buffer(plain(all));
            }
            return text;
        }
    }

    LogFeed(Vertx vertx, WorkerExecutor workers, ServiceLog log, Runnable empty) {
        this.vertx = vertx;
        this.workers = workers;
        this.log = log;
        this.empty = empty;
    }

    static JsonObject json(ServiceLog.Line line) {
        return new JsonObject().put("instance", line.instance()).put("text", line.text());
    }

    static String plain(List<ServiceLog.Line> lines) {
        var text = new StringBuilder();
        lines.forEach(line -> text.append(line.text()).append('\n'));
        return text.toString();
    }

    void join(Reader reader) {
        joining.add(reader);
        if (!looking) {
            vertx.cancelTimer(timer);
            look();
        }
    }

    void leave(Reader reader) {
        readers.remove(reader);
        joining.remove(reader);
    }

    /** Looks no more. */
    void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }

    private record Seen(ServiceLog.Batch batch, List<ServiceLog.Excerpt> beginnings) {}

    /** New lines for those who are there, earlier ones for those who join: both end in the same place. */
    private void look() {
        if (closed) {
            return;
        }
        looking = true;
        List<Reader> fresh = List.copyOf(joining);
        joining.clear();
        workers.executeBlocking(
                        () -> {
                            var batch = log.poll();
                            List<ServiceLog.Excerpt> beginnings = new ArrayList<>();
                            for (Reader reader : fresh) {
                                String position = reader.position();
                                beginnings.add(
                                        position == null
                                                ? log.tailBefore(reader.lines(), reader.since())
                                                : log.resume(position));
                            }
                            return new Seen(batch, beginnings);
                        },
                        false)
                .onComplete(seen -> {
                    looking = false;
                    if (seen.succeeded()) {
                        failed = false;
                        tell(seen.result(), fresh);
                    } else {
                        tell(seen.cause(), fresh);
                    }
                });
    }

    private void tell(@Nullable Seen seen, List<Reader> fresh) {
        if (seen == null) {
            return;
        }
        String position = seen.batch.position();
        if (!seen.batch.lines().isEmpty()) {
            var lines = new Lines(seen.batch.lines(), position);
            List.copyOf(readers).forEach(reader -> reader.sink.accept(lines));
        }
        for (int i = 0; i < fresh.size(); i++) {
            readers.add(fresh.get(i));
            begin(fresh.get(i), seen.beginnings.get(i), position);
        }
        if (seen.batch.gone()) {
            List.copyOf(readers).forEach(reader -> reader.end.run());
        }
        goOn(seen.batch.full() ? LOOK_AGAIN_MILLIS : LOOK_EVERY_MILLIS);
    }

    private static void begin(Reader reader, ServiceLog.Excerpt excerpt, String position) {
        List<ServiceLog.Line> earlier = new ArrayList<>(excerpt.lines());
        if (excerpt.cut() && reader.position != null) {
            earlier.addFirst(new ServiceLog.Line(
                    "argus", "[argus: lines are left out here: too much was written since the stream broke off]"));
        }
        if (!earlier.isEmpty()) {
            reader.sink.accept(new Lines(earlier, position));
        }
    }

    /** Said once, until it is over. */
    private void tell(Throwable failure, List<Reader> fresh) {
        var lines = new Lines(
                List.of(new ServiceLog.Line(
                        "argus", "[argus: the log cannot be read on: " + failure.getMessage() + "]")),
                log.position());
        if (!failed) {
            List.copyOf(readers).forEach(reader -> reader.sink.accept(lines));
        }
        fresh.forEach(reader -> reader.sink.accept(lines));
        readers.addAll(fresh);
        failed = true;
        goOn(LOOK_EVERY_MILLIS);
    }

    private void goOn(long pause) {
        if (closed) {
            return;
        }
        if (!joining.isEmpty()) {
            look();
        } else if (readers.isEmpty()) {
            empty.run();
        } else {
            timer = vertx.setTimer(pause, due -> look());
        }
    }
}
