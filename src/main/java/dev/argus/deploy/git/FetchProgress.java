package dev.argus.deploy.git;

import dev.argus.deploy.CancelToken;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.ProgressMonitor;

/** Turns JGit's counting into a line now and then, and stops JGit when the token is cancelled. */
final class FetchProgress implements ProgressMonitor {
    private static final long PAUSE_NANOS = 200_000_000;

    private final Consumer<String> lines;
    private final CancelToken cancel;
    private volatile boolean abandoned;
    private String task = "";
    private int total;
    private int done;
    private long lastTold;

    FetchProgress(Consumer<String> lines, CancelToken cancel) {
        this.lines = lines;
        this.cancel = cancel;
        this.lastTold = System.nanoTime();
    }

    /** Nobody waits any more. */
    void abandon() {
        abandoned = true;
    }

    @Override
    public void start(int totalTasks) {}

    @Override
    public void beginTask(String title, int totalWork) {
        task = title;
        total = totalWork;
        done = 0;
    }

    @Override
    public void update(int completed) {
        done += completed;
        long now = System.nanoTime();
        if (now - lastTold >= PAUSE_NANOS && !abandoned) {
            lastTold = now;
            lines.accept(
                    total > 0
                            ? task + " " + 100L * done / total + "% (" + done + "/" + total + ")"
                            : task + " " + done);
        }
    }

    @Override
    public void endTask() {}

    @Override
    public boolean isCancelled() {
        return abandoned || cancel.isCancelled();
    }

    @Override
    public void showDuration(boolean enabled) {}
}
