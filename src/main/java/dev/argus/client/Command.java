package dev.argus.client;

/** One command of the client. */
interface Command {
    /** Its options and arguments, for parsing and for help. */
    Usage usage();

    /** Whether it can be run with no arguments of its own, so that picocli is not needed for that. */
    default boolean runsBare() {
        return false;
    }

    /**
     * Does it.
     *
     * @return the exit status
     * @throws ClientFailure if it is not done
     */
    int run(Session session, Arguments arguments);
}
