package dev.argus.deploy.git;

import dev.argus.deploy.CancelToken;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs blocking work on a virtual thread of its own, where an interrupt also closes the socket that it reads, so that a remote that
 * trickles or hangs cannot hold anybody longer than the deadline.
 */
final class Interruptible {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Interruptible() {}

    /**
     * Waits for the work.
     *
     * @param abandon called before the work is interrupted
     * @throws TimeoutException after {@code deadline}
     * @throws dev.argus.deploy.Cancelled when the token was cancelled
     * @throws ExecutionException with what the work threw
     */
    static <T> T run(String name, Callable<T> work, Duration deadline, CancelToken cancel, Runnable abandon)
            throws TimeoutException, ExecutionException, InterruptedException {
        cancel.throwIfCancelled();
        var result = new CompletableFuture<T>();
        Thread thread = Thread.ofVirtual().name(name).start(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        var cancelled = new CompletableFuture<Void>();
        CancelToken.Registration registration = cancel.onCancel(() -> cancelled.complete(null));
        try {
            CompletableFuture.anyOf(result.exceptionally(e -> null), cancelled)
                    .get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            cancel.throwIfCancelled();
            return result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            registration.close();
            if (!result.isDone()) {
                abandon.run();
                thread.interrupt();
                thread.join(PATIENCE);
            }
        }
    }
}
