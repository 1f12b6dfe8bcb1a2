package dev.argus.client;

/** One command of the client. */
interface Command {
    /** Its options and arguments, for parsing and for help. */
    Usage usage();

    /**
     * Does it.
     *
     * @return the exit status
     * @throws ClientFailure if it is not done
     */
    int run(Session session, Arguments arguments);
}
