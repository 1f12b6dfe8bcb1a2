package dev.argus.client;

/** A server answered that it did not do what was asked. */
final class Refused extends ClientFailure {
    private final int code;

    /** @param code the HTTP status */
    Refused(int code, String sentence) {
        super(code == 401 || code == 403 ? ExitStatus.NOT_ALLOWED : ExitStatus.FAILED, sentence);
        this.code = code;
    }

    boolean notFound() {
        return code == 404;
    }
}
