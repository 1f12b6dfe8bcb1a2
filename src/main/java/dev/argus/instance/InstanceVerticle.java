package dev.argus.instance;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.Event;
import dev.argus.control.ProcessCommand;
import dev.argus.control.ProcessEvent;
import dev.argus.probe.ProbeEvent;
import dev.argus.service.CatalogEvent;
import dev.argus.service.ServiceName;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Owns every instance: hands on what is asked and what happened, and lets {@link Supervision} do what follows. */
public final class InstanceVerticle extends VerticleBase {
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

    @SuppressWarnings("NullAway.Init")
    private Roll roll;

    @SuppressWarnings("NullAway.Init")
    private Witness witness;

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
        roll = new Roll(vertx, bus, random, instances, gate, supervision);
        witness = new Witness(vertx, bus, clock, instances, gate, troubles, supervision, canStart);
        bus.subscribe(this::hear);
        bus.<InstanceCommand<?>>serve(InstanceCommand.ADDRESS, this::serve);
        return new Recovery(vertx, bus, clock, instances, supervision).recover();
    }

    private Future<?> serve(InstanceCommand<?> command) {
        return switch (command) {
            case InstanceCommand.Launch c -> roll.launch(c);
            case InstanceCommand.Retire c -> roll.retire(c);
            case InstanceCommand.AwaitHealthy c -> awaitHealthy(c);
            case InstanceCommand.Start c -> toEach(c.service(), new Happening.Wanted());
            case InstanceCommand.Stop c -> toEach(c.service(), new Happening.Unwanted(c.reason()));
            case InstanceCommand.Restart c -> roll.restart(c);
            case InstanceCommand.Halt c -> roll.halt(c);
            case InstanceCommand.Resume c -> roll.resume(c);
            case InstanceCommand.SettleEnvironment c -> supervision.environmentSettled(c.service());
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
            case ProcessEvent.Exited e -> witness.exited(e);
            case ProcessEvent.PidKnown e -> witness.pidKnown(e);
            case ProbeEvent.BecameHealthy e -> witness.healthy(e);
            case ProbeEvent.BecameUnhealthy e -> witness.unhealthy(e);
            case ProbeEvent.Failing e -> witness.failing(e);
            case ProbeEvent.Answered e -> witness.answered(e);
            case CatalogEvent.Changed e ->
                supervision.lookAtEnvironment(e.service().name());
            default -> {
                // the rest is for others
            }
        }
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

    private Future<String> lastWords(String id) {
        Supervised instance = instances.get(id);
        return instance == null
                ? Future.succeededFuture("")
                : bus.request(new ProcessCommand.LastWords(id, instance.service.value()));
    }
}
