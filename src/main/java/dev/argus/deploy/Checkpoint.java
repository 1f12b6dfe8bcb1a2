package dev.argus.deploy;

/**
 * Is told where a deployment stands, on the deployment's own thread, and may hold it or break it there by throwing. Argus itself has no
 * use for that; tests find out by it that a deployment may be cut off anywhere.
 */
@FunctionalInterface
public interface Checkpoint {
    /** Lets all pass. */
    Checkpoint NONE = (step, moment) -> {};

    /** The deployment stands there. */
    void pass(StepName step, Moment moment);

    /** Where in a step. */
    enum Moment {
        /** It is recorded that the step has begun. */
        BEGUN,
        /** In SWITCH: the release is recorded as the live one, the traffic does not know yet. */
        COMMITTED,
        /** It is recorded how the step ended, and the next has not begun. */
        ENDED
    }
}
