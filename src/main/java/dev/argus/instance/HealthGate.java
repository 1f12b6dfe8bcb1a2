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
    private final List<Waiter> waiters = new ArrayList<>();

    private record Waiter(Set<String> missing, Promise<Done> promise) {}

    HealthGate(Vertx vertx) {
        this.vertx = vertx;
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
            waiter.promise()
                    .tryFail(new ArgusException(
                            ErrorCode.UNAVAILABLE,
                            "The instance " + late + " was not healthy within " + atMost.toSeconds() + " s: "
                                    + why.apply(late) + "."));
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

    void failed(String instance, String sentence) {
        for (Waiter waiter : List.copyOf(waiters)) {
            if (waiter.missing().contains(instance)) {
                waiter.promise().tryFail(new ArgusException(ErrorCode.UNAVAILABLE, sentence));
            }
        }
    }
}
