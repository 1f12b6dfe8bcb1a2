package dev.argus.process;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How stopping an instance went.
 *
 * @param killed how many processes had to be killed
 * @param survivors what still lives: in an uninterruptible wait, or owned by another user. Nothing else may be started in its place
 * @param duration from the first act to the last process gone, or to giving up
 * @param commandProblem one sentence why the service's own stop command did not do, where there is one and it did not
 */
public record StopOutcome(
        int killed, List<ProcessIdentity> survivors, Duration duration, Optional<String> commandProblem) {
    public StopOutcome {
        survivors = List.copyOf(survivors);
    }

    /** Whether everything ended by itself when asked to. */
    public boolean graceful() {
        return killed == 0 && survivors.isEmpty();
    }
}
