package dev.argus.traffic;

import java.util.Locale;

/** What an instance gets of the requests for its service. */
public enum Share {
    /** New requests. */
    ACTIVE,
    /** None yet: it belongs to the live release and is not healthy. */
    WAITING,
    /** Nothing new; those under way may end. */
    DRAINING,
    /** None: its release is not the live one yet, or not any more. */
    OUT;

    /** The word clients see. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
