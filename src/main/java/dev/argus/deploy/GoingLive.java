package dev.argus.deploy;

import dev.argus.config.ServerConfig;
import dev.argus.instance.Health;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.instance.InstanceState;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Durations;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import dev.argus.store.StoreCommand;
import dev.argus.traffic.TrafficCommand;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a release into service: START, VERIFY, SWITCH, DRAIN, BAKE, STOP.
 *
 * <p>Until SWITCH a failure or a cancellation stops what was started and leaves what ran as it was. After it the former release stays
 * ready for the bake time: a crash of the new one, or somebody who cancels, brings it back at once. After that nothing is undone.
 */
final class GoingLive {
    private static final Logger log = LoggerFactory.getLogger(GoingLive.class);

    private final Asking asking;
    private final ServerConfig.DeployConfig config;
    private final Workshop workshop;
    private final CancelToken cancel;
    private final CompletableFuture<Void> hurry;
    private final Waits waits;
    private final Journal journal;
    private final ServiceName name;
    private final String by;

    private List<Instance> before = List.of();
    private List<String> old = List.of();
    private List<String> fresh = List.of();
    private @Nullable Integer former;
    private boolean halted;
    private boolean switched;

    /** @param hurry completed when nobody can wait for the end of the bake time */
    GoingLive(
            Asking asking,
            ServerConfig.DeployConfig config,
            Workshop workshop,
            CancelToken cancel,
            CompletableFuture<Void> hurry,
            Waits waits,
            Journal journal,
            ServiceName name,
            String by) {
        this.asking = asking;
        this.config = config;
        this.workshop = workshop;
        this.cancel = cancel;
        this.hurry = hurry;
        this.waits = waits;
        this.journal = journal;
        this.name = name;
        this.by = by;
    }

    /** What went wrong in the bake time; the former release serves again. */
    record WentBack(Outcome outcome, String cause) {}

    /**
     * Does it.
     *
     * @param made whether the release was made by this deployment, and so goes with it when it fails
     * @return null when the release is in service to stay
     */
    @Nullable
    WentBack run(Release release, boolean made) {
        Service service = asking.ask(new CatalogCommand.Find(name));
        former = service.liveRelease();
        before = asking.ask(new InstanceCommand.ListInstances(name.value()));
        old = before.stream().map(Instance::id).toList();
        Integer scaled = service.spec().instances();
        int count = scaled == null ? release.plan().instances() : scaled;
        try {
            makeRoom(release);
            journal.step(StepName.START, () -> start(release, count), ids -> String.join(", ", ids));
            journal.step(
                    StepName.VERIFY,
                    () -> asking.ask(new InstanceCommand.AwaitHealthy(fresh, config.healthyTimeout())),
                    done -> "healthy");
            cancel.throwIfCancelled();
            journal.step(StepName.SWITCH, () -> makeLive(release), number -> "release " + number + " is live");
        } catch (RuntimeException e) {
            undo(release, made);
            throw e;
        }
        journal.afterwards(StepName.DRAIN, this::drain);
        WentBack wentBack = mayGoBack(release) ? bake(release) : null;
        if (wentBack == null) {
            journal.afterwards(StepName.STOP, () -> stop(release));
        }
        return wentBack;
    }

    /** A fixed port cannot be shared: the old instances make room, and come back if the new ones fail. Requests are held meanwhile. */
    private void makeRoom(Release release) {
        boolean shares = release.plan().port() == null && before.stream().noneMatch(Instance::portOfItsOwn);
        if (!shares && !old.isEmpty()) {
            halted = true;
            asking.ask(new InstanceCommand.Halt(old, "makes room for release " + release.number()));
        }
    }

    private List<String> start(Release release, int count) {
        fresh = asking.ask(new InstanceCommand.Launch(name, release.number(), release.plan(), count));
        return fresh;
    }

    private int makeLive(Release release) {
        asking.patiently(new CatalogCommand.SetLive(name, release.number(), by));
        switched = true;
        asking.patiently(new TrafficCommand.Settle(name.value(), release.number()));
        workshop.link(name, release.number());
        return release.number();
    }

    private @Nullable String drain() {
        if (old.isEmpty() || halted) {
            return null;
        }
        int cut = asking.patiently(new TrafficCommand.Drain(Set.copyOf(old), config.drainTimeout()))
                .cut();
        return cut == 0 ? "every request was answered" : cut + " requests took too long and were cut";
    }

