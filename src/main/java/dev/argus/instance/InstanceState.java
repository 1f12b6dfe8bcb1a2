package dev.argus.instance;

import java.util.Locale;

/** Where an instance is in its life. Health and traffic are axes of their own. */
public enum InstanceState {
    /** Recorded, nothing started yet. */
    PENDING,
    /** Being launched. */
    STARTING,
    /** Its processes exist. */
    RUNNING,
    /** Being stopped, for good or to be started anew. */
    STOPPING,
    /** Stopped because it is not wanted. */
    STOPPED,
    /** Wanted, not there, and waiting for its next start. */
    BACKOFF,
    /** Recorded as running and gone when Argus came back. */
    LOST;

    /** The word clients see. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
