package dev.argus.api;

import dev.argus.deploy.Deployment;
import dev.argus.deploy.Outcome;
import dev.argus.instance.Health;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceState;
import dev.argus.service.Desired;
import dev.argus.service.Service;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a service is, in one word for people and one sentence why. Pure.
 *
 * @param word one of the contract's: deploying, starting, running, unhealthy, restarting, backoff, failed, stopped
 * @param reason empty when there is nothing to say
 */
record ServiceStatus(String word, String reason) {

    /** The worst of its instances decides. */
    static ServiceStatus of(Service service, List<Instance> all, @Nullable Deployment newest) {
        boolean baking = newest != null && newest.isBaking();
        List<Instance> instances = baking
                ? all.stream()
                        .filter(instance ->
                                service.liveRelease() != null && instance.release() == service.liveRelease())
                        .toList()
                : all;
        if (newest != null && newest.isInFlight() && !baking && newest.kind() != Deployment.Kind.BUILD) {
            return new ServiceStatus("deploying", "Deployment " + newest.id() + " is under way.");
        }
        if (service.desired() == Desired.STOPPED) {
            return stopped(service, instances);
        }
        if (instances.isEmpty()) {
            return newest != null && newest.outcome() == Outcome.FAILED
                    ? new ServiceStatus("failed", String.valueOf(newest.cause()))
                    : new ServiceStatus("stopped", "It has no release yet; deploy it.");
        }
        return first(instances, Instance::failed, "failed")
                .or(() -> first(instances, is(InstanceState.BACKOFF), "backoff"))
                .or(() -> first(
                        instances,
                        // while it is stopped for that, or left alone because nothing could take its place
                        instance -> instance.health() == Health.UNHEALTHY,
                        "unhealthy"))
                .or(() -> first(instances, is(InstanceState.STOPPING), "restarting"))
                .or(() -> first(
                        instances,
                        instance -> instance.health() != Health.HEALTHY && instance.restarts() > 0,
                        "restarting"))
                .or(() -> first(instances, instance -> instance.health() != Health.HEALTHY, "starting"))
                .orElseGet(() -> new ServiceStatus("running", note(instances)));
    }

    /** What does not end, whatever is done, is not called stopped. */
    private static ServiceStatus stopped(Service service, List<Instance> instances) {
        boolean all = instances.stream().allMatch(is(InstanceState.STOPPED));
        return first(instances, is(InstanceState.STOPPING).and(Instance::failed), "failed")
                .orElseGet(() -> new ServiceStatus(
                        "stopped", (all ? "Stopped by " : "Being stopped by ") + service.changedBy() + "."));
    }

    private static Predicate<Instance> is(InstanceState state) {
        return instance -> instance.state() == state;
    }

    private static Optional<ServiceStatus> first(List<Instance> instances, Predicate<Instance> test, String word) {
        return instances.stream()
                .filter(test)
                .findFirst()
                .map(instance -> new ServiceStatus(
                        word, instance.reason().isEmpty() ? "" : instance.id() + ": " + instance.reason()));
    }

    private static String note(List<Instance> instances) {
        return instances.stream()
                .map(Instance::probeNote)
                .filter(note -> !note.isEmpty())
                .findFirst()
                .orElse("");
    }
}
