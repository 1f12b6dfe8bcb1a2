package dev.argus.instance;

import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.control.ProcessCommand;
import dev.argus.probe.ProbeCommand;
import dev.argus.service.CatalogCommand;
import dev.argus.service.RunPlan;
import dev.argus.service.ServiceName;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets things happen to instances: asks {@link Transitions} what follows, and does it. On one event loop.
 */
final class Supervision {
    private static final Logger log = LoggerFactory.getLogger(Supervision.class);
    private static final long STOP_AGAIN_MILLIS = 5_000;
    private static final long REMEMBER_AGAIN_MILLIS = 5_000;
    private static final long LONGEST_PLACE_MILLIS = 5_000;

    private final Vertx vertx;
    private final Bus bus;
    private final Clock clock;
    private final RandomGenerator random;
    private final Map<String, Supervised> instances;
    private final HealthGate gate;
    private final Transitions transitions = new Transitions(RestartPolicy.DEFAULT);
    private final Map<String, Long> timers = new HashMap<>();
    private final StartLine line = StartLine.ofThisHost();
    private final Investigations investigations;

    Supervision(
            Vertx vertx,
            Bus bus,
            Clock clock,
            RandomGenerator random,
            Map<String, Supervised> instances,
            HealthGate gate) {
        this.vertx = vertx;
        this.bus = bus;
        this.clock = clock;
        this.random = random;
        this.instances = instances;
        this.gate = gate;
        this.investigations = new Investigations(vertx, bus, clock);
    }

    void happen(Supervised instance, Happening happening) {
        Instance before = instance.view();
        int restartsBefore = instance.restarts;
        Situation situationBefore = instance.situation;
        var next = transitions.next(instance.situation, happening, System.nanoTime(), random.nextDouble());
        instance.situation = next.situation();
        next.effects().forEach(effect -> act(instance, effect));
        if (instance.restarts != restartsBefore || !remembersTheSame(situationBefore, instance.situation)) {
            remember(instance);
        }
        if (happening instanceof Happening.Unwanted || happening instanceof Happening.RestartAsked) {
            investigations.hurry(instance.id);
        }
        switch (instance.situation.state()) {
            case STOPPED, BACKOFF, LOST, PENDING -> instance.pid = null;
            case STARTING, RUNNING, STOPPING -> {
                // has processes, or is about to
            }
        }
        if (!instance.isStarting()) {
            line.leave(instance.id);
        }
        if (!before.equals(instance.view())) {
            log.debug("{} {} {}", instance.id, instance.situation.state(), instance.situation.reason());
            bus.publish(new InstanceEvent.Changed(instance.view()));
        }
        if (instance.situation.failed() && !before.failed()) {
            bus.publish(new InstanceEvent.Failed(before.service(), instance.id, instance.situation.reason()));
        }
    }

    private static boolean remembersTheSame(Situation before, Situation now) {
        return before.restarts().equals(now.restarts())
                && before.failed() == now.failed()
                && (before.state() == InstanceState.BACKOFF) == (now.state() == InstanceState.BACKOFF);
    }

    /** Not waited for; where the store refuses, a full disk perhaps, what is so then is written later. */
    private void remember(Supervised instance) {
        RestartMemory memory = instance.remembered(clock.instant(), System.nanoTime());
        bus.request(StoreCommand.Write.of(InstanceRecords.remember(instance.id, instance.restarts, memory)))
                .onFailure(failure -> rememberLater(instance, failure));
    }

    private void rememberLater(Supervised instance, Throwable failure) {
        if (instance.isToBeRemembered) {
            return;
        }
        log.warn("the restarts of {} are not kept yet: {}", instance.id, failure.getMessage());
        instance.isToBeRemembered = true;
        vertx.setTimer(REMEMBER_AGAIN_MILLIS, fired -> {
            instance.isToBeRemembered = false;
            if (instances.get(instance.id) == instance) {
                remember(instance);
            }
        });
    }

    /** The restarts of an instance that an earlier Argus supervised, as far as they are remembered. */
    void recall(Supervised instance, RestartMemory memory) {
        instance.situation =
                instance.situation.counting(memory.restarts(clock.instant(), System.nanoTime()), memory.failed());
    }

    Investigations investigations() {
        return investigations;
    }

    private void act(Supervised instance, Effect effect) {
        switch (effect) {
            case Effect.Spawn spawn -> line.enter(instance.id, () -> spawn(instance, spawn.generation()));
            case Effect.AllowRestart allow -> allowRestart(instance, allow.generation());
            case Effect.Stop stop -> {
                // nobody is to be sent there any more when it gets the signal; that this is not known for sure is no
                // reason to leave it running
                Future<Done> withdrawn = bus.request(new Withdraw(instance.view()));
                Runnable stopping = () -> withdrawn.onComplete(taken -> stop(instance, stop.generation()));
                if (instance.isToBeStartedAnew()) {
                    investigations.beforeStop(instance, stopping);
                } else {
                    stopping.run();
                }
            }
            case Effect.Watch watch -> watch(instance, watch.generation());
            case Effect.Unwatch _ -> {
                instance.lastProbes = bus.request(new ProbeCommand.Unwatch(instance.id));
                report(instance.lastProbes, instance);
            }
            case Effect.Wait wait -> {
                instance.nextStartAt = clock.instant().plus(wait.delay());
                later(instance, wait.delay(), new Happening.DelayOver(wait.generation()));
            }
            case Effect.WaitForReset wait ->
                later(instance, wait.delay(), new Happening.HealthyForLong(wait.generation()));
            case Effect.CountRestart _ -> {
                instance.restarts++;
            }
        }
    }

