package dev.argus.deploy;

import dev.argus.config.ServerConfig;
import dev.argus.instance.Health;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.instance.InstanceState;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Desired;
import dev.argus.service.Durations;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import dev.argus.traffic.TrafficCommand;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a release into service: START, VERIFY, SWITCH, DRAIN, BAKE, STOP.
 *
 * <p>Until SWITCH a failure or a cancellation stops what was started and leaves what ran as it was. After it the former release stays
 * ready until STOP: a crash of the new one in the bake time, or somebody who cancels, brings it back at once. After that nothing is undone.
 */
final class GoingLive {
    private static final Logger log = LoggerFactory.getLogger(GoingLive.class);

    private final Asking asking;
    private final ServerConfig.DeployConfig config;
    private final Workshop workshop;
    private final Running running;
    private final Waits waits;
    private final Journal journal;
    private final Shelf shelf;
    private final ServiceName name;

    private List<Instance> before = List.of();
    private List<String> old = List.of();
    private List<String> fresh = List.of();
    private @Nullable Integer former;
    private Desired formerlyDesired = Desired.RUNNING;
    private boolean made;
    private boolean halted;
    private boolean switched;

    GoingLive(
            Asking asking,
            ServerConfig.DeployConfig config,
            Workshop workshop,
            Running running,
            Waits waits,
            Journal journal,
            Shelf shelf,
            ServiceName name) {
        this.asking = asking;
        this.config = config;
        this.workshop = workshop;
        this.running = running;
        this.waits = waits;
        this.journal = journal;
        this.shelf = shelf;
        this.name = name;
    }

    /** Why the release was taken out of service again; the former one serves. */
    record WentBack(Outcome outcome, String cause) {}

    /**
     * Does it.
     *
     * @param ownRelease whether the release was made by this deployment, and so goes with it when it fails
     * @return null when the release is in service to stay
     * @throws LeftBaking where Argus ends in its bake time
     */
    @Nullable
    WentBack run(Release release, boolean ownRelease) {
        made = ownRelease;
        try {
            int count = look(release);
            makeRoom(release);
            journal.step(StepName.START, () -> start(release, count), ids -> String.join(", ", ids));
            journal.step(
                    StepName.VERIFY,
                    () -> asking.ask(new InstanceCommand.AwaitHealthy(fresh, config.healthyTimeout())),
                    done -> "healthy");
            running.cancel.throwIfCancelled();
            journal.step(StepName.SWITCH, () -> makeLive(release), number -> "release " + number + " is live");
        } catch (RuntimeException e) {
            undo(release);
            throw e;
        }
        WentBack wentBack = watch(release);
        if (wentBack == null) {
            journal.afterwards(StepName.STOP, () -> stop(release));
        }
        return wentBack;
    }

    /** Remembers what is so before anything is changed; gives how many instances are to run. */
    private int look(Release release) {
        Service service = asking.ask(new CatalogCommand.Find(name));
        former = service.liveRelease();
        formerlyDesired = service.desired();
        before = asking.ask(new InstanceCommand.ListInstances(name.value()));
        old = before.stream().map(Instance::id).toList();
        Integer scaled = service.spec().instances();
        return scaled == null ? release.plan().instances() : scaled;
    }

    /**
     * A fixed port cannot be shared: the old instances make room, and come back if the new ones fail. Requests are held meanwhile, those
     * under way answered first.
     */
    private void makeRoom(Release release) {
        boolean shares = release.plan().port() == null && before.stream().noneMatch(Instance::portOfItsOwn);
        if (!shares && !old.isEmpty()) {
            halted = true;
            asking.ask(new TrafficCommand.Drain(Set.copyOf(old), config.drainTimeout()));
            asking.ask(new InstanceCommand.Halt(old, "makes room for release " + release.number()));
        }
    }

    /** Is quick and therefore not interrupted: what was begun must be known. */
    private List<String> start(Release release, int count) {
        fresh = asking.patiently(new InstanceCommand.Launch(name, release.number(), release.plan(), count));
        return fresh;
    }

    private int makeLive(Release release) {
        switched = true;
        asking.patiently(CatalogCommand.SetLive.running(name, release.number(), running.by.name()));
        journal.pass(StepName.SWITCH, Checkpoint.Moment.COMMITTED);
        asking.patiently(new TrafficCommand.Settle(name.value(), release.number()));
        workshop.link(name, release.number());
        return release.number();
    }

