package dev.argus.client;

import java.util.HashSet;
import java.util.Set;

/** Waits until a service is as it was ordered to be. */
final class StatusWait {
    private static final int SECONDS = 60;

    /** So long a service that failed before may still say so after it was started again. */
    private static final int FAILED_SECONDS = 3;

    private static final int LONGEST_PAUSE_MILLIS = 500;

    private final Set<Long> processesBefore = new HashSet<>();

    /** Remembers what runs now, to wait until none of it does. */
    static StatusWait beforeRestart(Json service) {
        StatusWait wait = new StatusWait();
        for (Json instance : service.at("instances").items()) {
            wait.processesBefore.add(instance.number("pid", -1));
        }
        wait.processesBefore.remove(-1L);
        return wait;
    }

    /**
     * Waits.
     *
     * @return the service when it is so
     * @throws ClientFailure if it takes more than a minute, or the service failed
     */
    Json until(String status, Api api, String name) {
        Deadline deadline = Deadline.in(SECONDS);
        Deadline failing = Deadline.in(FAILED_SECONDS);
        int pause = 20;
        while (true) {
            Json service = api.read(Api.service(name));
            String now = service.text("status", "");
            if (now.equals(status) && !hasProcessesOfBefore(service)) {
                return service;
            }
            boolean failed = now.equals("failed") && failing.over();
            if (failed || deadline.over()) {
                String reason = service.text("reason");
                throw ClientFailure.failed(name + " is " + now + (failed ? "" : " after " + SECONDS + " s") + ", not "
                        + status + (reason == null ? "." : ": " + reason) + " See argus-client why " + name + ".");
            }
            Pause.millis(pause);
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        }
    }

    private boolean hasProcessesOfBefore(Json service) {
        for (Json instance : service.at("instances").items()) {
            if (processesBefore.contains(instance.number("pid", -1))) {
                return true;
            }
        }
        return false;
    }
}
