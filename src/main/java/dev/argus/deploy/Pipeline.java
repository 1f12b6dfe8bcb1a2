package dev.argus.deploy;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.config.ServerConfig;
import dev.argus.service.ServiceName;
import java.time.Clock;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One deployment, as straight-line code on a thread of its own. */
final class Pipeline implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

    private final Running running;
    private final Asking asking;
    private final Journal journal;
    private final Shelf shelf;
    private final Making making;
    private final GoingLive goingLive;
    private final Scaling scaling;
    private final ServiceName name;

    /**
     * A deployment that has not begun.
     *
     * @param buildPlaces how many builds may go on at once on this node
     */
    Pipeline(
            Bus bus,
            Clock clock,
            ServerConfig.DeployConfig config,
            Workshop workshop,
            Semaphore buildPlaces,
            Progress progress,
            Checkpoint checkpoint,
            Running running) {
        this.running = running;
        this.name = ServiceName.of(running.deployment.service());
        var waits = new Waits(running.cancel);
        asking = new Asking(bus, waits);
        journal = new Journal(clock, progress, checkpoint, running.deployment);
        shelf = new Shelf(asking, workshop, journal, name);
        making = new Making(asking, clock, config, workshop, buildPlaces, running.cancel, waits, journal, name);
        goingLive = new GoingLive(asking, config, workshop, running, waits, journal, shelf, name);
        scaling = new Scaling(asking, config, running, journal, name);
    }

    @Override
    public void run() {
        try {
            GoingLive.WentBack wentBack = carryOut();
            if (wentBack != null) {
                journal.skip("the former release serves again", StepName.STOP);
            }
            journal.afterwards(StepName.PRUNE, shelf::prune);
            if (wentBack == null) {
                journal.finish(Outcome.SUCCEEDED, null);
            } else {
                journal.finish(wentBack.outcome(), wentBack.cause());
            }
        } catch (LeftBaking e) {
            journal.leave();
        } catch (Cancelled e) {
            journal.finish(Outcome.CANCELLED, String.valueOf(e.getMessage()));
        } catch (ArgusException e) {
            journal.finish(Outcome.FAILED, e.sentence());
        } catch (RuntimeException e) {
            log.error(
                    "deployment {} of {} failed inside Argus",
                    journal.deployment().id(),
                    name.value(),
                    e);
            journal.finish(Outcome.FAILED, "Argus made a mistake (" + e + "); its log has the details.");
        }
    }

    private GoingLive.@org.jspecify.annotations.Nullable WentBack carryOut() {
        Release earlier = running.earlier;
        if (running.instances != null && earlier != null) {
            scaling.run(earlier, running.instances);
            return null;
        }
        if (journal.deployment().kind() == Deployment.Kind.BUILD) {
            making.make();
            running.cancel.commit();
            journal.skip("only a build was asked for", StepName.START, StepName.VERIFY, StepName.SWITCH);
            journal.skip("only a build was asked for", StepName.DRAIN, StepName.BAKE, StepName.STOP);
            return null;
        }
        return goingLive.run(earlier == null ? making.make() : reuse(earlier), earlier == null);
    }

    private Release reuse(Release release) {
        journal.change(deployment -> deployment.withRelease(release.number()).withRevision(release.revision()));
        journal.skip("release " + release.number() + " is kept", StepName.CHECKOUT, StepName.BUILD);
        return release;
    }
}