    // as long as what ran before is there

    private @Nullable WentBack watch(Release release) {
        return watch(release, () -> {
            journal.afterwards(StepName.DRAIN, this::drain);
            return mayGoBack(release) ? bake(release) : "";
        });
    }

    /**
     * Goes on with a bake time in which an earlier Argus was cut off.
     *
     * @param all the instances of the service, of the former release too
     * @param left of the bake time
     * @return null when the release is in service to stay; the former instances are there still
     * @throws LeftBaking where Argus ends again before that
     */
    @Nullable
    WentBack goOn(Release release, List<Instance> all, Duration left) {
        made = true;
        before = all.stream()
                .filter(instance -> instance.release() != release.number())
                .toList();
        old = before.stream().map(Instance::id).toList();
        former = before.stream()
                .map(Instance::release)
                .max(Integer::compare)
                .orElseThrow(() -> new IllegalArgumentException("there is nothing to go back to"));
        List<Instance> own = all.stream()
                .filter(instance -> instance.release() == release.number())
                .toList();
        fresh = own.stream().map(Instance::id).toList();
        halted = BakeTime.madeRoom(release, all);
        if (!halted) {
            // of what an earlier Argus left, only the live release is kept going
            asking.patiently(new InstanceCommand.Resume(old));
        }
        String meanwhile = BakeTime.meanwhile(own);
        return watch(release, () -> meanwhile.isEmpty() ? observe(release, left) : failed(meanwhile));
    }

