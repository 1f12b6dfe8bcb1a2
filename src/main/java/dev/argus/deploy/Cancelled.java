package dev.argus.deploy;

/** The work was given up because its {@link CancelToken} was cancelled; the message says why. */
public final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Given up for {@code reason}. */
    public Cancelled(String reason) {
        super(reason, null, false, false);
    }
}
