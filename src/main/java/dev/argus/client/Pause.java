package dev.argus.client;

/** Lets time pass between two questions to a server. */
final class Pause {
    private Pause() {}

    static void millis(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClientFailure.failed("Interrupted.");
        }
    }
}
