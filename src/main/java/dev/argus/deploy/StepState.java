package dev.argus.deploy;

import java.util.Locale;

/** How far a step is. */
public enum StepState {
    /** Not begun. */
    PENDING,
    /** Under way. */
    RUNNING,
    /** Done. */
    SUCCEEDED,
    /** Ended the deployment. */
    FAILED,
    /** Not needed. */
    SKIPPED,
    /** Ended by somebody. */
    CANCELLED;

    /** The word clients see. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
