package dev.argus.webroot;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A request of the page that waits for an answer by the test. */
final class HeldRequest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private final CompletableFuture<Void> come = new CompletableFuture<>();
    private final CompletableFuture<Object> answer = new CompletableFuture<>();

    /** Waits until the page has asked. */
    void awaitRequest() {
        come.orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    /** Lets the page have its answer. */
    void answer(Object json) {
        answer.complete(json);
    }

    Object awaitAnswer() {
        come.complete(null);
        return answer.orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS).join();
    }
}
