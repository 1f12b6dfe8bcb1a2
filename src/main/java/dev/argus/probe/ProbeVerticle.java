package dev.argus.probe;

import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.control.ProcessCommand;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes every watched instance, one regular probe in flight for each, and tells when its health changes.
 *
 * <p>Only a port that belongs to the instance's own processes is ever taken for the service: the first answer is believed only
 * once the operating system says whose port it is. A service that listens elsewhere than expected is found the same way.
 */
public final class ProbeVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(ProbeVerticle.class);
    private static final List<String> USUAL_PATHS =
            List.of("/healthz", "/health", "/livez", "/actuator/health", "/-/healthy", "/ping");
    private static final String DEFAULT_PATH = "/isalive";
    private static final Duration LOOK_FOR_PORT_EVERY = Duration.ofMillis(300);

    private final Bus bus;
    private final Map<String, Watch> watches = new HashMap<>();

    @SuppressWarnings("NullAway.Init")
    private HttpProbe probe;

    /** A verticle that watches nothing yet. */
    public ProbeVerticle(Bus bus) {
        this.bus = bus;
    }

    @Override
    public Future<?> start() {
        probe = new HttpProbe(vertx);
        bus.<ProbeCommand<?>>serve(
                ProbeCommand.ADDRESS,
                command -> Future.succeededFuture(
                        switch (command) {
                            case ProbeCommand.Watch watch -> watch(watch);
                            case ProbeCommand.Unwatch unwatch -> unwatch(unwatch.instance());
                            case ProbeCommand.Times _ ->
                                watches.values().stream()
                                        .map(Watch::answerTimes)
                                        .toList();
                        }));
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        watches.values().forEach(watch -> vertx.cancelTimer(watch.timer));
        watches.clear();
        return probe.close();
    }

    private Done watch(ProbeCommand.Watch command) {
        unwatch(command.instance());
        var watch = new Watch(command, System.nanoTime());
        watch.nextPortLookNanos = watch.startedNanos + LOOK_FOR_PORT_EVERY.toNanos();
        watches.put(watch.instance, watch);
        schedule(watch);
        return Done.DONE;
    }

    private List<Probed> unwatch(String instance) {
        Watch old = watches.remove(instance);
        if (old == null) {
            return List.of();
        }
        vertx.cancelTimer(old.timer);
        return old.recent();
    }

    private boolean isCurrent(Watch watch) {
        return watches.get(watch.instance) == watch;
    }

    private void schedule(Watch watch) {
        schedule(watch, Duration.ZERO);
    }

    /** The time that an answer took is part of the interval, so that a busy host is not probed more seldom. */
    private void schedule(Watch watch, Duration taken) {
        Duration delay = watch.tracker.nextDelay().minus(taken);
        watch.timer = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> run(watch));
    }

    private void run(Watch watch) {
        if (watch.tracker.everHealthy()) {
            new Round(watch).begin();
        } else {
            look(watch);
        }
    }

    /**
     * One regular probe of an instance that has been healthy, and the probes that confirm its failure: when it is late they follow without
     * waiting for its end, so that a hang is found soon although as many failures are needed as ever. One answer settles it.
     */
    private final class Round {
        private final Watch watch;
        private final Confirmation confirmation;
        private int asked;
        private int open;
        private boolean over;
        private long timer = -1;

        Round(Watch watch) {
            this.watch = watch;
            this.confirmation = Confirmation.of(watch.settings.timeout(), watch.tracker.failuresLeft());
        }

        void begin() {
            probe();
        }

        private void probe() {
            asked++;
            open++;
            long begunNanos = System.nanoTime();
            ask(watch).onComplete(answer -> answered(resultOf(answer), begunNanos));
            if (asked < confirmation.probes()) {
                timer = vertx.setTimer(confirmation.pauseAfter(asked).toMillis(), late -> {
                    if (!over && isCurrent(watch)) {
                        probe();
                    }
                });
            }
        }

        private void answered(ProbeResult result, long begunNanos) {
            open--;
            if (over || !isCurrent(watch)) {
                return;
            }
            boolean timedOut = result instanceof ProbeResult.Failed failed && failed.late();
            if (!timedOut || !watch.sleptSince(begunNanos, System.nanoTime())) {
                judge(watch, result);
            }
            // who answers at once that it is unwell is not hung: it is asked again at the next interval
            if (!timedOut || open == 0) {
                over = true;
                vertx.cancelTimer(timer);
                schedule(
                        watch,
                        result instanceof ProbeResult.Alive
                                ? Duration.ofNanos(System.nanoTime() - begunNanos)
                                : Duration.ZERO);
            }
        }
    }

    private static ProbeResult resultOf(AsyncResult<ProbeResult> asked) {
        return asked.succeeded()
                ? asked.result()
                : new ProbeResult.NotMade("could not be made (" + asked.cause().getMessage() + ")");
    }

    /** Probes an instance that has not been healthy yet, and looks where it listens. */
    private void look(Watch watch) {
        ask(watch)
                .compose(result -> switch (result) {
                    case ProbeResult.Failed failed -> lookElsewhere(watch, failed);
                    case ProbeResult.Alive alive -> confirm(watch, alive);
                    case ProbeResult.NotMade _ -> Future.succeededFuture(result);
                })
                .onComplete(asked -> {
                    if (isCurrent(watch)) {
                        judge(watch, resultOf(asked));
                        schedule(watch);
                    }
                });
    }

    private Future<ProbeResult> ask(Watch watch) {
        String path = watch.path;
        Instant at = Instant.now();
        long begun = System.nanoTime();
        Future<ProbeResult> asked = path == null
                ? probe.connect(watch.port, watch.settings.timeout())
                : probe.get(watch.port, path, watch.settings.timeout());
        return asked.onSuccess(result -> watch.remember(new Probed(
                at,
                Duration.ofNanos(System.nanoTime() - begun),
                switch (result) {
                    case ProbeResult.Alive _ -> null;
                    case ProbeResult.Failed failed -> failed.reason();
                    case ProbeResult.NotMade not -> not.reason();
                })));
    }

    /** Believes the first answer only if the port is the instance's own. */
    private Future<ProbeResult> confirm(Watch watch, ProbeResult alive) {
        if (watch.portConfirmed) {
            return Future.succeededFuture(alive);
        }
        return ownedPorts(watch).compose(owned -> {
            if (owned.contains(watch.port)) {
                watch.portConfirmed = true;
                return Future.succeededFuture(alive);
            }
            return bus.request(new ProcessCommand.HolderOf(watch.port)).map(holder -> {
                boolean elsewhere = !owned.isEmpty();
                if (elsewhere) {
                    watch.port = owned.getFirst();
                }
                return new ProbeResult.Failed(
                        "was answered on port " + watch.expectedPort + " by "
                                + (holder.isEmpty() ? "a process that is gone" : holder) + ", which is not the service",
                        false,
                        0);
            });
        });
    }

    private Future<ProbeResult> lookElsewhere(Watch watch, ProbeResult.Failed failed) {
        if (watch.tracker.everHealthy()) {
            return Future.succeededFuture(failed);
        }
        boolean silent = failed.refused() || (failed.status() == 0 && watch.port != watch.expectedPort);
        if (silent && System.nanoTime() >= watch.nextPortLookNanos) {
            return findPort(watch, failed);
        }
        if (failed.missing() && DEFAULT_PATH.equals(watch.settings.path()) && !watch.looked) {
            watch.looked = true;
            return findPath(watch, failed, USUAL_PATHS.iterator());
        }
        return Future.succeededFuture(described(watch, failed));
    }

    private static ProbeResult.Failed described(Watch watch, ProbeResult.Failed failed) {
        return failed.refused() && watch.listensNowhere
                ? new ProbeResult.Failed(failed.reason() + ", nor on any other of the service", true, 0)
                : failed;
    }

    private Future<ProbeResult> findPort(Watch watch, ProbeResult.Failed failed) {
        watch.nextPortLookNanos = System.nanoTime() + LOOK_FOR_PORT_EVERY.toNanos();
        return ownedPorts(watch).compose(owned -> {
            watch.listensNowhere = owned.isEmpty();
            return owned.isEmpty() || owned.contains(watch.expectedPort)
                    ? Future.succeededFuture(described(watch, failed))
                    : choosePort(watch, owned, owned.iterator()).map(failed);
        });
    }

    /** Among several ports the first that speaks HTTP is the service's; others may be for metrics of other kinds or for peers. */
    private Future<?> choosePort(Watch watch, List<Integer> owned, Iterator<Integer> ports) {
        if (!ports.hasNext()) {
            move(watch, owned.getFirst());
            return Future.succeededFuture();
        }
        int port = ports.next();
        String path = watch.path == null ? DEFAULT_PATH : watch.path;
        return probe.get(port, path, watch.settings.timeout()).compose(result -> {
            boolean speaksHttp = result instanceof ProbeResult.Alive
                    || (result instanceof ProbeResult.Failed failed && failed.status() != 0);
            if (speaksHttp) {
                move(watch, port);
                return Future.succeededFuture();
            }
            return choosePort(watch, owned, ports);
        });
    }

    private static void move(Watch watch, int port) {
        watch.port = port;
        watch.note = "It listens on port " + port + " and not on the port it was given, " + watch.expectedPort + ".";
    }

    /** Tries the usual paths once; with none of them, the open port counts. */
    private Future<ProbeResult> findPath(Watch watch, ProbeResult.Failed first, Iterator<String> paths) {
        String answers = "It answers " + first.status() + " on " + DEFAULT_PATH;
        if (!paths.hasNext()) {
            watch.path = null;
            note(watch, answers + " and has none of the other usual paths, so its open port counts as alive.");
            return confirm(watch, new ProbeResult.Alive());
        }
        String next = paths.next();
        return probe.get(watch.port, next, watch.settings.timeout()).compose(result -> {
            if (result instanceof ProbeResult.NotMade) {
                watch.looked = false;
                return Future.succeededFuture(result);
            }
            boolean unwell = result instanceof ProbeResult.Failed failed && failed.unwell();
            if (result instanceof ProbeResult.Alive || unwell) {
                watch.path = next;
                note(watch, answers + ", so " + next + " is probed.");
                return unwell ? Future.succeededFuture(result) : confirm(watch, result);
            }
            return findPath(watch, first, paths);
        });
    }

    private static void note(Watch watch, String sentence) {
        watch.note = watch.note.isEmpty() ? sentence : watch.note + " " + sentence;
    }

    private Future<List<Integer>> ownedPorts(Watch watch) {
        return bus.request(new ProcessCommand.OwnedPorts(watch.instance));
    }

    private void judge(Watch watch, ProbeResult result) {
        if (result instanceof ProbeResult.NotMade not) {
            // it would be Argus who takes the service down
            if (!watch.unasked) {
                log.warn("{} is not judged: the probe {}", watch.instance, not.reason());
            }
            watch.unasked = true;
            return;
        }
        watch.unasked = false;
        var judgement = watch.tracker.after(result, watch.sinceStart(System.nanoTime()));
        watch.tracker = judgement.tracker();
        String reason = result instanceof ProbeResult.Failed failed ? "the probe " + failed.reason() : "";
        long now = System.nanoTime();
        if (watch.lastReason.isEmpty()) {
            watch.failingSinceNanos = now;
        }
        HealthTracker.Change change = judgement.change();
        if (change == HealthTracker.Change.HEALTHY) {
            bus.publish(new ProbeEvent.BecameHealthy(watch.instance, watch.generation, watch.port, watch.note));
        } else if (change == HealthTracker.Change.UNHEALTHY) {
            log.info("{} is unhealthy: {}", watch.instance, reason);
            bus.publish(new ProbeEvent.BecameUnhealthy(
                    watch.instance,
                    watch.generation,
                    reason + ", " + watch.settings.failures() + " times in a row"
                            + lasting(Duration.ofNanos(now - watch.failingSinceNanos))));
        } else if (!reason.isEmpty() && !reason.equals(watch.lastReason)) {
            bus.publish(new ProbeEvent.Failing(watch.instance, watch.generation, reason));
        } else if (reason.isEmpty() && !watch.lastReason.isEmpty()) {
            bus.publish(new ProbeEvent.Answered(watch.instance, watch.generation));
        }
        watch.lastReason = reason;
    }

    /** Overlapping probes fail together: then there is nothing to say of how long. */
    private static String lasting(Duration failing) {
        return failing.toSeconds() < 1 ? "" : " in " + failing.toSeconds() + " s";
    }
}
