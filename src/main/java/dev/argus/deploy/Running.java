package dev.argus.deploy;

import dev.argus.auth.Actor;
import dev.argus.bus.Done;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** A deployment in flight, waiting or running. */
final class Running {
    final Actor by;
    final CancelToken cancel = new CancelToken();
    final Promise<Done> ended = Promise.promise();
    final @Nullable Release earlier;
    Deployment deployment;

    Running(Deployment deployment, Actor by, @Nullable Release earlier) {
        this.deployment = deployment;
        this.by = by;
        this.earlier = earlier;
    }
}
