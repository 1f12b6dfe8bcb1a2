package dev.argus.deploy;

import dev.argus.auth.Actor;
import dev.argus.bus.Done;
import io.vertx.core.Promise;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A deployment in flight, waiting or running. */
final class Running {
    final Actor by;
    final CancelToken cancel = new CancelToken();
    final Promise<Done> ended = Promise.promise();
    /** Completed when nobody can wait for the end of its bake time. */
    final CompletableFuture<Void> hurry = new CompletableFuture<>();

    /** Whether it is cancelled because Argus ends, which is nobody's wish to go back. */
    volatile boolean argusEnds;

    /** Whether an earlier Argus has begun it, and only its end is missing. */
    final boolean cutOff;

    /** The release that is used again; null where one is made. */
    final @Nullable Release earlier;

    /** How many instances are to run, where that is what is asked. */
    final @Nullable Integer instances;

    Deployment deployment;

    /** A deployment that has not begun. */
    Running(Deployment deployment, Actor by, @Nullable Release earlier, @Nullable Integer instances) {
        this(deployment, by, earlier, instances, false);
    }

    private Running(
            Deployment deployment, Actor by, @Nullable Release earlier, @Nullable Integer instances, boolean cutOff) {
        this.cutOff = cutOff;
        this.deployment = deployment;
        this.by = by;
        this.earlier = earlier;
        this.instances = instances;
    }

    /** A deployment that an earlier Argus has begun. */
    static Running cutOff(Deployment deployment, Actor by) {
        return new Running(deployment, by, null, null, true);
    }
}
