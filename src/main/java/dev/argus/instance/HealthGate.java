package dev.argus.instance;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Done;
import dev.argus.bus.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Those who wait for instances to become healthy; each wait ends by health, by failure or by its deadline. */
final class HealthGate {
    private final Vertx vertx;
    private final Function<String, Future<String>> lastWords;
    private final List<Waiter> waiters = new ArrayList<>();

    private record Waiter(Set<String> missing, Promise<Done> promise) {}

    /** A gate; {@code lastWords} gives what an instance said last, in words or empty. */
    HealthGate(Vertx vertx, Function<String, Future<String>> lastWords) {
        this.vertx = vertx;
        this.lastWords = lastWords;
    }

    /**
     * Waits for all of {@code missing}.
     *
     * @param why what to say of an instance that is not healthy when the time is over
     */
    Future<Done> await(Set<String> missing, Duration atMost, Function<String, String> why) {
        if (missing.isEmpty()) {
            return Future.succeededFuture(Done.DONE);
        }
        var waiter = new Waiter(new HashSet<>(missing), Promise.promise());
        waiters.add(waiter);
        long deadline = vertx.setTimer(atMost.toMillis(), fired -> {
            String late = waiter.missing().iterator().next();
            fail(
                    waiter,
                    late,
                    "The instance " + late + " was not healthy within " + atMost.toSeconds() + " s: " + why.apply(late),
                    "set port, start or isalive to fit it");
        });
        return waiter.promise().future().onComplete(done -> {
            vertx.cancelTimer(deadline);
            waiters.remove(waiter);
        });
    }

    void healthy(String instance) {
        for (Waiter waiter : List.copyOf(waiters)) {
            if (waiter.missing().remove(instance) && waiter.missing().isEmpty()) {
                waiter.promise().tryComplete(Done.DONE);
            }
        }
    }

    /** It will not become healthy; {@code sentence} says all there is to say. */
    void failed(String instance, String sentence) {
        waitingFor(instance)
                .forEach(waiter -> waiter.promise().tryFail(new ArgusException(ErrorCode.UNAVAILABLE, sentence)));
    }

    /**
     * It will not become healthy, and most likely its log says why.
     *
     * @param what happened to it, a sentence without its end
     * @param advice what to do, the end of the sentence
     */
    void failed(String instance, String what, String advice) {
        waitingFor(instance).forEach(waiter -> fail(waiter, instance, what, advice));
    }

    private List<Waiter> waitingFor(String instance) {
        return waiters.stream()
                .filter(waiter -> waiter.missing().contains(instance))
                .toList();
    }

    private void fail(Waiter waiter, String instance, String what, String advice) {
        lastWords
                .apply(instance)
                .otherwise("")
                .onSuccess(words -> waiter.promise()
                        .tryFail(new ArgusException(
                                ErrorCode.UNAVAILABLE,
                                what + (words.isEmpty() ? "" : ", its last words being \"" + words + "\"") + "; "
                                        + advice + ".")));
    }
}