    private @Nullable WentBack watch(Release release, Supplier<String> watching) {
        try {
            String trouble = watching.get();
            if (!trouble.isEmpty()) {
                return goBack(release, Outcome.ROLLED_BACK, trouble);
            }
            running.cancel.commit();
            return null;
        } catch (Cancelled e) {
            return running.argusEnds ? null : goBack(release, Outcome.CANCELLED, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable String drain() {
        if (old.isEmpty() || halted) {
            return null;
        }
        int cut = asking.ask(new TrafficCommand.Drain(Set.copyOf(old), config.drainTimeout()))
                .cut();
        return cut == 0 ? "every request was answered" : cut + " requests took too long and were cut";
    }

    private boolean mayGoBack(Release release) {
        boolean wasWell = before.stream()
                .anyMatch(instance -> former != null
                        && instance.release() == former
                        && (halted || instance.health() == Health.HEALTHY));
        boolean worthIt = journal.deployment().kind() == Deployment.Kind.DEPLOY
                && !config.bake().isZero()
                && wasWell
                && former != null
                && former != release.number();
        if (!worthIt) {
            journal.skip("there is nothing to go back to, or it is not wanted", StepName.BAKE);
        }
        return worthIt;
    }

    /** Gives what went wrong; nothing when nothing did. */
    private String bake(Release release) {
        journal.begin(
                StepName.BAKE,
                "release " + release.number() + " is live; release " + former + " stays ready for "
                        + Durations.format(config.bake()));
        return observe(release, config.bake());
    }

    private String observe(Release release, Duration during) {
        try {
            journal.pass(StepName.BAKE, Checkpoint.Moment.BEGUN);
            String trouble = awaitTrouble(during);
            if (trouble.isEmpty()) {
                journal.end(StepName.BAKE, StepState.SUCCEEDED, "release " + release.number() + " runs well");
            } else {
                failed(trouble);
            }
            journal.pass(StepName.BAKE, Checkpoint.Moment.ENDED);
            return trouble;
        } catch (Cancelled e) {
            if (running.argusEnds) {
                throw new LeftBaking();
            }
            journal.end(StepName.BAKE, StepState.CANCELLED, e.getMessage());
            throw e;
        } catch (RuntimeException e) {
            // it is in service, and nothing is known against it
            log.error("deployment {} was not watched", journal.deployment().id(), e);
            journal.end(StepName.BAKE, StepState.FAILED, Journal.words(e));
            return "";
        }
    }

    private String failed(String trouble) {
        journal.end(StepName.BAKE, StepState.FAILED, trouble);
        return trouble;
    }

    private String awaitTrouble(Duration during) {
        CompletableFuture<String> trouble = CompletableFuture.supplyAsync(
                () -> asking.patiently(new InstanceCommand.AwaitTrouble(fresh, during)),
                work -> Thread.ofVirtual().name("bake-" + name.value()).start(work));
        CompletableFuture<String> first = CompletableFuture.anyOf(trouble, running.hurry.thenApply(now -> ""))
                .thenApply(String::valueOf);
        return waits.await(first, during.plusSeconds(30), "the end of the bake time");
    }

    private @Nullable String stop(Release release) {
        if (old.isEmpty()) {
            return null;
        }
        asking.patiently(new InstanceCommand.Retire(old, "replaced by release " + release.number()));
        return String.join(", ", old);
    }

    // going back

    /** After SWITCH: the release before serves again, then this one may end. */
    private WentBack goBack(Release release, Outcome outcome, String trouble) {
        var pace = Pace.of(running.cancel, config);
        String cause = trouble + (former == null ? "" : " Release " + former + " serves again.");
        try {
            setFormerLive();
            if (halted) {
                asking.patiently(pace.retire(fresh, "makes room for release " + former));
            }
            asking.patiently(new TrafficCommand.Undrain(Set.copyOf(old)));
            settle();
            if (halted) {
                resume(pace);
            } else {
                asking.patiently(new TrafficCommand.Drain(Set.copyOf(fresh), pace.drain()));
                asking.patiently(pace.retire(
                        fresh,
                        former == null
                                ? "its deployment was cancelled"
                                : "release " + former + " took the place of release " + release.number()));
            }
            keepLog(release);
            if (made && outcome == Outcome.CANCELLED) {
                forget(release);
            }
        } catch (RuntimeException e) {
            log.error("deployment {} could not go back", journal.deployment().id(), e);
            cause = trouble + " Going back to release " + former + " failed: " + Journal.words(e);
        }
        return new WentBack(outcome, cause);
    }

    /** Before the end of SWITCH: leaves everything as it was. What cannot be undone is told in the log; the first failure is what counts. */
    private void undo(Release release) {
        var pace = Pace.of(running.cancel, config);
        if (switched) {
            quietly(this::setFormerLive);
            quietly(this::settle);
            quietly(() -> asking.patiently(new TrafficCommand.Drain(Set.copyOf(fresh), pace.drain())));
        }
        quietly(() -> asking.patiently(pace.retire(
                fresh.isEmpty() && made ? instancesOf(release) : fresh, "its release did not come into service")));
        if (halted) {
            quietly(() -> asking.patiently(new TrafficCommand.Undrain(Set.copyOf(old))));
            quietly(() -> resume(pace));
        }
        quietly(() -> keepLog(release));
        if (made) {
            quietly(() -> forget(release));
        }
    }

    private void quietly(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            log.error(
                    "what deployment {} began was not undone",
                    journal.deployment().id(),
                    e);
        }
    }

    private void setFormerLive() {
        asking.patiently(new CatalogCommand.SetLive(name, former, formerlyDesired, running.by.name()));
    }

    private void settle() {
        if (former != null) {
            asking.patiently(new TrafficCommand.Settle(name.value(), former));
            workshop.link(name, former);
        }
    }

    /** Starts again what made room. That it answers is waited for, so that "serves again" is true; that it does not is no reason to stop here. */
    private void resume(Pace pace) {
        if (formerlyDesired != Desired.RUNNING) {
            return;
        }
        asking.patiently(new InstanceCommand.Resume(old));
        try {
            asking.patiently(new InstanceCommand.AwaitHealthy(old, pace.healthy()));
        } catch (RuntimeException e) {
            log.warn("{} starts again, but does not answer yet: {}", old, e.getMessage());
        }
    }

    /** What its instances said outlives it: who wants to know why it failed looks then. */
    private void keepLog(Release release) {
        workshop.deploymentLog()
                .keep(name, release.number(), journal.deployment().id());
    }

    private void forget(Release release) {
        shelf.forget(release.number());
        journal.change(deployment -> deployment.withRelease(null));
    }

    private List<String> instancesOf(Release release) {
        return asking.patiently(new InstanceCommand.ListInstances(name.value())).stream()
                .filter(instance -> instance.release() == release.number() && instance.state() != InstanceState.STOPPED)
                .map(Instance::id)
                .toList();
    }
}
