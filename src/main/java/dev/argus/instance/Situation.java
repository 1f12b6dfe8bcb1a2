package dev.argus.instance;

/**
 * All that {@link Transitions} needs to know of an instance.
 *
 * @param wanted whether it is to run; a stopping instance that is wanted will be started anew
 * @param generation counts the starts and the waits; what carries an older one is late and is ignored
 * @param failed whether the restart policy has called it failed, or it does not end
 * @param reason why it is as it is, one sentence; empty when there is nothing to say
 */
public record Situation(
        InstanceState state,
        Health health,
        boolean wanted,
        int generation,
        Restarts restarts,
        boolean failed,
        String reason) {

    /** A new instance. */
    public static final Situation NEW =
            new Situation(InstanceState.PENDING, Health.UNKNOWN, false, 0, Restarts.NONE, false, "");

    Situation with(InstanceState next) {
        return new Situation(next, health, wanted, generation, restarts, failed, reason);
    }

    Situation with(Health next) {
        return new Situation(state, next, wanted, generation, restarts, failed, reason);
    }

    Situation wanting(boolean next) {
        return new Situation(state, health, next, generation, restarts, failed, reason);
    }

    Situation because(String next) {
        return new Situation(state, health, wanted, generation, restarts, failed, next);
    }

    Situation counting(Restarts next, boolean nextFailed) {
        return new Situation(state, health, wanted, generation, next, nextFailed, reason);
    }

    Situation nextGeneration() {
        return new Situation(state, health, wanted, generation + 1, restarts, failed, reason);
    }
}
