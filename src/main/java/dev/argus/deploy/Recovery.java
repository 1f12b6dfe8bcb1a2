package dev.argus.deploy;

import dev.argus.auth.Actor;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Service;
import dev.argus.traffic.TrafficCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up what an earlier Argus left. Deployments that were cut off are brought to their end, each in the lane of its service and so before
 * anything else happens to it; services without one get rid of what should not be there; removals go on.
 */
final class Recovery {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final Vertx vertx;
    private final Bus bus;
    private final Clock clock;
    private final Duration drainTimeout;
    private final Workshop workshop;
    private final Ledger ledger;
    private final Lanes lanes;
    private final Removal removal;

    Recovery(
            Vertx vertx,
            Bus bus,
            Clock clock,
            Duration drainTimeout,
            Workshop workshop,
            Ledger ledger,
            Lanes lanes,
            Removal removal) {
        this.vertx = vertx;
        this.bus = bus;
        this.clock = clock;
        this.drainTimeout = drainTimeout;
        this.workshop = workshop;
        this.ledger = ledger;
        this.lanes = lanes;
        this.removal = removal;
    }

    /** Succeeds when all is begun; a removal takes as long as the service may take to stop, for which nobody else is to wait. */
    Future<?> recover() {
        var services = bus.request(new CatalogCommand.ListServices());
        var instances = bus.request(new InstanceCommand.ListInstances(null));
        var unfinished = ledger.unfinished();
        return Future.all(services, instances, unfinished)
                .compose(all -> takeUp(services.result(), instances.result(), unfinished.result()))
                .compose(done -> bus.request(new CatalogCommand.ListRemoved()))
                .onSuccess(removed -> removed.forEach(removal::remove));
    }

    private Future<?> takeUp(List<Service> services, List<Instance> instances, List<Deployment> unfinished) {
        Set<String> known =
                services.stream().map(service -> service.name().value()).collect(Collectors.toSet());
        Set<String> busy = new HashSet<>();
        List<Future<?>> closed = new ArrayList<>();
        for (Deployment deployment : unfinished) {
            if (!known.contains(deployment.service())) {
                closed.add(close(deployment, "Argus was stopped, and the service is removed since."));
            } else if (hasBegun(deployment) && busy.add(deployment.service())) {
                lanes.resume(Running.cutOff(deployment, Actor.ARGUS));
            } else {
                closed.add(close(
                        deployment,
                        "Argus was stopped before it began; deploy again if what it was to bring is still wanted."));
            }
        }
        services.stream()
                .filter(service -> !busy.contains(service.name().value()))
                .forEach(service -> closed.add(tidy(service, instances)));
        return Future.join(closed);
    }

    private static boolean hasBegun(Deployment deployment) {
        return deployment.steps().stream().anyMatch(step -> step.state() != StepState.PENDING);
    }

    private Future<Integer> close(Deployment deployment, String cause) {
        log.info("deployment {} of {} was cut off", deployment.id(), deployment.service());
        return ledger.put(deployment.finished(Outcome.ABORTED, cause, clock.instant()))
                .onSuccess(recorded -> bus.publish(new DeployEvent.Finished(
                        deployment.service(), deployment.id(), Outcome.ABORTED, cause, deployment.release())));
    }

    /** What is not to be there is looked for now, before anything new can begin; to remove it may take longer. */
    private Future<?> tidy(Service service, List<Instance> instances) {
        String name = service.name().value();
        Set<String> stale = instances.stream()
                .filter(instance -> instance.service().equals(name))
                .filter(instance -> service.liveRelease() == null || instance.release() != service.liveRelease())
                .map(Instance::id)
                .collect(Collectors.toSet());
        if (!stale.isEmpty()) {
            bus.request(new TrafficCommand.Drain(stale, drainTimeout))
                    .transform(drained -> bus.request(
                            new InstanceCommand.Retire(List.copyOf(stale), "its release is not the live one")))
                    .onFailure(
                            failure -> log.error("{} of {} were not stopped: {}", stale, name, failure.getMessage()));
        }
        Set<Integer> kept = ledger.releases(name).stream().map(Release::number).collect(Collectors.toSet());
        return vertx.executeBlocking(() -> workshop.orphans(service.name(), kept), false)
                .onSuccess(orphans -> orphans.forEach(number -> vertx.executeBlocking(
                        () -> {
                            workshop.discard(service.name(), number);
                            return Done.DONE;
                        },
                        false)));
    }
}
