package dev.argus.instance;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Those who want to know for a while whether an instance gets into trouble. On one event loop. */
final class TroubleWatch {
    private final Vertx vertx;
    private final List<Watcher> watchers = new ArrayList<>();

    private record Watcher(List<String> instances, Promise<String> promise) {}

    TroubleWatch(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Succeeds with the first trouble, or with nothing to say when the time is over. */
    Future<String> await(List<String> instances, Duration during) {
        var watcher = new Watcher(instances, Promise.promise());
        watchers.add(watcher);
        long timer = vertx.setTimer(
                Math.max(1, during.toMillis()), over -> watcher.promise().tryComplete(""));
        return watcher.promise().future().onComplete(told -> {
            vertx.cancelTimer(timer);
            watchers.remove(watcher);
        });
    }

    void trouble(String instance, String sentence) {
        for (Watcher watcher : List.copyOf(watchers)) {
            if (watcher.instances().contains(instance)) {
                watcher.promise().tryComplete(sentence);
            }
        }
    }
}
