package dev.argus.deploy;

import dev.argus.auth.Actor;
import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.ErrorCode;
import dev.argus.config.ServerConfig;
import dev.argus.control.Layout;
import dev.argus.instance.InstanceCommand;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Desired;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the deployments in flight: one at a time for a service, the newest of those that wait, and a bound on all that wait. Each
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
    private final Semaphore buildPlaces = new Semaphore(BUILDS_AT_ONCE, true);
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Map<String, Running> inFlight = new HashMap<>();
    private final Map<String, Deployment> newest = new HashMap<>();
    private final Map<String, Map<Integer, Release>> releases = new HashMap<>();
    /** Those that an earlier Argus left, of whose end nobody could be told before all have started. */
    private final List<Deployment> cutOff = new ArrayList<>();

    private long lastId;

    /** A verticle that takes up what an earlier Argus left unfinished when it starts. */
    public DeployVerticle(Bus bus, Clock clock, ServerConfig config, Layout layout) {
        this.bus = bus;
        this.clock = clock;
        this.config = config.deploy();
        this.workshop = new Workshop(layout, config);
    }

    @Override
    public Future<?> start() {
        // not while everything starts, with which it would compete for the processor
        vertx.setTimer(
                WARM_UP_AFTER_MILLIS,
                timer -> Thread.ofVirtual().name("git-warm-up").start(workshop::warmUp));
        return load().compose(loaded -> recover()).onSuccess(recovered -> {
            bus.<DeployCommand<?>>serve(DeployCommand.ADDRESS, this::serve);
            cutOff.forEach(this::publishEnd);
            cutOff.clear();
        });
    }

    @Override
    public Future<?> stop() {
        // what runs is cut off and found as aborted by the next Argus; only its builds must not go on alone
        inFlight.values().forEach(running -> {
            running.hurry.complete(null);
            running.cancel.cancel("Argus was stopped.");
        });
        return Future.join(inFlight.values().stream()
                        .map(running -> running.ended.future())
                        .toList())
                .timeout(10, java.util.concurrent.TimeUnit.SECONDS)
                .transform(ended -> Future.succeededFuture());
    }

    private Future<?> serve(DeployCommand<?> command) {
        return switch (command) {
            case DeployCommand.Admit c -> {
                admit(c.service());
                yield Future.succeededFuture(Done.DONE);
            }
            case DeployCommand.Deploy c ->
                find(c.service()).compose(service -> take(service, Deployment.Kind.DEPLOY, null, null, c.by()));
            case DeployCommand.Build c ->
                find(c.service()).compose(service -> take(service, Deployment.Kind.BUILD, null, null, c.by()));
            case DeployCommand.Scale c -> find(c.service()).compose(service -> scale(service, c));
            case DeployCommand.Rollback c ->
                find(c.service())
                        .compose(service ->
                                take(service, Deployment.Kind.ROLLBACK, earlier(service, c.release()), null, c.by()));
            case DeployCommand.Cancel c -> cancel(c.id(), c.by());
            case DeployCommand.CancelAll c -> cancelAll(c.service().value(), c.by());
            case DeployCommand.Find c -> findDeployment(c.id());
            case DeployCommand.ReadLog c ->
                findDeployment(c.id())
                        .compose(deployment -> vertx.executeBlocking(
                                () -> workshop.deploymentLog().read(deployment, c.lines()), false));
            case DeployCommand.ListDeployments c -> list(c);
            case DeployCommand.Newest _ -> Future.succeededFuture(Map.copyOf(newest));
            case DeployCommand.AllReleases _ -> Future.succeededFuture(copyOfReleases());
            case DeployCommand.ListReleases c ->
                Future.succeededFuture(
                        List.copyOf(releasesOf(c.service().value()).values()));
            case DeployCommand.Prunable c -> find(c.service()).map(this::prunable);
            case DeployCommand.Undeploy c -> undeploy(c);
        };
    }

    private Future<Service> find(ServiceName name) {
        return bus.request(new CatalogCommand.Find(name));
    }

    // taking on

    private void admit(ServiceName name) {
        Lane lane = lanes.get(name.value());
        boolean takesThePlaceOfAnother = lane != null && lane.next != null;
        if (!takesThePlaceOfAnother && inFlight.size() > config.queue()) {
            throw new ArgusException(
                    ErrorCode.BUSY,
                    "The queue of deployments of this server is full (" + config.queue()
                            + " may wait); try again when some have ended.");
        }
    }

    private Future<Deployment> scale(Service service, DeployCommand.Scale command) {
        Integer live = service.liveRelease();
        Release release =
                live == null ? null : releasesOf(service.name().value()).get(live);
        if (release == null || service.desired() != Desired.RUNNING) {
            throw ArgusException.conflict(
                    "The service " + service.name().value() + " does not run; start or deploy it first.");
        }
        if (release.plan().port() != null && command.instances() > 1) {
            throw ArgusException.conflict("The service " + service.name().value()
                    + " has a fixed port, which several instances cannot share; let it use the port in PORT.");
        }
        return take(service, Deployment.Kind.SCALE, release, command.instances(), command.by());
    }

    private Future<Deployment> take(
            Service service, Deployment.Kind kind, @Nullable Release earlier, @Nullable Integer instances, Actor by) {
        admit(service.name());
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
        var running = new Running(deployment, by, earlier, instances);
        inFlight.put(deployment.id(), running);
        newest.put(deployment.service(), deployment);
        return write(DeployRecords.put(deployment), DeployRecords.trim(deployment.service()))
                .onFailure(failure -> inFlight.remove(deployment.id()))
                .map(recorded -> {
                    enqueue(running);
                    return running.deployment;
                });
    }

    /** Rises with time, so that ids sort as the deployments did. */
    private String newId() {
        lastId = Math.max(lastId + 1, clock.millis());
        return "d" + Long.toString(lastId, 36);
    }

    private Release earlier(Service service, @Nullable Integer number) {
        Map<Integer, Release> kept = releasesOf(service.name().value());
        Integer live = service.liveRelease();
        if (number != null) {
            Release release = kept.get(number);
            if (release == null) {
                throw ArgusException.conflict("The service " + service.name().value() + " has no release " + number
                        + "; it has " + kept.keySet() + ".");
            }
            return release;
        }
        return kept.values().stream()
                .filter(release -> live != null && release.number() < live)
                .findFirst()
                .orElseThrow(() -> ArgusException.conflict("The service "
                        + service.name().value() + " has no release before the live one to go back to."));
    }

    private void enqueue(Running running) {
        Lane lane = lanes.computeIfAbsent(running.deployment.service(), made -> new Lane());
        if (lane.current == null) {
            lane.current = running;
            begin(running);
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

    private void begin(Running running) {
        log.info(
                "deployment {} of {} begins ({} by {})",
                running.deployment.id(),
                running.deployment.service(),
                running.deployment.kind().word(),
                running.by.name());
        var pipeline = new Pipeline(bus, clock, config, workshop, buildPlaces, new Reporter(running), running);
        Thread.ofVirtual().name("deployment-" + running.deployment.id()).start(pipeline);
    }

    /** Brings what a pipeline tells from its thread to this verticle's. */
    private final class Reporter implements Progress {
        private final Running running;

        Reporter(Running running) {
            this.running = running;
        }

        @Override
        public void changed(Deployment deployment, @Nullable Step step) {
            context.runOnContext(now -> {
                if (deployment.isInFlight()) {
                    DeployVerticle.this.changed(running, deployment, step);
                } else {
                    end(running, deployment);
                }
            });
        }

        @Override
        public void output(Deployment deployment, String line) {
            bus.publish(new DeployEvent.Output(deployment.service(), deployment.id(), line));
        }

        @Override
        public void built(Release release) {
            context.runOnContext(now -> releasesOf(release.service()).put(release.number(), release));
        }

        @Override
        public void pruned(String service, int number) {
            context.runOnContext(now -> releasesOf(service).remove(number));
        }
    }

    private void changed(Running running, Deployment deployment, @Nullable Step step) {
        running.deployment = deployment;
        newest.put(deployment.service(), deployment);
        write(DeployRecords.put(deployment))
                .onFailure(failure -> log.warn("a step was not recorded: {}", failure.getMessage()));
        if (step != null) {
            bus.publish(new DeployEvent.Progress(
                    deployment.service(), deployment.id(), step.name(), step.state(), step.detail()));
        }
    }

    private void end(Running running, Deployment deployment) {
        running.deployment = deployment;
        Deployment last = newest.get(deployment.service());
        if (last != null && last.id().equals(deployment.id())) {
            newest.put(deployment.service(), deployment);
        }
        Outcome outcome = deployment.outcome();
        log.info(
                "deployment {} of {} ended: {}{}",
                deployment.id(),
                deployment.service(),
                outcome == null ? "" : outcome.word(),
                deployment.cause() == null ? "" : ", " + deployment.cause());
        write(DeployRecords.put(deployment))
                .onFailure(failure ->
                        log.error("the end of {} was not recorded: {}", deployment.id(), failure.getMessage()))
                .onComplete(recorded -> {
                    inFlight.remove(deployment.id());
                    publishEnd(deployment);
                    advance(running);
                    running.ended.tryComplete(Done.DONE);
                });
    }

    private void publishEnd(Deployment deployment) {
        Outcome outcome = deployment.outcome();
        if (outcome != null) {
            bus.publish(new DeployEvent.Finished(
                    deployment.service(), deployment.id(), outcome, deployment.cause(), deployment.release()));
        }
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
                begin(following);
            }
        }
        if (lane.isEmpty()) {
            lanes.remove(ended.deployment.service());
        }
    }

    // ending

    private Future<Deployment> cancel(String id, Actor by) {
        Running running = inFlight.get(id);
        if (running == null || !running.deployment.isInFlight()) {
            return findDeployment(id)
                    .compose(deployment -> Future.failedFuture(ArgusException.conflict("Deployment " + id
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
        } else {
            running.cancel.cancel("Cancelled by " + by.name() + ".");
        }
        return Future.succeededFuture(running.deployment);
    }

    private Future<Done> cancelAll(String service, Actor by) {
        List<Running> all = inFlight.values().stream()
                .filter(running -> running.deployment.service().equals(service))
                .toList();
        all.forEach(running -> cancel(running.deployment.id(), by));
        return Future.join(all.stream().map(running -> running.ended.future()).toList())
                .map(Done.DONE);
    }

    private Future<Done> undeploy(DeployCommand.Undeploy command) {
        ServiceName name = command.service();
        return find(name)
                .compose(found -> bus.request(new CatalogCommand.Want(
                        name, Desired.REMOVED, command.keepData(), command.by().name())))
                .compose(service -> cancelAll(name.value(), command.by()).map(service))
                .compose(this::remove);
    }

    private Future<Done> remove(Service service) {
        String name = service.name().value();
        return retire(name, instance -> true, "the service is removed")
                .compose(done -> vertx.executeBlocking(
                        () -> {
                            workshop.remove(service.name(), service.keepData());
                            return Done.DONE;
                        },
                        false))
                .compose(done -> write(DeployRecords.forget(name)))
                .compose(done -> bus.request(new CatalogCommand.Forget(service.name())))
                .onSuccess(done -> {
                    releases.remove(name);
                    newest.remove(name);
                    log.info("{} is removed{}", name, service.keepData() ? ", its data is kept" : "");
                });
    }

    private Future<Done> retire(
            String service, java.util.function.Predicate<dev.argus.instance.Instance> which, String reason) {
        return bus.request(new InstanceCommand.ListInstances(service))
                .compose(all -> bus.request(new InstanceCommand.Retire(
                        all.stream()
                                .filter(which)
                                .map(dev.argus.instance.Instance::id)
                                .toList(),
                        reason)));
    }

    // looking

    private Future<Deployment> findDeployment(String id) {
        Running running = inFlight.get(id);
        return running != null
                ? Future.succeededFuture(running.deployment)
                : read(DeployRecords.find(id))
                        .compose(found -> found.isEmpty()
                                ? Future.failedFuture(ArgusException.notFound("There is no deployment " + id + "."))
                                : Future.succeededFuture(found.getFirst()));
    }

    private Future<List<Deployment>> list(DeployCommand.ListDeployments command) {
        return read(DeployRecords.list(command.services(), command.limit()))
                .map(found -> found.stream()
                        .map(deployment -> {
                            Running running = inFlight.get(deployment.id());
                            return running == null ? deployment : running.deployment;
                        })
                        .toList());
    }

    private Map<Integer, Release> releasesOf(String service) {
        return releases.computeIfAbsent(service, made -> new TreeMap<>(java.util.Comparator.reverseOrder()));
    }

    private Map<String, Map<Integer, Release>> copyOfReleases() {
        return releases.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> Map.copyOf(entry.getValue())));
    }

    /** All but the newest, and never the live one. */
    private List<Integer> prunable(Service service) {
        return releasesOf(service.name().value()).keySet().stream()
                .skip(config.keepReleases())
                .filter(number -> !number.equals(service.liveRelease()))
                .toList();
    }

    // the records

    private Future<List<Deployment>> read(Statement query) {
        return bus.request(new StoreCommand.Read(query))
                .map(rows -> rows.stream().map(DeployRecords::deployment).toList());
    }

    private Future<Integer> write(Statement... statements) {
        return bus.request(StoreCommand.Write.of(statements));
    }

    private Future<?> load() {
        return bus.request(new StoreCommand.Read(DeployRecords.releases()))
                .onSuccess(rows -> rows.forEach(row -> {
                    Release release = DeployRecords.release(row);
                    releasesOf(release.service()).put(release.number(), release);
                }))
                .compose(done -> read(DeployRecords.newest()))
                .onSuccess(found -> found.forEach(deployment -> newest.put(deployment.service(), deployment)));
    }

    /**
     * Takes up what an earlier Argus left: a deployment cut off before its switch is undone and called aborted, one cut off after
     * it has succeeded; only instances of the live release stay; removals are finished.
     */
    private Future<?> recover() {
        return bus.request(new CatalogCommand.ListServices())
                .compose(services -> {
                    Map<String, Service> byName = services.stream()
                            .collect(Collectors.toMap(service -> service.name().value(), service -> service));
                    List<Future<?>> all = new ArrayList<>();
                    services.forEach(service -> all.add(retire(
                            service.name().value(),
                            instance -> service.liveRelease() == null || instance.release() != service.liveRelease(),
                            "its deployment was cut off")));
                    return Future.join(all)
                            .compose(done -> read(DeployRecords.unfinished()))
                            .compose(unfinished -> closeAll(unfinished, byName));
                })
                .compose(done -> bus.request(new CatalogCommand.ListRemoved()))
                .compose(removed ->
                        Future.join(removed.stream().map(this::remove).toList()));
    }

    private Future<?> closeAll(List<Deployment> unfinished, Map<String, Service> services) {
        List<Future<?>> all = new ArrayList<>();
        for (Deployment deployment : unfinished) {
            Service service = services.get(deployment.service());
            Integer number = deployment.release();
            boolean live = service != null && number != null && number.equals(service.liveRelease());
            Deployment closed = live
                    ? deployment.finished(Outcome.SUCCEEDED, null, clock.instant())
                    : deployment.finished(
                            Outcome.ABORTED,
                            "Argus was stopped before the new release was live; what ran before runs on.",
                            clock.instant());
            newest.put(closed.service(), closed);
            cutOff.add(closed);
            log.info("deployment {} of {} was cut off: {}", closed.id(), closed.service(), live ? "live" : "aborted");
            all.add(write(DeployRecords.put(closed)));
            if (!live && number != null && !releasesOf(deployment.service()).containsKey(number)) {
                all.add(vertx.executeBlocking(
                        () -> {
                            workshop.discard(ServiceName.of(deployment.service()), number, deployment.id());
                            return Done.DONE;
                        },
                        false));
            }
        }
        return Future.join(all);
    }
}
