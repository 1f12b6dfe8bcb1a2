package dev.argus.client;

/** A server gave no answer: nothing listens, it took too long, or the connection broke. */
final class Unreachable extends ClientFailure {
    private final String reason;

    /**
     * @param reason what happened, short enough for a list of servers: "connection refused"
     * @param sentence the same as a whole sentence
     */
    Unreachable(String reason, String sentence) {
        super(ExitStatus.UNREACHABLE, sentence);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
