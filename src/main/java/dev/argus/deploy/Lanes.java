package dev.argus.deploy;

import dev.argus.auth.Actor;
import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.ErrorCode;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deployments in flight: one at a time for a service, the newest of those that wait, and a bound on all that wait. On one event
 * loop.
 */
final class Lanes {
    private static final Logger log = LoggerFactory.getLogger(Lanes.class);
    private static final long END_WITHIN_SECONDS = 10;

    private final Bus bus;
    private final Clock clock;
    private final int places;
    private final Ledger ledger;
    private final Consumer<Running> begin;
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Map<String, Running> inFlight = new HashMap<>();

    /**
     * Lanes that are empty.
     *
     * @param places how many may wait
     * @param begin carries out a deployment whose turn has come
     */
    Lanes(Bus bus, Clock clock, int places, Ledger ledger, Consumer<Running> begin) {
        this.bus = bus;
        this.clock = clock;
        this.places = places;
        this.ledger = ledger;
        this.begin = begin;
    }

    // taking on

    /** Whether there is room for one more of that service; {@code BUSY} when there is not. */
    void admit(String service) {
        Lane lane = lanes.get(service);
        boolean takesThePlaceOfAnother = lane != null && lane.next != null;
        if (!takesThePlaceOfAnother && inFlight.size() > places) {
            throw new ArgusException(
                    ErrorCode.BUSY,
                    "The queue of deployments of this server is full (" + places
                            + " may wait); try again when some have ended.");
        }
    }

    /** Takes one on; succeeds when it is recorded, and then begins or waits. */
    Future<Deployment> take(Running running) {
        Deployment deployment = running.deployment;
        admit(deployment.service());
        inFlight.put(deployment.id(), running);
        return ledger.open(deployment)
                .onFailure(failure -> inFlight.remove(deployment.id()))
                .map(recorded -> {
                    enqueue(running);
                    return running.deployment;
                });
    }

    /** Takes up one that has been recorded and begun by an earlier Argus. */
    void resume(Running running) {
        inFlight.put(running.deployment.id(), running);
        enqueue(running);
    }

    private void enqueue(Running running) {
        Lane lane = lanes.computeIfAbsent(running.deployment.service(), made -> new Lane());
        if (lane.current == null) {
            lane.current = running;
            begin.accept(running);
            return;
        }
        Running waiting = lane.next;
        lane.next = running;
        // whoever deploys again does not go back any more
        lane.current.hurry.complete(null);
        if (waiting != null) {
            end(
                    waiting,
                    waiting.deployment.finished(
                            Outcome.SUPERSEDED,
                            "The newer deployment " + running.deployment.id() + " took its place.",
                            clock.instant()));
        }
    }

    // going on

    void changed(Running running, Deployment deployment, @Nullable Step step) {
        running.deployment = deployment;
        ledger.put(deployment).onFailure(failure -> log.warn("a step was not recorded: {}", failure.getMessage()));
        if (step != null) {
            bus.publish(new DeployEvent.Progress(
                    deployment.service(), deployment.id(), step.name(), step.state(), step.detail()));
        }
    }

    void end(Running running, Deployment deployment) {
        running.deployment = deployment;
        Outcome outcome = deployment.outcome();
        log.info(
                "deployment {} of {} ended: {}{}",
                deployment.id(),
                deployment.service(),
                outcome == null ? "" : outcome.word(),
                deployment.cause() == null ? "" : ", " + deployment.cause());
        ledger.put(deployment)
                .onFailure(failure ->
                        log.error("the end of {} was not recorded: {}", deployment.id(), failure.getMessage()))
                .onComplete(recorded -> {
                    inFlight.remove(deployment.id());
                    if (outcome != null) {
                        bus.publish(new DeployEvent.Finished(
                                deployment.service(),
                                deployment.id(),
                                outcome,
                                deployment.cause(),
                                deployment.release()));
                    }
                    advance(running);
                    running.ended.tryComplete(Done.DONE);
                });
    }

    /** The next Argus goes on with it. */
    void left(Running running) {
        inFlight.remove(running.deployment.id());
        advance(running);
        running.ended.tryComplete(Done.DONE);
    }

    private void advance(Running ended) {
        Lane lane = lanes.get(ended.deployment.service());
        if (lane == null) {
            return;
        }
        if (lane.next == ended) {
            lane.next = null;
        }
        if (lane.current == ended) {
            Running following = lane.next;
            lane.current = following;
            lane.next = null;
            if (following != null) {
                begin.accept(following);
            }
        }
        if (lane.isEmpty()) {
            lanes.remove(ended.deployment.service());
        }
    }

    // ending

    Future<Deployment> cancel(String id, Actor by) {
        Running running = inFlight.get(id);
        if (running == null || !running.deployment.isInFlight()) {
            return find(id).compose(deployment -> Future.failedFuture(ArgusException.conflict("Deployment " + id
                    + " has already ended"
                    + (deployment.outcome() == null
                            ? "."
                            : " (" + deployment.outcome().word() + ")."))));
        }
        Lane lane = lanes.get(running.deployment.service());
        if (lane != null && lane.next == running) {
            end(
                    running,
                    running.deployment.finished(
                            Outcome.CANCELLED, "Cancelled by " + by.name() + " before it began.", clock.instant()));
        } else if (!running.cancel.cancel("Cancelled by " + by.name() + ".")) {
            throw ArgusException.conflict("Deployment " + id
                    + " is past the point where it could be cancelled; use rollback to go back to an earlier release.");
        }
        return Future.succeededFuture(running.deployment);
    }

    /** Cancels what waits and runs of a service, as far as that can be; succeeds when nothing of it does any more. */
    Future<Done> cancelAll(String service, Actor by) {
        List<Running> all = inFlight.values().stream()
                .filter(running -> running.deployment.service().equals(service))
                .toList();
        for (Running running : all) {
            Lane lane = lanes.get(service);
            if (lane != null && lane.next == running) {
                cancel(running.deployment.id(), by);
            } else {
                running.cancel.cancel("Cancelled by " + by.name() + ".");
            }
        }
        return Future.join(all.stream().map(running -> running.ended.future()).toList())
                .map(Done.DONE);
    }

    /** Cuts off what runs, because Argus ends; the next one finds it so, and goes on with a bake time. */
    Future<?> close() {
        inFlight.values().forEach(running -> {
            running.argusEnds = true;
            running.cancel.cancel("Argus was stopped.");
        });
        return Future.join(inFlight.values().stream()
                        .map(running -> running.ended.future())
                        .toList())
                .timeout(END_WITHIN_SECONDS, TimeUnit.SECONDS)
                .transform(ended -> Future.succeededFuture());
    }

    // looking

    Future<Deployment> find(String id) {
        Running running = inFlight.get(id);
        return running != null ? Future.succeededFuture(running.deployment) : ledger.find(id);
    }

    Future<List<Deployment>> list(DeployCommand.ListDeployments command) {
        return ledger.list(command)
                .map(found -> found.stream()
                        .map(deployment -> {
                            Running running = inFlight.get(deployment.id());
                            return running == null ? deployment : running.deployment;
                        })
                        .toList());
    }

    /** The releases that deployments of a service work on or wait for. */
    Set<Integer> releasesInUse(String service) {
        Set<Integer> used = new HashSet<>();
        for (Running running : inFlight.values()) {
            Integer number = running.deployment.release();
            if (running.deployment.service().equals(service) && number != null) {
                used.add(number);
            }
        }
        return used;
    }
}
