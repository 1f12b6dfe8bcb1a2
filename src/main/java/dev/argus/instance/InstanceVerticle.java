package dev.argus.instance;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.Event;
import dev.argus.probe.ProbeCommand;
import dev.argus.probe.ProbeEvent;
import dev.argus.service.CatalogCommand;
import dev.argus.service.CatalogEvent;
import dev.argus.service.ServiceName;
import dev.argus.store.Row;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns every instance: asks {@link Transitions} what follows from what happens, and does it. */
public final class InstanceVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(InstanceVerticle.class);
    private static final long STOP_AGAIN_MILLIS = 5_000;
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

    private final Bus bus;
    private final Clock clock;
    private final RandomGenerator random;
    private final Transitions transitions = new Transitions(RestartPolicy.DEFAULT);
    private final Map<String, Supervised> instances = new HashMap<>();
    private final Map<String, Long> timers = new HashMap<>();

    @SuppressWarnings("NullAway.Init")
    private HealthGate gate;

    /** A verticle that takes up the recorded instances when it starts. */
    public InstanceVerticle(Bus bus, Clock clock, RandomGenerator random) {
        this.bus = bus;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Future<?> start() {
        gate = new HealthGate(vertx, this::lastWords);
        bus.subscribe(this::hear);
        bus.<InstanceCommand<?>>serve(InstanceCommand.ADDRESS, this::serve);
        return recover();
    }

    private Future<?> serve(InstanceCommand<?> command) {
        return switch (command) {
            case InstanceCommand.Launch c -> launch(c);
            case InstanceCommand.Retire c -> retire(c);
            case InstanceCommand.AwaitHealthy c -> awaitHealthy(c);
            case InstanceCommand.Start c -> toEach(c.service(), new Happening.Wanted());
            case InstanceCommand.Stop c -> toEach(c.service(), new Happening.Unwanted(c.reason()));
            case InstanceCommand.Restart c -> toEach(c.service(), new Happening.RestartAsked(c.reason()));
            case InstanceCommand.Halt c -> halt(c);
            case InstanceCommand.Resume c -> {
                c.ids().stream()
                        .map(instances::get)
                        .filter(Objects::nonNull)
                        .forEach(instance -> happen(instance, new Happening.Wanted()));
                yield Future.succeededFuture(Done.DONE);
            }
            case InstanceCommand.ListInstances c -> Future.succeededFuture(list(c.service()));
            case InstanceCommand.Usages c ->
                bus.request(new ProcessCommand.Measure(
                        list(c.service()).stream().map(Instance::id).toList()));
        };
    }

    private void hear(Event event) {
        switch (event) {
            case InstanceEvent.Exited e -> exited(e);
            case InstanceEvent.PidKnown e -> pidKnown(e);
            case ProbeEvent.BecameHealthy e -> healthy(e);
            case ProbeEvent.BecameUnhealthy e -> unhealthy(e);
            case ProbeEvent.Failing e -> failing(e);
            case CatalogEvent.Changed e -> lookAtEnvironment(e.service().name());
            default -> {
                // the rest is for others
            }
        }
    }

    // what others ask

    private Future<List<String>> launch(InstanceCommand.Launch command) {
        List<Future<Supervised>> made = new ArrayList<>();
        for (int i = 0; i < command.count(); i++) {
            made.add(make(command));
        }
        return Future.join(made).map(all -> {
            made.forEach(one -> happen(one.result(), new Happening.Wanted()));
            return made.stream().map(one -> one.result().id).toList();
        });
    }

    private Future<Supervised> make(InstanceCommand.Launch command) {
        Integer fixed = command.plan().port();
        Future<Integer> port =
                fixed == null ? bus.request(new ProcessCommand.ReservePort()) : Future.succeededFuture(fixed);
        return port.compose(given -> {
            var instance = new Supervised(
                    newId(command.service(), command.release()),
                    command.service(),
                    command.release(),
                    command.plan(),
                    given);
            return write(InstanceRecords.insert(instance)).map(done -> {
                instances.put(instance.id, instance);
                return instance;
            });
        });
    }

    /** Unlike a number, never the same as that of an instance of another Argus on this machine: processes carry it as their mark. */
    private String newId(ServiceName service, int release) {
        var id = new StringBuilder(service.value()).append('-').append(release).append('-');
        for (int i = 0; i < 6; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    private Future<Done> retire(InstanceCommand.Retire command) {
        List<Future<Done>> gone = command.ids().stream()
                .map(instances::get)
                .filter(Objects::nonNull)
                .map(instance -> retire(instance, command.reason()))
                .toList();
        return Future.join(gone).map(Done.DONE);
    }

    private Future<Done> retire(Supervised instance, String reason) {
        gate.failed(instance.id, "The instance " + instance.id + " was stopped: " + reason);
        happen(instance, new Happening.Unwanted(reason));
        return stopped(instance)
                .compose(done -> bus.request(new ProcessCommand.Discard(instance.id, instance.service.value())))
                .compose(done -> write(InstanceRecords.delete(instance.id)))
                .compose(done -> {
                    instances.remove(instance.id);
                    return instance.plan.port() == null
                            ? bus.request(new ProcessCommand.ReleasePort(instance.port))
                            : Future.succeededFuture(Done.DONE);
                });
    }

    private Future<Done> halt(InstanceCommand.Halt command) {
        List<Future<Done>> stopped = new ArrayList<>();
        for (String id : command.ids()) {
            Supervised instance = instances.get(id);
            if (instance != null) {
                happen(instance, new Happening.Unwanted(command.reason()));
                stopped.add(stopped(instance));
            }
        }
        return Future.join(stopped).map(Done.DONE);
    }

    private Future<Done> stopped(Supervised instance) {
        if (instance.situation.state() == InstanceState.STOPPED) {
            return Future.succeededFuture(Done.DONE);
        }
        return vertx.timer(20).compose(fired -> stopped(instance));
    }

    private Future<Done> awaitHealthy(InstanceCommand.AwaitHealthy command) {
        Set<String> missing = command.ids().stream()
                .filter(id -> {
                    Supervised instance = instances.get(id);
                    return instance == null || instance.situation.health() != Health.HEALTHY;
                })
                .collect(Collectors.toSet());
        return gate.await(missing, command.atMost(), id -> {
            Supervised instance = instances.get(id);
            return instance == null || instance.lastProbeFailure.isEmpty()
                    ? "it was not probed"
                    : instance.lastProbeFailure;
        });
    }

    private Future<Done> toEach(ServiceName service, Happening happening) {
        List<Supervised> all = instances.values().stream()
                .filter(instance -> instance.service.equals(service))
                .toList();
        if (all.isEmpty()) {
            return Future.failedFuture(ArgusException.conflict(
                    "The service " + service.value() + " has no release yet; deploy it first."));
        }
        all.forEach(instance -> happen(instance, happening));
        return Future.succeededFuture(Done.DONE);
    }

    private List<Instance> list(@org.jspecify.annotations.Nullable String service) {
        return instances.values().stream()
                .filter(instance -> service == null || instance.service.value().equals(service))
                .map(Supervised::view)
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
    }

    // what happens

    private void exited(InstanceEvent.Exited event) {
        Supervised instance = instances.get(event.instance());
        if (instance == null || event.generation() != instance.situation.generation()) {
            return;
        }
        String reason = event.exit().describe() + " after " + age(instance);
        if (event.restarted()) {
            begun(instance);
            happen(instance, new Happening.Restarted(event.generation(), reason));
            log.info("{} ended: {}, and was started again", instance.id, reason);
            return;
        }
        if (instance.hasAnotherWayToStart()) {
            instance.attempt++;
            reason += ", so another way to start it is tried";
            note(InstanceRecords.attempt(instance.id, instance.attempt));
        } else {
            gate.failed(
                    instance.id,
                    "The instance " + instance.id + " ended: " + reason,
                    "give it what it needs by env, or set start");
        }
        happen(instance, new Happening.Exited(event.generation(), reason));
        log.info("{} ended: {}", instance.id, reason);
    }

    private void pidKnown(InstanceEvent.PidKnown event) {
        Supervised instance = instances.get(event.instance());
        if (instance != null && event.generation() == instance.situation.generation()) {
            instance.pid = event.pid();
            bus.publish(new InstanceEvent.Changed(instance.view()));
        }
    }

    private Future<String> lastWords(String id) {
        Supervised instance = instances.get(id);
        return instance == null
                ? Future.succeededFuture("")
                : bus.request(new ProcessCommand.LastWords(id, instance.service.value()));
    }

    private static String age(Supervised instance) {
        long millis =
                Duration.ofNanos(System.nanoTime() - instance.startedNanos).toMillis();
        return millis < 10_000 ? millis / 1_000 + "." + millis % 1_000 / 100 + " s" : millis / 1_000 + " s";
    }

    private void healthy(ProbeEvent.BecameHealthy event) {
        Supervised instance = instances.get(event.instance());
        if (instance != null && event.generation() == instance.situation.generation()) {
            instance.foundPort = event.port();
            instance.probeNote = event.note();
            instance.everHealthy = true;
            instance.lastProbeFailure = "";
            happen(instance, new Happening.BecameHealthy(event.generation()));
            gate.healthy(instance.id);
        }
    }

    private void unhealthy(ProbeEvent.BecameUnhealthy event) {
        Supervised instance = instances.get(event.instance());
        if (instance != null && event.generation() == instance.situation.generation()) {
            gate.failed(
                    instance.id,
                    "The instance " + instance.id + " is unhealthy: " + event.reason(),
                    "set port, start or isalive to fit it");
            happen(instance, new Happening.BecameUnhealthy(event.generation(), event.reason()));
        }
    }

    private void failing(ProbeEvent.Failing event) {
        Supervised instance = instances.get(event.instance());
        if (instance != null && event.generation() == instance.situation.generation()) {
            instance.lastProbeFailure = event.reason();
        }
    }

    private void happen(Supervised instance, Happening happening) {
        Instance before = instance.view();
        var next = transitions.next(instance.situation, happening, System.nanoTime(), random.nextDouble());
        instance.situation = next.situation();
        next.effects().forEach(effect -> act(instance, effect));
        switch (instance.situation.state()) {
            case STOPPED, BACKOFF, LOST, PENDING -> instance.pid = null;
            case STARTING, RUNNING, STOPPING -> {
                // has processes, or is about to
            }
        }
        if (!before.equals(instance.view())) {
            log.debug("{} {} {}", instance.id, instance.situation.state(), instance.situation.reason());
            bus.publish(new InstanceEvent.Changed(instance.view()));
        }
    }

    // what follows

    private void act(Supervised instance, Effect effect) {
        switch (effect) {
            case Effect.Spawn spawn -> spawn(instance, spawn.generation());
            case Effect.AllowRestart allow ->
                bus.request(new ProcessCommand.AllowRestart(instance.id, allow.generation()))
                        .onFailure(e -> log.debug("{} will be asked about when it ends", instance.id, e));
            case Effect.Stop stop -> stop(instance, stop.generation());
            case Effect.Watch watch -> watch(instance, watch.generation());
            case Effect.Unwatch _ -> report(bus.request(new ProbeCommand.Unwatch(instance.id)), instance);
            case Effect.Wait wait -> later(instance, wait.delay(), new Happening.DelayOver(wait.generation()));
            case Effect.WaitForReset wait ->
                later(instance, wait.delay(), new Happening.HealthyForLong(wait.generation()));
            case Effect.CountRestart _ -> {
                instance.restarts++;
                note(InstanceRecords.countRestart(instance.id));
            }
        }
    }

    private void begun(Supervised instance) {
        instance.startedAt = clock.instant();
        instance.startedNanos = System.nanoTime();
        instance.foundPort = null;
        instance.probeNote = "";
        instance.pid = null;
    }

    private void spawn(Supervised instance, int generation) {
        begun(instance);
        environment(instance)
                .compose(environment -> bus.request(new ProcessCommand.Launch(
                        instance.id,
                        generation,
                        instance.service.value(),
                        instance.release,
                        instance.plan,
                        instance.attempt,
                        instance.port,
                        environment)))
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
    private void lookAtEnvironment(ServiceName service) {
        instances.values().stream()
                .filter(instance -> instance.service.equals(service))
                .forEach(instance -> {
                    Map<String, String> old = instance.environment;
                    instance.environment = null;
                    environment(instance)
                            .compose(environment -> environment.equals(old)
                                    ? Future.succeededFuture(Done.DONE)
                                    : bus.request(new ProcessCommand.ForbidRestart(instance.id)))
                            .onFailure(e -> log.warn("{} may be started with its old environment", instance.id, e));
                });
    }

    private static String withoutDot(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private void stop(Supervised instance, int generation) {
        bus.request(new ProcessCommand.Stop(
                        instance.id, instance.service.value(), instance.release, instance.plan, instance.port))
                .onSuccess(done -> happen(instance, new Happening.Stopped(generation)))
                .onFailure(failure -> {
                    log.error("{} could not be stopped and is tried again: {}", instance.id, failure.getMessage());
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

    // the records

    private Future<Integer> write(Statement statement) {
        return bus.request(StoreCommand.Write.of(statement));
    }

    /** Writes what may be lost in a crash without harm, and so is not waited for. */
    private void note(Statement statement) {
        write(statement).onFailure(failure -> log.warn("a note was not kept: {}", failure.getMessage()));
    }

    private Future<?> recover() {
        return bus.request(new StoreCommand.Read(InstanceRecords.all())).compose(rows -> {
            List<Future<?>> adopted = new ArrayList<>();
            rows.forEach(row -> adopted.add(adopt(row)));
            return Future.join(adopted);
        });
    }

    private Future<?> adopt(Row row) {
        var instance = RecordedInstance.of(row);
        boolean wanted = row.text("desired").equals("running");
        instance.situation = instance.situation.wanting(wanted);
        instances.put(instance.id, instance);
        Future<Done> kept = instance.plan.port() == null
                ? bus.request(new ProcessCommand.KeepPort(instance.port))
                : Future.succeededFuture(Done.DONE);
        int generation = instance.situation.generation() + 1;
        return kept.compose(done ->
                        bus.request(new ProcessCommand.Adopt(instance.id, generation, instance.service.value())))
                .transform(found -> {
                    if (found.succeeded()) {
                        instance.pid = found.result().pid();
                        instance.startedAt = clock.instant();
                        instance.startedNanos = System.nanoTime();
                        happen(instance, new Happening.Adopted());
                        if (!wanted) {
                            happen(instance, new Happening.Unwanted("its stop was taken up again"));
                        }
                        log.info("{} runs on (pid {})", instance.id, instance.pid);
                    } else {
                        String reason = withoutDot(found.cause());
                        log.info("{} {}", instance.id, reason);
                        happen(instance, new Happening.FoundGone(reason));
                    }
                    return Future.succeededFuture();
                });
    }
}
