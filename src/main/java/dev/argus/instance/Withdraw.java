package dev.argus.instance;

import dev.argus.bus.Command;
import dev.argus.bus.Done;
import java.time.Duration;

/**
 * Asks whoever sends requests to instances to send no more to this one, which is about to be stopped; answered when that is in effect.
 * Declared here because instances do not know of the traffic.
 *
 * @param instance as it is now
 */
public record Withdraw(Instance instance) implements Command<Done> {
    /** The address of who sends them requests. */
    public static final String ADDRESS = "argus.instance.withdraw";

    /** A stop does not wait longer for it. */
    private static final Duration AT_MOST = Duration.ofSeconds(1);

    @Override
    public String address() {
        return ADDRESS;
    }

    @Override
    public Duration deadline() {
        return AT_MOST;
    }
}