    void begun(Supervised instance) {
        instance.startedAt = clock.instant();
        instance.startedNanos = System.nanoTime();
        instance.foundPort = null;
        instance.probeNote = "";
        instance.pid = null;
        instance.lastProbeFailure = "";
    }

    /** Unless it would be started with another environment than its service has by now. */
    private void allowRestart(Supervised instance, int generation) {
        environment(instance)
                .compose(environment -> environment.equals(instance.launchedWith)
                        ? bus.request(new ProcessCommand.AllowRestart(instance.id, generation))
                        : Future.succeededFuture(Done.DONE))
                .onFailure(e -> log.debug("{} will be asked about when it ends", instance.id, e));
    }

    private void spawn(Supervised instance, int generation) {
        begun(instance);
        vertx.setTimer(LONGEST_PLACE_MILLIS, over -> {
            if (generation == instance.situation.generation()) {
                line.leave(instance.id);
            }
        });
        environment(instance)
                .compose(environment -> {
                    instance.launchedWith = environment;
                    return bus.request(new ProcessCommand.Launch(
                            instance.id,
                            generation,
                            instance.service.value(),
                            instance.release,
                            instance.plan,
                            instance.attempt,
                            instance.port,
                            environment));
                })
                .onSuccess(launched -> {
                    if (generation == instance.situation.generation()) {
                        happen(instance, new Happening.Spawned(generation));
                    }
                })
                .onFailure(failure -> {
                    log.warn("{} could not be launched: {}", instance.id, failure.getMessage());
                    gate.failed(instance.id, String.valueOf(failure.getMessage()));
                    happen(instance, new Happening.SpawnFailed(generation, withoutDot(failure)));
                });
    }

    /** Asked for once, and again after the service has changed: a restart must not wait for it. */
    private Future<Map<String, String>> environment(Supervised instance) {
        Map<String, String> known = instance.environment;
        return known != null
                ? Future.succeededFuture(known)
                : bus.request(new CatalogCommand.RevealEnvironment(instance.service))
                        .onSuccess(revealed -> instance.environment = revealed);
    }

    /** The service has changed, perhaps in its environment: then a start must not happen with the old one. */
    void lookAtEnvironment(ServiceName service) {
        instances.values().stream()
                .filter(instance -> instance.service.equals(service))
                .forEach(instance -> {
                    instance.environment = null;
                    instance.environmentSettled = environment(instance)
                            .compose(environment -> environment.equals(instance.launchedWith)
                                    ? Future.succeededFuture(Done.DONE)
                                    : bus.request(new ProcessCommand.ForbidRestart(instance.id)))
                            .onFailure(e -> log.warn("{} may be started with its old environment", instance.id, e));
                });
    }

    /** Answers when none of its instances that run can be started any more with an environment from before. */
    Future<Done> environmentSettled(ServiceName service) {
        return Future.join(instances.values().stream()
                        .filter(instance -> instance.service.equals(service))
                        // what is being stopped is started with the environment of then
                        .filter(instance -> instance.situation.state() != InstanceState.STOPPING)
                        .map(instance -> instance.environmentSettled)
                        .toList())
                .map(Done.DONE);
    }

    static String withoutDot(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private void stop(Supervised instance, int generation) {
        RunPlan plan = instance.stopWithin == null ? instance.plan : instance.plan.stoppingWithin(instance.stopWithin);
        bus.request(new ProcessCommand.Stop(
                        instance.id, instance.service.value(), instance.release, plan, instance.port))
                .onSuccess(done -> happen(instance, new Happening.Stopped(generation)))
                .onFailure(failure -> {
                    log.error("{} could not be stopped and is tried again: {}", instance.id, failure.getMessage());
                    happen(
                            instance,
                            new Happening.StopFailed(
                                    generation, withoutDot(failure) + "; its stop is tried again every 5 s"));
                    vertx.setTimer(STOP_AGAIN_MILLIS, fired -> {
                        if (generation == instance.situation.generation()) {
                            stop(instance, generation);
                        }
                    });
                });
    }

    private void watch(Supervised instance, int generation) {
        report(
                bus.request(new ProbeCommand.Watch(instance.id, generation, instance.port, instance.plan.probe())),
                instance);
    }

    private void later(Supervised instance, Duration delay, Happening happening) {
        Long old = timers.remove(instance.id);
        if (old != null) {
            vertx.cancelTimer(old);
        }
        timers.put(instance.id, vertx.setTimer(Math.max(1, delay.toMillis()), fired -> {
            timers.remove(instance.id);
            if (instances.get(instance.id) == instance) {
                happen(instance, happening);
            }
        }));
    }

    private static void report(Future<?> future, Supervised instance) {
        future.onFailure(
                failure -> log.error("the probing of {} was not changed: {}", instance.id, failure.getMessage()));
    }

    /** Writes what may be lost in a crash without harm, and so is not waited for. */
    void note(Statement statement) {
        bus.request(StoreCommand.Write.of(statement))
                .onFailure(failure -> log.warn("a note was not kept: {}", failure.getMessage()));
    }
}
