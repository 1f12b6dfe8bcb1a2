package dev.argus.deploy;

import dev.argus.config.ServerConfig;
import dev.argus.instance.InstanceCommand;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long what was begun may take to end. Whoever cancels waits for it, and is to see the end within two seconds; else the usual times
 * hold.
 *
 * @param drain for requests under way
 * @param stop from SIGTERM to SIGKILL; null for what the service says
 * @param healthy until what made room answers again
 */
record Pace(Duration drain, @Nullable Duration stop, Duration healthy) {
    private static final Duration HURRIED_DRAIN = Duration.ofMillis(700);
    private static final Duration HURRIED_STOP = Duration.ofMillis(400);
    private static final Duration HURRIED_START = Duration.ofMillis(800);

    static Pace of(CancelToken cancel, ServerConfig.DeployConfig config) {
        return cancel.isCancelled()
                ? new Pace(shorter(HURRIED_DRAIN, config.drainTimeout()), HURRIED_STOP, HURRIED_START)
                : new Pace(config.drainTimeout(), null, config.healthyTimeout());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    InstanceCommand.Retire retire(List<String> ids, String reason) {
        return new InstanceCommand.Retire(ids, reason, stop);
    }
}
