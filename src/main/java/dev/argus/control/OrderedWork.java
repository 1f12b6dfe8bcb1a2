package dev.argus.control;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Runs what blocks on workers; what concerns one instance strictly one after the other. To be called on one event loop. */
final class OrderedWork {
    /** Shorter than what Argus grants each of its parts for its end. */
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(3);

    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private final WorkerExecutor workers;
    private final Context context;
    private final Map<String, Future<?>> last = new HashMap<>();
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean closed;

    /** Work whose results are told on {@code context}. */
    OrderedWork(WorkerExecutor workers, Context context) {
        this.workers = workers;
        this.context = context;
    }

    /** May be called on any thread. */
    <T> Future<T> run(Callable<T> blocking) {
        if (closed) {
            return Future.failedFuture(
                    new ArgusException(ErrorCode.UNAVAILABLE, "Argus is being stopped; ask again when it runs."));
        }
        underWay.incrementAndGet();
        return workers.executeBlocking(blocking, false)
                .onComplete(ended -> underWay.decrementAndGet())
                .map(Objects::requireNonNull);
    }

    <T> Future<T> inOrder(String instance, Callable<T> blocking) {
        return after(instance, () -> run(blocking));
    }

    /** The same for what mostly waits, and perhaps long: on a thread of its own, so that hundreds of them do not wait for each other. */
    <T> Future<T> patientlyInOrder(String instance, Callable<T> patient) {
        return after(instance, () -> onItsOwnThread(instance, patient));
    }

    private <T> Future<T> after(String instance, Supplier<Future<T>> begin) {
        Future<?> before = last.getOrDefault(instance, Future.succeededFuture());
        Future<T> work = before.transform(ended -> begin.get());
        last.put(instance, work);
        work.onComplete(ended -> last.remove(instance, work));
        return work;
    }

    private <T> Future<T> onItsOwnThread(String instance, Callable<T> patient) {
        Promise<T> promise = Promise.promise();
        // not a virtual one: those share their few carriers with deployments, which may compute for seconds
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("argus-waits-" + instance)
                .unstarted(() -> {
                    try {
                        T result = patient.call();
                        context.runOnContext(done -> promise.complete(result));
                    } catch (Exception e) {
                        context.runOnContext(done -> promise.fail(e));
                    } finally {
                        waiting.remove(Thread.currentThread());
                    }
                });
        waiting.add(thread);
        thread.start();
        return promise.future();
    }

    /** What only waits is interrupted; what works on a worker is waited for, at most {@link #CLOSE_WITHIN}, so that its result still finds an event loop. */
    Future<Void> close(Vertx vertx) {
        closed = true;
        waiting.forEach(Thread::interrupt);
        return untilNothingIsUnderWay(vertx, System.nanoTime() + CLOSE_WITHIN.toNanos())
                .compose(idle -> workers.close());
    }

    private Future<Void> untilNothingIsUnderWay(Vertx vertx, long deadline) {
        if (underWay.get() == 0 || System.nanoTime() - deadline > 0) {
            return Future.succeededFuture();
        }
        return vertx.timer(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)
                .compose(looked -> untilNothingIsUnderWay(vertx, deadline));
    }
}
