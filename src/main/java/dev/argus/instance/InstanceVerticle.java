package dev.argus.instance;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.Event;
import dev.argus.control.ProcessCommand;
import dev.argus.control.ProcessEvent;
import dev.argus.probe.ProbeEvent;
import dev.argus.process.Exit;
import dev.argus.process.Signal;
import dev.argus.service.CatalogEvent;
import dev.argus.service.ServiceName;
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
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns every instance: takes what is asked and what happened, and lets {@link Supervision} do what follows. */
public final class InstanceVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(InstanceVerticle.class);
    private static final long REPLACE_AGAIN_MILLIS = 5_000;
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

    private final Bus bus;
    private final Clock clock;
    private final RandomGenerator random;
    private final BooleanSupplier canStart;
    private final Map<String, Supervised> instances = new HashMap<>();

    @SuppressWarnings("NullAway.Init")
    private HealthGate gate;

    @SuppressWarnings("NullAway.Init")
    private TroubleWatch troubles;

    @SuppressWarnings("NullAway.Init")
    private Supervision supervision;

    /**
     * A verticle that takes up the recorded instances when it starts.
     *
     * @param canStart whether processes can be started now; while not, none is stopped for being unhealthy
     */
    public InstanceVerticle(Bus bus, Clock clock, RandomGenerator random, BooleanSupplier canStart) {
        this.bus = bus;
        this.clock = clock;
        this.random = random;
        this.canStart = canStart;
    }

    @Override
    public Future<?> start() {
        gate = new HealthGate(vertx, this::lastWords);
        troubles = new TroubleWatch(vertx);
        supervision = new Supervision(vertx, bus, clock, random, instances, gate);
        bus.subscribe(this::hear);
        bus.<InstanceCommand<?>>serve(InstanceCommand.ADDRESS, this::serve);
        return new Recovery(bus, clock, instances, supervision).recover();
    }

    private Future<?> serve(InstanceCommand<?> command) {
        return switch (command) {
            case InstanceCommand.Launch c -> launch(c);
            case InstanceCommand.Retire c -> retire(c);
            case InstanceCommand.AwaitHealthy c -> awaitHealthy(c);
            case InstanceCommand.Start c -> toEach(c.service(), new Happening.Wanted());
            case InstanceCommand.Stop c -> toEach(c.service(), new Happening.Unwanted(c.reason()));
            case InstanceCommand.Restart c -> restart(c);
            case InstanceCommand.Halt c -> halt(c);
            case InstanceCommand.Resume c -> resume(c);
            case InstanceCommand.AwaitTrouble c -> troubles.await(c.ids(), c.during());
            case InstanceCommand.ListInstances c -> Future.succeededFuture(list(c.service()));
            case InstanceCommand.Outlooks c -> Future.succeededFuture(outlooks(c.service()));
            case InstanceCommand.Usages c ->
                bus.request(new ProcessCommand.Measure(
                        list(c.service()).stream().map(Instance::id).toList()));
        };
    }

    private void hear(Event event) {
        switch (event) {
            case ProcessEvent.Exited e -> exited(e);
            case ProcessEvent.PidKnown e -> pidKnown(e);
            case ProbeEvent.BecameHealthy e -> healthy(e);
            case ProbeEvent.BecameUnhealthy e -> unhealthy(e);
            case ProbeEvent.Failing e -> failing(e);
            case ProbeEvent.Answered e -> answered(e);
            case CatalogEvent.Changed e ->
                supervision.lookAtEnvironment(e.service().name());
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
        return Future.join(made)
                .map(all -> {
                    made.forEach(one -> supervision.happen(one.result(), new Happening.Wanted()));
                    return made.stream().map(one -> one.result().id).toList();
                })
                .recover(failure -> forgetAll(made).transform(gone -> Future.failedFuture(failure)));
    }

    /** All of a launch or none of it. */
    private Future<?> forgetAll(List<Future<Supervised>> made) {
        return Future.join(made.stream()
                .filter(Future::succeeded)
                .map(one -> retire(one.result(), "others of its launch could not be made", null))
                .toList());
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
            return bus.request(StoreCommand.Write.of(InstanceRecords.insert(instance)))
                    .map(done -> {
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
                .map(instance -> retire(instance, command.reason(), command.within()))
                .toList();
        return Future.join(gone).map(Done.DONE);
    }

    private Future<Done> retire(Supervised instance, String reason, @Nullable Duration within) {
        Future<Done> begun = instance.retirement;
        if (begun != null) {
            return begun;
        }
        instance.stopWithin = within;
        Future<Done> retirement = endForGood(instance, reason);
        instance.retirement = retirement;
        // what did not succeed may be asked for again
        return retirement.onFailure(failure -> instance.retirement = null);
    }

    private Future<Done> endForGood(Supervised instance, String reason) {
        gate.failed(instance.id, "The instance " + instance.id + " was stopped: " + reason);
        supervision.happen(instance, new Happening.Unwanted(reason));
        return stopped(instance)
                .compose(done -> bus.request(new ProcessCommand.Discard(instance.id, instance.service.value())))
                .compose(done -> bus.request(StoreCommand.Write.of(InstanceRecords.delete(instance.id))))
                .compose(done -> {
                    instances.remove(instance.id);
                    bus.publish(new InstanceEvent.Removed(instance.id));
                    return instance.plan.port() == null
                            ? bus.request(new ProcessCommand.ReleasePort(instance.port))
                            : Future.succeededFuture(Done.DONE);
                });
    }

    private Future<Done> restart(InstanceCommand.Restart command) {
        command.ids().stream()
                .map(instances::get)
                .filter(instance -> instance != null && !instance.halted)
                .forEach(instance -> supervision.happen(instance, new Happening.RestartAsked(command.reason())));
        return Future.succeededFuture(Done.DONE);
    }

    private Future<Done> halt(InstanceCommand.Halt command) {
        List<Future<Done>> stopped = new ArrayList<>();
        for (String id : command.ids()) {
            Supervised instance = instances.get(id);
            if (instance != null) {
                instance.halted = true;
                supervision.happen(instance, new Happening.Unwanted(command.reason()));
                stopped.add(stopped(instance));
            }
        }
        return Future.join(stopped).map(Done.DONE);
    }

    private Future<Done> resume(InstanceCommand.Resume command) {
        command.ids().stream().map(instances::get).filter(Objects::nonNull).forEach(instance -> {
            instance.halted = false;
            supervision.happen(instance, new Happening.Wanted());
        });
        return Future.succeededFuture(Done.DONE);
    }

    private Future<Done> stopped(Supervised instance) {
        // whoever wants it to run again meanwhile ends the wait
        if (instance.situation.state() == InstanceState.STOPPED || instance.situation.wanted()) {
            return Future.succeededFuture(Done.DONE);
        }
        return vertx.timer(20).compose(fired -> stopped(instance));
    }

    private Future<Done> awaitHealthy(InstanceCommand.AwaitHealthy command) {
        Set<String> missing = command.ids().stream()
                .filter(id -> {
                    Supervised instance = instances.get(id);
                    return instance == null
                            || instance.situation.state() != InstanceState.RUNNING
                            || instance.situation.health() != Health.HEALTHY;
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
                .filter(instance -> instance.service.equals(service) && !instance.halted)
                .toList();
        if (all.isEmpty()) {
            return Future.failedFuture(ArgusException.conflict(
                    "The service " + service.value() + " has no release yet; deploy it first."));
        }
        all.forEach(instance -> supervision.happen(instance, happening));
        return Future.succeededFuture(Done.DONE);
    }

    private List<Instance> list(@Nullable String service) {
        return instances.values().stream()
                .filter(instance -> service == null || instance.service.value().equals(service))
                .map(Supervised::view)
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
    }

    private List<Outlook> outlooks(String service) {
        return instances.values().stream()
                .filter(instance -> instance.service.value().equals(service))
                .map(instance -> instance.outlook(clock.instant(), System.nanoTime()))
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
    }

    // what happens

    private void exited(ProcessEvent.Exited event) {
        Supervised instance = instances.get(event.instance());
        if (instance == null || event.generation() != instance.situation.generation()) {
            return;
        }
        String reason = how(event.exit()) + " after " + age(instance);
        troubles.trouble(instance.id, "The instance " + instance.id + " ended: " + reason + ".");
        Long pid = instance.pid;
        if (event.restarted()) {
            supervision.begun(instance);
            supervision.happen(instance, new Happening.Restarted(event.generation(), reason));
            supervision.investigations().ended(instance, event.exit(), reason, pid, event.logEnd());
            log.info("{} ended: {}, and was started again", instance.id, reason);
            return;
        }
        boolean another = instance.hasAnotherWayToStart();
        if (another) {
            instance.attempt++;
            reason += ", so another way to start it is tried";
            supervision.note(InstanceRecords.attempt(instance.id, instance.attempt));
        } else {
            gate.failed(
                    instance.id,
                    "The instance " + instance.id + " ended: " + reason,
                    "give it what it needs by env, or set start");
        }
        supervision.happen(instance, new Happening.Exited(event.generation(), reason));
        log.info("{} ended: {}", instance.id, reason);
        if (!another) {
            supervision.investigations().ended(instance, event.exit(), reason, pid, event.logEnd());
        }
    }

    /** What Argus itself ends is of an earlier generation and is not told here: so it was somebody else. */
    private static String how(Exit exit) {
        boolean killed = exit instanceof Exit.Killed(int signal)
                && (signal == Signal.KILL.number() || signal == Signal.TERM.number());
        return exit.describe() + (killed ? ", not by Argus," : "");
    }

    private void pidKnown(ProcessEvent.PidKnown event) {
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
            supervision.happen(instance, new Happening.BecameHealthy(event.generation()));
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
            troubles.trouble(instance.id, "The instance " + instance.id + " is unhealthy: " + event.reason() + ".");
            replace(instance, event.generation(), event.reason());
        }
    }

    /** Stops it to start it anew, as soon as that can be done. */
    private void replace(Supervised instance, int generation, String reason) {
        if (canStart.getAsBoolean()) {
            supervision.happen(instance, new Happening.BecameUnhealthy(generation, reason));
            return;
        }
        supervision.happen(
                instance,
                new Happening.CannotBeReplaced(
                        generation,
                        reason + "; it is not restarted, since nothing can be written on the disk of Argus's data"));
        vertx.setTimer(REPLACE_AGAIN_MILLIS, fired -> {
            Situation now = instance.situation;
            boolean stillSo = now.generation() == generation
                    && now.state() == InstanceState.RUNNING
                    && now.health() == Health.UNHEALTHY;
            if (stillSo && instances.get(instance.id) == instance) {
                replace(instance, generation, reason);
            }
        });
    }

    private void failing(ProbeEvent.Failing event) {
        Supervised instance = instances.get(event.instance());
        if (instance != null && event.generation() == instance.situation.generation()) {
            if (instance.lastProbeFailure.isEmpty()) {
                instance.failingSince = clock.instant();
            }
            instance.lastProbeFailure = event.reason();
        }
    }

    private void answered(ProbeEvent.Answered event) {
        Supervised instance = instances.get(event.instance());
        if (instance != null && event.generation() == instance.situation.generation()) {
            instance.lastProbeFailure = "";
        }
    }
}
