package dev.argus.deploy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** By which one thread tells another that its work is no longer wanted. Once cancelled it stays so. */
@NullMarked
public final class CancelToken {
    private final List<Runnable> listeners = new ArrayList<>();
    private @Nullable String reason;
    private boolean tooLate;

    /**
     * Cancels, and runs every listener once, on this thread; {@code why} is one sentence. Later calls change nothing.
     *
     * @return whether it is cancelled now; false when it is {@linkplain #commit too late}
     */
    public boolean cancel(String why) {
        List<Runnable> told;
        synchronized (listeners) {
            if (reason != null || tooLate) {
                return reason != null;
            }
            reason = why;
            told = List.copyOf(listeners);
            listeners.clear();
        }
        told.forEach(Runnable::run);
        return true;
    }

    /**
     * From here on it cannot be cancelled any more.
     *
     * @throws Cancelled with the reason, where it has been
     */
    public void commit() {
        synchronized (listeners) {
            throwIfCancelled();
            tooLate = true;
        }
    }

    /** Whether it has been cancelled. */
    public boolean isCancelled() {
        synchronized (listeners) {
            return reason != null;
        }
    }

    /**
     * Goes on only where it has not been cancelled.
     *
     * @throws Cancelled with the reason
     */
    public void throwIfCancelled() {
        synchronized (listeners) {
            if (reason != null) {
                throw new Cancelled(reason);
            }
        }
    }

    /** Runs {@code listener} when it is cancelled, at once where it has been; closing what is returned takes it back. */
    public Registration onCancel(Runnable listener) {
        synchronized (listeners) {
            if (reason == null) {
                listeners.add(listener);
                return () -> {
                    synchronized (listeners) {
                        listeners.remove(listener);
                    }
                };
            }
        }
        listener.run();
        return () -> {};
    }

    /** A listener that can be taken back. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
