package dev.argus.api;

import dev.argus.deploy.Deployment;
import dev.argus.deploy.Outcome;
import dev.argus.deploy.Release;
import dev.argus.instance.Instance;
import dev.argus.service.Service;
import java.util.List;
import java.util.Locale;

/** What becomes of a release now. */
enum ReleaseState {
    /** It gets the requests. */
    LIVE,
    /** It was live until just now, and its instances stay ready for the bake time of the one that is. */
    WARM,
    /** It has instances, and is about to be live. */
    STARTING,
    /** It can be gone back to, but when it was to serve last it did not become healthy, or not for long. */
    FAILED,
    /** It can be gone back to. */
    KEPT;

    /**
     * The state of a release.
     *
     * @param instances those of the service
     * @param deployments those of the service, the newest first
     */
    static ReleaseState of(Release release, Service service, List<Instance> instances, List<Deployment> deployments) {
        if (service.liveRelease() != null && service.liveRelease() == release.number()) {
            return LIVE;
        }
        Deployment last = deployments.stream()
                .filter(deployment -> Integer.valueOf(release.number()).equals(deployment.release()))
                .filter(deployment -> deployment.kind() != Deployment.Kind.BUILD)
                .findFirst()
                .orElse(null);
        boolean runs = instances.stream().anyMatch(instance -> instance.release() == release.number());
        if (runs) {
            return last != null && last.isInFlight() ? STARTING : WARM;
        }
        return last != null && (last.outcome() == Outcome.FAILED || last.outcome() == Outcome.ROLLED_BACK)
                ? FAILED
                : KEPT;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
