package dev.argus.webroot;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A request of the page that waits for an answer by the test. */
final class HeldRequest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private final CompletableFuture<Void> come = new CompletableFuture<>();
    private final CompletableFuture<JsonObject> answer = new CompletableFuture<>();

    /** Waits until the page has asked. */
    void awaitRequest() {
        come.orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    /** Lets the page have its answer. */
    void answer(JsonObject body) {
        answer.complete(body);
    }

    JsonObject awaitAnswer() {
        come.complete(null);
        return answer.orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS).join();
    }
}
