package dev.argus.deploy;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.config.ServerConfig;
import dev.argus.instance.Health;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import dev.argus.traffic.TrafficCommand;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a deployment to its end that an earlier Argus was cut off in. Whatever it was at, exactly the live release is left, with as many
 * instances as are wanted, and the record says what happened. On a thread of its own.
 */
final class Resumption implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Resumption.class);
    private static final Duration CHOOSE_WITHIN = Duration.ofSeconds(5);
    private static final String WHY = "Argus was stopped";

    private final Clock clock;
    private final ServerConfig.DeployConfig config;
    private final Workshop workshop;
    private final Running running;
    private final ServiceName name;
    private final Asking asking;
    private final Journal journal;
    private final Shelf shelf;
    private final GoingLive goingLive;

    Resumption(
            Bus bus,
            Clock clock,
            ServerConfig.DeployConfig config,
            Workshop workshop,
            Progress progress,
            Running running) {
        this.clock = clock;
        this.config = config;
        this.workshop = workshop;
        this.running = running;
        name = ServiceName.of(running.deployment.service());
        var waits = new Waits(running.cancel);
        asking = new Asking(bus, waits);
        journal = new Journal(clock, progress, Checkpoint.NONE, running.deployment);
        shelf = new Shelf(asking, workshop, journal, name);
        goingLive = new GoingLive(asking, config, workshop, running, waits, journal, shelf, name);
    }

    @Override
    public void run() {
        try {
            end();
        } catch (LeftBaking e) {
            journal.leave();
        } catch (RuntimeException e) {
            log.error(
                    "deployment {} of {}, which was cut off, was not brought to its end",
                    journal.deployment().id(),
                    name.value(),
                    e);
            journal.finish(
                    Outcome.ABORTED,
                    "Argus was stopped in it, and what it left could not be put in order: " + Journal.words(e));
        }
    }

    private void end() {
        Service service = asking.patiently(new CatalogCommand.Find(name));
        List<Release> releases = shelf.releases();
        Deployment deployment = journal.deployment();
        Integer number = deployment.release();
        boolean built = number != null && releases.stream().anyMatch(release -> release.number() == number);
        CutOff cutOff = CutOff.of(deployment, service.liveRelease(), built);
        boolean done = cutOff.outcome() == Outcome.SUCCEEDED;
        if (done && deployment.isBaking()) {
            GoingLive.WentBack wentBack = bakeOn(service, releases);
            if (wentBack != null) {
                journal.skip("the former release serves again", StepName.STOP);
                journal.afterwards(StepName.PRUNE, shelf::prune);
                journal.finish(wentBack.outcome(), wentBack.cause());
                return;
            }
        } else {
            running.cancel.commit();
        }
        closeSteps(done);
        if (done) {
            journal.afterwards(StepName.STOP, () -> keepOnlyWhatIsWanted(service, releases));
        } else {
            keepOnlyWhatIsWanted(service, releases);
        }
        if (service.liveRelease() != null) {
            workshop.link(name, service.liveRelease());
        }
        removeWhatCameToNothing(cutOff, number, releases);
        if (done) {
            journal.afterwards(StepName.PRUNE, shelf::prune);
        }
        journal.finish(cutOff.outcome(), cutOff.cause());
    }

    /** Null when the release has come to stay, or there is nothing to go back to. */
    private GoingLive.@Nullable WentBack bakeOn(Service service, List<Release> releases) {
        Integer live = service.liveRelease();
        Release release = releases.stream()
                .filter(each -> live != null && each.number() == live)
                .findFirst()
                .orElse(null);
        Instant begun = journal.deployment().step(StepName.BAKE).startedAt();
        List<Instance> all = asking.patiently(new InstanceCommand.ListInstances(name.value()));
        List<Instance> former = all.stream()
                .filter(instance -> live != null && instance.release() != live)
                .filter(instance -> releases.stream().anyMatch(each -> each.number() == instance.release()))
                .toList();
        if (release == null
                || begun == null
                || config.bake().isZero()
                || !BakeTime.canGoBack(former, BakeTime.madeRoom(release, all))) {
            running.cancel.commit();
            return null;
        }
        Duration left = BakeTime.left(begun, config.bake(), clock.instant());
        log.info(
                "the bake time of release {} of {} goes on for {} s", release.number(), name.value(), left.toSeconds());
        return goingLive.goOn(release, all, left);
    }

    /** What was under way has been done where the deployment has succeeded, and not where it has not. */
    private void closeSteps(boolean done) {
        for (Step step : journal.deployment().steps()) {
            boolean before = step.name().compareTo(StepName.SWITCH) <= 0;
            if (step.state() == StepState.RUNNING) {
                journal.end(step.name(), done && before ? StepState.SUCCEEDED : StepState.CANCELLED, WHY);
            } else if (step.state() == StepState.PENDING && done && step.name() != StepName.PRUNE) {
                journal.skip(WHY, step.name());
            }
        }
    }

    private void removeWhatCameToNothing(CutOff cutOff, @Nullable Integer number, List<Release> releases) {
        Set<Integer> kept = releases.stream().map(Release::number).collect(Collectors.toCollection(HashSet::new));
        boolean ownRelease = journal.deployment().kind() == Deployment.Kind.DEPLOY
                || journal.deployment().kind() == Deployment.Kind.BUILD;
        if (cutOff.outcome() == Outcome.ABORTED && ownRelease && number != null) {
            workshop.deploymentLog().keep(name, number, journal.deployment().id());
            shelf.forget(number);
            kept.add(number);
            journal.change(deployment -> deployment.withRelease(null));
        }
        workshop.orphans(name, kept).forEach(orphan -> workshop.discard(name, orphan));
    }

    private @Nullable String keepOnlyWhatIsWanted(Service service, List<Release> releases) {
        List<Instance> all = asking.patiently(new InstanceCommand.ListInstances(name.value()));
        Integer live = service.liveRelease();
        List<Instance> own = all.stream()
                .filter(instance -> live != null && instance.release() == live)
                .toList();
        List<String> surplus = all.stream()
                .filter(instance -> live == null || instance.release() != live)
                .map(Instance::id)
                .collect(Collectors.toList());
        surplus.addAll(tooMany(own, wanted(service, releases)));
        if (surplus.isEmpty()) {
            return null;
        }
        asking.patiently(new TrafficCommand.Drain(Set.copyOf(surplus), config.drainTimeout()));
        asking.patiently(new InstanceCommand.Retire(surplus, "its deployment was cut off"));
        return String.join(", ", surplus);
    }

    private static int wanted(Service service, List<Release> releases) {
        Integer scaled = service.spec().instances();
        Integer live = service.liveRelease();
        return scaled != null
                ? scaled
                : releases.stream()
                        .filter(release -> live != null && release.number() == live)
                        .map(release -> release.plan().instances())
                        .findFirst()
                        .orElse(Integer.MAX_VALUE);
    }

    /** Of several instances of the live release those stay that answer. */
    private List<String> tooMany(List<Instance> own, int wanted) {
        if (own.size() <= wanted) {
            return List.of();
        }
        try {
            asking.patiently(new InstanceCommand.AwaitHealthy(
                    own.stream().map(Instance::id).toList(), CHOOSE_WITHIN));
        } catch (ArgusException e) {
            log.info("not all instances of {} are healthy: {}", name.value(), e.getMessage());
        }
        Set<String> known = own.stream().map(Instance::id).collect(Collectors.toSet());
        return asking.patiently(new InstanceCommand.ListInstances(name.value())).stream()
                .filter(instance -> known.contains(instance.id()))
                .sorted(Comparator.comparing((Instance instance) -> instance.health() != Health.HEALTHY)
                        .thenComparing(Instance::id))
                .skip(wanted)
                .map(Instance::id)
                .toList();
    }
}
