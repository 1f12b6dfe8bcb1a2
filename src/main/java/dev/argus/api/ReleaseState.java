package dev.argus.api;

import dev.argus.deploy.Deployment;
import dev.argus.deploy.Release;
import dev.argus.instance.Instance;
import dev.argus.service.Service;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What becomes of a release now. */
enum ReleaseState {
    /** It gets the requests. */
    LIVE,
    /** It was live until just now, and its instances stay ready for the bake time of the one that is. */
    WARM,
    /** It has instances, and is about to be live. */
    STARTING,
    /** It can be gone back to. */
    KEPT;

    /**
     * The state of a release.
     *
     * @param instances those of the service
     * @param newest the newest deployment of the service
     */
    static ReleaseState of(Release release, Service service, List<Instance> instances, @Nullable Deployment newest) {
        if (service.liveRelease() != null && service.liveRelease() == release.number()) {
            return LIVE;
        }
        boolean runs = instances.stream().anyMatch(instance -> instance.release() == release.number());
        if (!runs) {
            return KEPT;
        }
        return newest != null && newest.isInFlight() && newest.release() != null && newest.release() == release.number()
                ? STARTING
                : WARM;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
