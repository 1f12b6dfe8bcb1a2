package dev.argus.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Progress for people: the line of the running phase counts its seconds, output of the build passes above it. */
final class LiveProgress implements Progress {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Session session;
    private final boolean coloured;
    /** An interrupt closes from another thread. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable String running;
    private long since;

    LiveProgress(Session session) {
        this.session = session;
        this.coloured = session.surroundings().variable("NO_COLOR") == null;
    }

    @Override
    public void began(String phase) {
        locked(() -> {
            running = phase;
            since = System.nanoTime();
            session.out().print(CLEAR_LINE + current());
        });
    }

    @Override
    public void ended(String phase, String state, @Nullable Long millis, @Nullable String detail) {
        locked(() -> {
            String line = session.line(Progress.line(phase, state, millis, detail));
            running = null;
            session.out().println(CLEAR_LINE + colour(state, line));
        });
    }

    @Override
    public void output(String line) {
        locked(() -> session.out().print(CLEAR_LINE + "  " + session.text(line) + "\n" + current()));
    }

    @Override
    public void tick() {
        locked(() -> {
            if (running != null) {
                session.out().print(CLEAR_LINE + current());
            }
        });
    }

    @Override
    public void close() {
        locked(() -> {
            if (running != null) {
                session.out().println();
                running = null;
            }
        });
    }

    private String current() {
        if (running == null) {
            return "";
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
        return session.line(Progress.line(running, "running", millis / 1000 * 1000, null));
    }

    private String colour(String state, String line) {
        if (!coloured) {
            return line;
        }
        return switch (state) {
            case "succeeded" -> "\u001b[32m" + line + "\u001b[0m";
            case "failed", "cancelled" -> "\u001b[31m" + line + "\u001b[0m";
            default -> line;
        };
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
            session.out().flush();
        } finally {
            lock.unlock();
        }
    }
}
