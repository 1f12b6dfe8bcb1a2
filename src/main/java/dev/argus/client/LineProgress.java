package dev.argus.client;

import org.jspecify.annotations.Nullable;

/** Progress for files and programs: a line for each phase when it has ended. */
final class LineProgress implements Progress {
    private final Session session;
    private final boolean withOutput;

    LineProgress(Session session, boolean withOutput) {
        this.session = session;
        this.withOutput = withOutput;
    }

    @Override
    public void began(String phase) {}

    @Override
    public void ended(String phase, String state, @Nullable Long millis, @Nullable String detail) {
        session.out().println(session.line(Progress.line(phase, state, millis, detail)));
        session.out().flush();
    }

    @Override
    public void output(String line) {
        if (withOutput) {
            session.out().println("  " + session.text(line));
            session.out().flush();
        }
    }

    @Override
    public void tick() {}

    @Override
    public void close() {}
}
