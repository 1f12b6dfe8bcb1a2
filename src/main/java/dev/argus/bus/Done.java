package dev.argus.bus;

/** The answer to a command that has nothing more to say than that it was done. */
public enum Done {
    /** It was done. */
    DONE
}
