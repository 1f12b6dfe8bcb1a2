package dev.argus.deploy.git;

/** A repository could not be fetched or written out; the message is one sentence and never holds credentials. */
public final class GitFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What kind of failure it is. */
    public enum Reason {
        /** The remote does not answer. */
        UNREACHABLE,
        /** The remote wants to know who asks, or does not let them. */
        AUTHENTICATION,
        /** There is no git repository. */
        NOT_A_REPOSITORY,
        /** The repository has no such branch, tag or commit. */
        NO_SUCH_REF,
        /** It is against the rules: a redirect to another host, a link that leads outside, a name that no file may have. */
        REFUSED,
        /** There is more of it than allowed. */
        TOO_LARGE,
        /** It took longer than allowed. */
        TIMEOUT,
        /** Anything else, as a full disk. */
        FAILED
    }

    /** A failure with its sentence for people. */
    public GitFailed(Reason reason, String sentence) {
        super(sentence);
        this.reason = reason;
    }

    /** A failure with its sentence for people and what caused it, for the log of Argus. */
    public GitFailed(Reason reason, String sentence, Throwable cause) {
        super(sentence, cause);
        this.reason = reason;
    }

    /** What kind of failure it is. */
    public Reason reason() {
        return reason;
    }
}
