package dev.argus.client;

/** The exit statuses of the contract. */
final class ExitStatus {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;
    static final int NOT_ALLOWED = 4;
    static final int NO_RESOURCES = 5;

    private ExitStatus() {}
}