    // the bake time

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

    private @Nullable WentBack bake(Release release) {
        journal.begin(
                StepName.BAKE,
                "release " + release.number() + " is live; release " + former + " stays ready for "
                        + Durations.format(config.bake()));
        String trouble;
        Outcome outcome = Outcome.ROLLED_BACK;
        try {
            trouble = awaitTrouble();
        } catch (Cancelled e) {
            trouble = hurry.isDone() ? "" : String.valueOf(e.getMessage());
            outcome = Outcome.CANCELLED;
        }
        if (trouble.isEmpty()) {
            journal.end(StepName.BAKE, StepState.SUCCEEDED, "release " + release.number() + " runs well");
            return null;
        }
        String cause = trouble + " Release " + former + " serves again.";
        try {
            goBack(release);
        } catch (RuntimeException e) {
            log.error("deployment {} could not go back", journal.deployment().id(), e);
            cause = trouble + " Going back to release " + former + " failed: " + Journal.words(e);
        }
        journal.end(StepName.BAKE, outcome == Outcome.CANCELLED ? StepState.CANCELLED : StepState.FAILED, cause);
        return new WentBack(outcome, cause);
    }

    private String awaitTrouble() {
        CompletableFuture<String> trouble = CompletableFuture.supplyAsync(
                () -> asking.patiently(new InstanceCommand.AwaitTrouble(fresh, config.bake())),
                work -> Thread.ofVirtual().name("bake-" + name.value()).start(work));
        CompletableFuture<String> first =
                CompletableFuture.anyOf(trouble, hurry.thenApply(now -> "")).thenApply(String::valueOf);
        return waits.await(first, config.bake().plusSeconds(30), "the end of the bake time");
    }

    private void goBack(Release release) {
        if (former == null) {
            return;
        }
        asking.patiently(new CatalogCommand.SetLive(name, former, by));
        if (halted) {
            asking.patiently(new InstanceCommand.Retire(fresh, "makes room for release " + former));
            asking.patiently(new InstanceCommand.Resume(old));
        }
        asking.patiently(new TrafficCommand.Undrain(Set.copyOf(old)));
        asking.patiently(new TrafficCommand.Settle(name.value(), former));
        workshop.link(name, former);
        if (!halted) {
            asking.patiently(new TrafficCommand.Drain(Set.copyOf(fresh), config.drainTimeout()));
            asking.patiently(new InstanceCommand.Retire(
                    fresh, "release " + former + " took the place of release " + release.number()));
        }
        keepLog(release);
    }

    private @Nullable String stop(Release release) {
        if (old.isEmpty()) {
            return null;
        }
        asking.patiently(new InstanceCommand.Retire(old, "replaced by release " + release.number()));
        return String.join(", ", old);
    }

    // undoing

    /** Leaves everything as it was before; what cannot be undone is told in the log, the first failure is what counts. */
    private void undo(Release release, boolean made) {
        try {
            if (switched && former != null) {
                asking.patiently(new CatalogCommand.SetLive(name, former, by));
                asking.patiently(new TrafficCommand.Settle(name.value(), former));
            }
            List<String> leftover = fresh.isEmpty() && made ? instancesOf(release) : fresh;
            asking.patiently(new InstanceCommand.Retire(leftover, "its release did not become healthy"));
            if (halted) {
                asking.patiently(new InstanceCommand.Resume(old));
            }
            keepLog(release);
            if (made) {
                forget(release.number());
                journal.change(deployment -> deployment.withRelease(null));
            }
        } catch (RuntimeException e) {
            log.error(
                    "what deployment {} began was not undone",
                    journal.deployment().id(),
                    e);
        }
    }

    private List<String> instancesOf(Release release) {
        return asking.patiently(new InstanceCommand.ListInstances(name.value())).stream()
                .filter(instance -> instance.release() == release.number() && instance.state() != InstanceState.STOPPED)
                .map(Instance::id)
                .toList();
    }

    /** What its instances said outlives it: who wants to know why it failed looks then. */
    private void keepLog(Release release) {
        workshop.deploymentLog()
                .keep(name, release.number(), journal.deployment().id());
    }

    void forget(int number) {
        asking.patiently(StoreCommand.Write.of(DeployRecords.deleteRelease(name.value(), number)));
        workshop.discard(name, number);
        journal.progress().pruned(name.value(), number);
    }
}
