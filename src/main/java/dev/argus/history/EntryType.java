package dev.argus.history;

import java.util.Locale;

/** What an entry of a timeline is about. */
public enum EntryType {
    /** The service was named for the first time. */
    CREATED,
    /** Somebody has changed what is asked of it. */
    CONFIGURED,
    /** Somebody has set or removed a secret. */
    SECRET_CHANGED,
    /** Somebody wants it stopped. */
    STOPPED,
    /** Somebody wants it running again. */
    STARTED,
    /** A deployment has begun. */
    DEPLOYMENT_STARTED,
    /** A deployment has ended, in whatever way. */
    DEPLOYMENT_FINISHED,
    /** An instance was started again. */
    RESTARTED,
    /** An instance has become healthy. */
    HEALTHY,
    /** An instance has become unhealthy. */
    UNHEALTHY,
    /** The restart policy has called an instance failed. */
    FAILED,
    /** Something has gone wrong, and evidence was kept. */
    INCIDENT;

    /** The word clients see. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
