package dev.argus.deploy;

import dev.argus.instance.Instance;
import dev.argus.instance.InstanceState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the next Argus makes of a bake time in which an earlier one was cut off. Pure. */
final class BakeTime {
    /** Nobody has looked at the release meanwhile, so it is watched for a moment however late it is. */
    private static final Duration LEAST = Duration.ofSeconds(5);

    private BakeTime() {}

    /** What is left of it: never more than the whole, wherever the clock was set to. */
    static Duration left(Instant begun, Duration whole, Instant now) {
        Duration left = whole.minus(Duration.between(begun, now));
        if (left.compareTo(LEAST) < 0) {
            left = LEAST;
        }
        return left.compareTo(whole) > 0 ? whole : left;
    }

    /** Whether two copies of the service cannot run, so that the former instances made room and are stopped. */
    static boolean madeRoom(Release release, List<Instance> all) {
        return release.plan().port() != null || all.stream().anyMatch(Instance::portOfItsOwn);
    }

    /** Whether one of the former instances can take over: it runs, or has only made room. */
    static boolean canGoBack(List<Instance> former, boolean madeRoom) {
        return former.stream().anyMatch(instance -> madeRoom || instance.state() == InstanceState.RUNNING);
    }

    /** What went wrong with the new instances while nobody watched; nothing when nothing did. */
    static String meanwhile(List<Instance> fresh) {
        return fresh.stream()
                .filter(instance -> instance.state() != InstanceState.RUNNING || instance.restarts() > 0)
                .findFirst()
                .map(instance -> "The instance " + instance.id() + " ended while Argus was not there.")
                .orElse("");
    }
}
