package dev.argus.deploy;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The waits of one deployment: each has an end, and a cancellation ends it at once. */
final class Waits {
    private static final long LOOK_MILLIS = 100;

    private final CancelToken cancel;

    Waits(CancelToken cancel) {
        this.cancel = cancel;
    }

    /**
     * Waits for {@code future}, no longer than {@code atMost}.
     *
     * @param what for the sentence, when it takes too long
     */
    <T> T await(CompletableFuture<T> future, Duration atMost, String what) {
        cancel.throwIfCancelled();
        var cancelled = new CompletableFuture<T>();
        try (var registration = cancel.onCancel(() -> cancelled.complete(null))) {
            // said so that the compiler knows: it is closed when the wait is over
            java.util.Objects.requireNonNull(registration);
            CompletableFuture.anyOf(future.handle((done, failed) -> true), cancelled.handle((done, failed) -> true))
                    .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            cancel.throwIfCancelled();
            return future.join();
        } catch (TimeoutException e) {
            throw late(what, atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled("Interrupted while waiting for " + what + ".");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    /** Waits for a place in {@code places}, which the caller gives back. */
    void acquire(Semaphore places, Duration atMost, String what) {
        long end = System.nanoTime() + atMost.toNanos();
        try {
            while (!places.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                cancel.throwIfCancelled();
                if (System.nanoTime() > end) {
                    throw late(what, atMost);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled("Interrupted while waiting for " + what + ".");
        }
    }

    private static ArgusException late(String what, Duration atMost) {
        return new ArgusException(
                ErrorCode.UNAVAILABLE, "Waiting for " + what + " took longer than " + atMost.toSeconds() + " s.");
    }
}
