package dev.argus.deploy;

import dev.argus.auth.Actor;
import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.config.ServerConfig;
import dev.argus.control.Layout;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Desired;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes deployments on and answers what is asked of them. {@link Lanes} owns those in flight, {@link Ledger} what is known of all. Each
 * runs as a {@link Pipeline} on a virtual thread of its own and reports back to this verticle's event loop.
 */
public final class DeployVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(DeployVerticle.class);
    private static final int BUILDS_AT_ONCE = 1;
    private static final long WARM_UP_AFTER_MILLIS = 700;

    private final Bus bus;
    private final Clock clock;
    private final ServerConfig.DeployConfig config;
    private final Workshop workshop;
    private final Checkpoint checkpoint;
    private final Semaphore buildPlaces = new Semaphore(BUILDS_AT_ONCE, true);
    private final Ledger ledger;
    private final Lanes lanes;
    /** Left by the threads of the restarts, which may outlive the event loop. */
    private final Set<ServiceName> restarting = ConcurrentHashMap.newKeySet();

    private long lastId;

    @SuppressWarnings("NullAway.Init")
    private Removal removal;

    @SuppressWarnings("NullAway.Init")
    private RemoteLooks looks;

    /**
     * A verticle that takes up what an earlier Argus left unfinished when it starts.
     *
     * @param checkpoint which every deployment passes
     */
    public DeployVerticle(Bus bus, Clock clock, ServerConfig config, Layout layout, Checkpoint checkpoint) {
        this.bus = bus;
        this.clock = clock;
        this.config = config.deploy();
        this.workshop = new Workshop(layout, config);
        this.checkpoint = checkpoint;
        this.ledger = new Ledger(bus);
        this.lanes = new Lanes(bus, clock, config.deploy().queue(), ledger, this::begin);
    }

    @Override
    public Future<?> start() {
        looks = new RemoteLooks(context, bus, workshop);
        removal = new Removal(vertx, bus, workshop, ledger, lanes);
        // not while everything starts, with which it would compete for the processor
        vertx.setTimer(
                WARM_UP_AFTER_MILLIS,
                timer -> Thread.ofVirtual().name("git-warm-up").start(workshop::warmUp));
        return ledger.load()
                // deployments that were cut off ask this verticle while they are ended
                .onSuccess(loaded -> bus.<DeployCommand<?>>serve(DeployCommand.ADDRESS, this::serve))
                .compose(serving -> new Recovery(
                                vertx, bus, clock, config.drainTimeout(), workshop, ledger, lanes, removal)
                        .recover());
    }

    @Override
    public Future<?> stop() {
        return lanes.close();
    }

    private Future<?> serve(DeployCommand<?> command) {
        return switch (command) {
            case DeployCommand.Admit c -> {
                lanes.admit(c.service().value());
                yield Future.succeededFuture(Done.DONE);
            }
            case DeployCommand.Deploy c ->
                find(c.service()).compose(service -> take(service, Deployment.Kind.DEPLOY, null, null, c.by()));
            case DeployCommand.Build c ->
                find(c.service()).compose(service -> take(service, Deployment.Kind.BUILD, null, null, c.by()));
            case DeployCommand.Scale c -> find(c.service()).compose(service -> scale(service, c));
            case DeployCommand.Rollback c ->
                find(c.service())
                        .compose(service -> take(
                                service, Deployment.Kind.ROLLBACK, ledger.earlier(service, c.release()), null, c.by()));
            case DeployCommand.Restart c -> restart(c);
            case DeployCommand.Cancel c -> lanes.cancel(c.id(), c.by());
            case DeployCommand.CancelAll c -> lanes.cancelAll(c.service().value(), c.by());
            case DeployCommand.Find c -> lanes.find(c.id());
            case DeployCommand.ReadLog c ->
                lanes.find(c.id())
                        .compose(deployment -> vertx.executeBlocking(
                                () -> workshop.deploymentLog().read(deployment, c.lines()), false));
            case DeployCommand.ListDeployments c -> lanes.list(c);
            case DeployCommand.Newest _ -> Future.succeededFuture(ledger.newest());
            case DeployCommand.AllReleases _ -> Future.succeededFuture(ledger.allReleases());
            case DeployCommand.ListReleases c ->
                Future.succeededFuture(ledger.releases(c.service().value()));
            case DeployCommand.ListRefs c -> looks.list(c);
            case DeployCommand.Prunable c -> find(c.service()).compose(this::prunable);
            case DeployCommand.Undeploy c -> removal.undeploy(c);
        };
    }

    private Future<Service> find(ServiceName name) {
        return bus.request(new CatalogCommand.Find(name));
    }

    private Future<Deployment> scale(Service service, DeployCommand.Scale command) {
        Integer live = service.liveRelease();
        String name = service.name().value();
        Release release = live == null ? null : ledger.release(name, live);
        if (release == null || service.desired() != Desired.RUNNING) {
            throw ArgusException.conflict("The service " + name + " does not run; start or deploy it first.");
        }
        if (release.plan().port() != null && command.instances() > 1) {
            throw ArgusException.conflict("The service " + name
                    + " has a fixed port, which several instances cannot share; let it use the port in PORT.");
        }
        return take(service, Deployment.Kind.SCALE, release, command.instances(), command.by());
    }

    private Future<Done> restart(DeployCommand.Restart command) {
        ServiceName name = command.service();
        if (!restarting.add(name)) {
            throw ArgusException.conflict("The service " + name.value()
                    + " is being restarted, one instance after the other; wait until that is over.");
        }
        Thread.ofVirtual()
                .name("restart-" + name.value())
                .start(new Restarting(bus, config, name, command.by().name(), () -> restarting.remove(name)));
        return Future.succeededFuture(Done.DONE);
    }

    private Future<Deployment> take(
            Service service, Deployment.Kind kind, @Nullable Release earlier, @Nullable Integer instances, Actor by) {
        var deployment = new Deployment(
                newId(),
                service.name().value(),
                kind,
                service.repository(),
                service.ref(),
                null,
                earlier == null ? null : earlier.number(),
                by.name(),
                clock.instant(),
                null,
                null,
                null,
                Arrays.stream(StepName.values()).map(Step::pending).toList());
        return lanes.take(new Running(deployment, by, earlier, instances));
    }

    /** Rises with time, so that ids sort as the deployments did. */
    private String newId() {
        lastId = Math.max(lastId + 1, clock.millis());
        return "d" + Long.toString(lastId, 36);
    }

    private void begin(Running running) {
        Deployment deployment = running.deployment;
        log.info(
                "deployment {} of {} {} ({} by {})",
                deployment.id(),
                deployment.service(),
                running.cutOff ? "was cut off and is brought to its end" : "begins",
                deployment.kind().word(),
                deployment.by());
        var reporter = new Reporter(context, bus, ledger, lanes, running);
        Runnable work = running.cutOff
                ? new Resumption(bus, clock, config, workshop, reporter, running)
                : new Pipeline(bus, clock, config, workshop, buildPlaces, reporter, checkpoint, running);
        Thread.ofVirtual().name("deployment-" + deployment.id()).start(work);
    }

    /** All but the newest; never the live one, nor one that has instances or that a deployment works on or waits for. */
    private Future<List<Integer>> prunable(Service service) {
        String name = service.name().value();
        return bus.request(new InstanceCommand.ListInstances(name)).map(instances -> {
            Set<Integer> used = new HashSet<>(lanes.releasesInUse(name));
            instances.stream().map(Instance::release).forEach(used::add);
            if (service.liveRelease() != null) {
                used.add(service.liveRelease());
            }
            return ledger.releases(name).stream()
                    .skip(config.keepReleases())
                    .map(Release::number)
                    .filter(number -> !used.contains(number))
                    .toList();
        });
    }
}
