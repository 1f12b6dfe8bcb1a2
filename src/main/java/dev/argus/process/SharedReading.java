package dev.argus.process;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A reading that costs something and that many want at once: one at a time is made, and all who asked before it began get it. What they get is
 * never older than their question. Thread-safe; blocks for two readings at most.
 */
final class SharedReading<T> {
    private final Supplier<T> reading;
    private final ReentrantLock turn = new ReentrantLock();
    private @Nullable CompletableFuture<T> next;

    SharedReading(Supplier<T> reading) {
        this.reading = reading;
    }

    /** @throws RuntimeException the one of the reading that failed */
    T get() {
        CompletableFuture<T> mine;
        boolean leads;
        synchronized (this) {
            CompletableFuture<T> waiting = next;
            leads = waiting == null;
            mine = waiting == null ? new CompletableFuture<>() : waiting;
            next = mine;
        }
        if (leads) {
            lead(mine);
        }
        try {
            return mine.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void lead(CompletableFuture<T> mine) {
        turn.lock();
        try {
            synchronized (this) {
                // who asks from now on might ask for what this reading has passed already
                next = null;
            }
            mine.complete(reading.get());
        } catch (RuntimeException e) {
            mine.completeExceptionally(e);
        } finally {
            turn.unlock();
        }
    }
}
