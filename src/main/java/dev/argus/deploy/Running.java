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

    /** The release that is used again; null where one is made. */
    final @Nullable Release earlier;

    /** How many instances are to run, where that is what is asked. */
    final @Nullable Integer instances;

    Deployment deployment;

    Running(Deployment deployment, Actor by, @Nullable Release earlier, @Nullable Integer instances) {
        this.deployment = deployment;
        this.by = by;
        this.earlier = earlier;
        this.instances = instances;
    }
}
