package dev.argus.deploy;

import dev.argus.auth.Actor;
import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Command;
import dev.argus.config.ServerConfig;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.instance.InstanceState;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One deployment, as straight-line code on a thread of its own.
 *
 * <p>Until SWITCH every failure and every cancellation undoes what was begun and leaves what runs as it was. SWITCH is the commit
 * point: what fails after it is recorded and never undone, and nobody can cancel any more.
 */
final class Pipeline implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

    private final Bus bus;
    private final Clock clock;
    private final ServerConfig.DeployConfig config;
    private final Workshop workshop;
    private final Semaphore buildPlaces;
    private final Progress progress;
    private final CancelToken cancel;
    private final Waits waits;
    private final Waits patience = new Waits(new CancelToken());
    private final Actor by;
    private final ServiceName name;
    private final @Nullable Release earlier;
    private Deployment deployment;

    /**
     * A deployment that has not begun.
     *
     * @param earlier the release to go back to, for a rollback
     * @param buildPlaces how many builds may go on at once on this node
     */
    Pipeline(
            Bus bus,
            Clock clock,
            ServerConfig.DeployConfig config,
            Workshop workshop,
            Semaphore buildPlaces,
            Progress progress,
            CancelToken cancel,
            Actor by,
            Deployment deployment,
            @Nullable Release earlier) {
        this.bus = bus;
        this.clock = clock;
        this.config = config;
        this.workshop = workshop;
        this.buildPlaces = buildPlaces;
        this.progress = progress;
        this.cancel = cancel;
        this.waits = new Waits(cancel);
        this.by = by;
        this.deployment = deployment;
        this.earlier = earlier;
        this.name = ServiceName.of(deployment.service());
    }

    @Override
    public void run() {
        try {
            Release release = earlier == null ? make() : reuse(earlier);
            if (deployment.kind() == Deployment.Kind.BUILD) {
                skip("only a build was asked for", StepName.START, StepName.VERIFY, StepName.SWITCH);
                skip("only a build was asked for", StepName.DRAIN, StepName.STOP);
            } else {
                goLive(release);
            }
            prune();
            finish(Outcome.SUCCEEDED, null);
        } catch (Cancelled e) {
            finish(Outcome.CANCELLED, String.valueOf(e.getMessage()));
        } catch (ArgusException e) {
            finish(Outcome.FAILED, e.sentence());
        } catch (RuntimeException e) {
            log.error("deployment {} of {} failed inside Argus", deployment.id(), name.value(), e);
            finish(Outcome.FAILED, "Argus made a mistake (" + e + "); its log has the details.");
        }
    }

    // making a release

    private Release make() {
        int number = ask(new CatalogCommand.NextRelease(name));
        deployment = deployment.withRelease(number);
        try {
            Workshop.Source source = step(StepName.CHECKOUT, () -> checkout(number), Workshop.Source::words);
            return step(StepName.BUILD, () -> build(number, source), release -> "release " + release.number());
        } catch (RuntimeException e) {
            workshop.discard(name, number);
            deployment = deployment.withRelease(null);
            throw e;
        }
    }

    private Workshop.Source checkout(int number) {
        Service service = ask(new CatalogCommand.Find(name));
        var credentials = ask(new CatalogCommand.RevealCredentials(name));
        Workshop.Source source =
                workshop.checkout(service, credentials, number, cancel, line -> progress.output(deployment, line));
        deployment = deployment.withRevision(source.revision());
        return source;
    }

    private Release build(int number, Workshop.Source source) {
        Service service = ask(new CatalogCommand.Find(name));
        var environment = ask(new CatalogCommand.RevealEnvironment(name));
        waits.acquire(buildPlaces, config.buildTimeout(), "another build on this node");
        try {
            workshop.build(
                    service, environment, number, source.plan(), cancel, line -> progress.output(deployment, line));
        } finally {
            buildPlaces.release();
        }
        var release =
                new Release(name.value(), number, source.revision(), source.subject(), clock.instant(), source.plan());
        write(DeployRecords.put(release));
        progress.built(release);
        return release;
    }

    private Release reuse(Release release) {
        deployment = deployment.withRelease(release.number()).withRevision(release.revision());
        skip("release " + release.number() + " is kept", StepName.CHECKOUT, StepName.BUILD);
        return release;
    }

    // putting it live

    private void goLive(Release release) {
        List<Instance> before = ask(new InstanceCommand.ListInstances(name.value()));
        List<String> old = before.stream().map(Instance::id).toList();
        boolean shares = release.plan().port() == null && before.stream().noneMatch(Instance::portOfItsOwn);
        List<String> fresh = List.of();
        boolean halted = false;
        try {
            if (!shares && !old.isEmpty()) {
                // a fixed port cannot be shared: the old instances make room, and come back if the new ones fail
                halted = true;
                ask(new InstanceCommand.Halt(old, "makes room for release " + release.number()));
            }
            fresh = step(StepName.START, () -> start(release), ids -> String.join(", ", ids));
            List<String> started = fresh;
            step(
                    StepName.VERIFY,
                    () -> ask(new InstanceCommand.AwaitHealthy(started, config.healthyTimeout())),
                    done -> "healthy");
            cancel.throwIfCancelled();
            step(StepName.SWITCH, () -> makeLive(release), service -> "release " + release.number() + " is live");
        } catch (RuntimeException e) {
            undo(fresh, halted ? old : List.of(), release);
            throw e;
        }
        skip("traffic goes straight to the instances' ports", StepName.DRAIN);
        afterwards(StepName.STOP, () -> stop(old, release));
    }

    private List<String> start(Release release) {
        return ask(new InstanceCommand.Launch(
                name, release.number(), release.plan(), release.plan().instances()));
    }

    private Service makeLive(Release release) {
        Service live = ask(new CatalogCommand.SetLive(name, release.number(), by.name()));
        workshop.link(name, release.number());
        return live;
    }

    /** Leaves everything as it was before; what cannot be undone is told in the log, the first failure is what counts. */
    private void undo(List<String> fresh, List<String> halted, Release release) {
        try {
            List<String> leftover = fresh.isEmpty() ? instancesOf(release) : fresh;
            patiently(new InstanceCommand.Retire(leftover, "its release did not become healthy"));
            if (!halted.isEmpty()) {
                patiently(new InstanceCommand.Resume(halted));
            }
            if (earlier == null) {
                forget(release.number());
                deployment = deployment.withRelease(null);
            }
        } catch (RuntimeException e) {
            log.error("what deployment {} began was not undone", deployment.id(), e);
        }
    }

    private List<String> instancesOf(Release release) {
        return patiently(new InstanceCommand.ListInstances(name.value())).stream()
                .filter(instance -> instance.release() == release.number()
                        && instance.state() != InstanceState.STOPPED
                        && earlier == null)
                .map(Instance::id)
                .toList();
    }

    private @Nullable String stop(List<String> old, Release release) {
        if (old.isEmpty()) {
            return null;
        }
        patiently(new InstanceCommand.Retire(old, "replaced by release " + release.number()));
        return String.join(", ", old);
    }

    private void prune() {
        afterwards(StepName.PRUNE, () -> {
            List<Integer> gone = patiently(new DeployCommand.Prunable(name));
            gone.forEach(this::forget);
            return gone.isEmpty() ? null : "releases " + gone;
        });
    }

    private void forget(int number) {
        patiently(StoreCommand.Write.of(DeployRecords.deleteRelease(name.value(), number)));
        workshop.discard(name, number);
        progress.pruned(name.value(), number);
    }

    // steps

    private <T> T step(StepName step, Supplier<T> work, java.util.function.Function<T, String> words) {
        begin(step);
        try {
            T result = work.get();
            end(step, StepState.SUCCEEDED, words.apply(result));
            return result;
        } catch (Cancelled e) {
            end(step, StepState.CANCELLED, e.getMessage());
            throw e;
        } catch (RuntimeException e) {
            end(step, StepState.FAILED, e instanceof ArgusException known ? known.sentence() : String.valueOf(e));
            throw e;
        }
    }

    /** A step behind the commit point: its failure is recorded, and the deployment has succeeded all the same. */
    private void afterwards(StepName step, Supplier<@Nullable String> work) {
        begin(step);
        try {
            String detail = work.get();
            end(step, detail == null ? StepState.SKIPPED : StepState.SUCCEEDED, detail);
        } catch (RuntimeException e) {
            log.error("step {} of deployment {} failed", step.word(), deployment.id(), e);
            end(step, StepState.FAILED, e instanceof ArgusException known ? known.sentence() : String.valueOf(e));
        }
    }

    private void begin(StepName step) {
        changeStep(step, now -> now.started(clock.instant()));
    }

    private void end(StepName step, StepState how, @Nullable String detail) {
        changeStep(step, now -> now.finished(how, clock.instant(), detail));
    }

    private void skip(String detail, StepName... steps) {
        for (StepName step : steps) {
            end(step, StepState.SKIPPED, detail);
        }
    }

    private void changeStep(StepName step, java.util.function.UnaryOperator<Step> change) {
        deployment = deployment.withStep(step, change);
        progress.changed(deployment, deployment.step(step));
    }

    private void finish(Outcome outcome, @Nullable String cause) {
        deployment = deployment.finished(outcome, cause, clock.instant());
        progress.changed(deployment, null);
    }

    // asking others

    private <R> R ask(Command<R> command) {
        return waits.await(
                bus.request(command).toCompletionStage().toCompletableFuture(),
                command.deadline().plusSeconds(1),
                command.getClass().getSimpleName());
    }

    /** Asks without letting a cancellation interfere. */
    private <R> R patiently(Command<R> command) {
        return patience.await(
                bus.request(command).toCompletionStage().toCompletableFuture(),
                command.deadline().plusSeconds(1),
                command.getClass().getSimpleName());
    }

    private void write(Statement statement) {
        Duration atMost = Duration.ofSeconds(30);
        waits.await(
                bus.request(StoreCommand.Write.of(statement))
                        .toCompletionStage()
                        .toCompletableFuture(),
                atMost,
                "the store");
    }
}
