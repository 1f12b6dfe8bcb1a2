package dev.argus.deploy;

/** Argus ends while a release is on trial: both releases go on as they are, and the next Argus goes on with the bake time. */
final class LeftBaking extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeftBaking() {
        super("Argus ends in the bake time; the next one goes on with it.", null, false, false);
    }
}
