package dev.argus.control;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Runs what blocks on workers; what concerns one instance strictly one after the other. To be called on one event loop. */
final class OrderedWork {
    private final WorkerExecutor workers;
    private final Map<String, Future<?>> last = new HashMap<>();

    OrderedWork(WorkerExecutor workers) {
        this.workers = workers;
    }

    /** May be called on any thread. */
    <T> Future<T> run(Callable<T> blocking) {
        return workers.executeBlocking(blocking, false).map(Objects::requireNonNull);
    }

    <T> Future<T> inOrder(String instance, Callable<T> blocking) {
        Future<?> before = last.getOrDefault(instance, Future.succeededFuture());
        Future<T> work = before.transform(ended -> run(blocking));
        last.put(instance, work);
        work.onComplete(ended -> last.remove(instance, work));
        return work;
    }

    Future<Void> close() {
        return workers.close();
    }
}
