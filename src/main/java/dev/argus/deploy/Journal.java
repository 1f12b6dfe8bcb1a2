package dev.argus.deploy;

import dev.argus.bus.ArgusException;
import java.time.Clock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the record of one deployment while it goes on, and tells of each change. Used by the deployment's thread alone. */
final class Journal {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);

    private final Clock clock;
    private final Progress progress;
    private final Checkpoint checkpoint;
    private Deployment deployment;

    Journal(Clock clock, Progress progress, Checkpoint checkpoint, Deployment deployment) {
        this.clock = clock;
        this.progress = progress;
        this.checkpoint = checkpoint;
        this.deployment = deployment;
    }

    Deployment deployment() {
        return deployment;
    }

    Progress progress() {
        return progress;
    }

    void output(String line) {
        progress.output(deployment, line);
    }

    void change(UnaryOperator<Deployment> change) {
        deployment = change.apply(deployment);
    }

    /** The deployment stands there now. */
    void pass(StepName step, Checkpoint.Moment moment) {
        checkpoint.pass(step, moment);
    }

    /** Does a step before the commit point: its failure is that of the deployment. */
    <T> T step(StepName step, Supplier<T> work, Function<T, String> words) {
        begin(step, null);
        T result;
        try {
            pass(step, Checkpoint.Moment.BEGUN);
            result = work.get();
        } catch (Cancelled e) {
            end(step, StepState.CANCELLED, e.getMessage());
            throw e;
        } catch (RuntimeException e) {
            end(step, StepState.FAILED, words(e));
            throw e;
        }
        end(step, StepState.SUCCEEDED, words.apply(result));
        pass(step, Checkpoint.Moment.ENDED);
        return result;
    }

    /**
     * Does a step behind the commit point: its failure is recorded, and the deployment has succeeded all the same.
     *
     * @param work gives what was done, in words; null when there was nothing to do
     * @throws Cancelled when it was cancelled in it
     */
    void afterwards(StepName step, Supplier<@Nullable String> work) {
        begin(step, null);
        try {
            pass(step, Checkpoint.Moment.BEGUN);
            String detail = work.get();
            end(step, detail == null ? StepState.SKIPPED : StepState.SUCCEEDED, detail);
        } catch (Cancelled e) {
            end(step, StepState.CANCELLED, e.getMessage());
            throw e;
        } catch (RuntimeException e) {
            log.error("step {} of deployment {} failed", step.word(), deployment.id(), e);
            end(step, StepState.FAILED, words(e));
        }
        pass(step, Checkpoint.Moment.ENDED);
    }

    static String words(RuntimeException failure) {
        return failure instanceof ArgusException known ? known.sentence() : String.valueOf(failure);
    }

    void begin(StepName step, @Nullable String detail) {
        changeStep(step, now -> now.started(clock.instant(), detail));
    }

    void end(StepName step, StepState how, @Nullable String detail) {
        changeStep(step, now -> now.finished(how, clock.instant(), detail));
    }

    void skip(String detail, StepName... steps) {
        for (StepName step : steps) {
            end(step, StepState.SKIPPED, detail);
        }
    }

    private void changeStep(StepName step, UnaryOperator<Step> change) {
        deployment = deployment.withStep(step, change);
        progress.changed(deployment, deployment.step(step));
    }

    /** The record stays as it is, for the next Argus. */
    void leave() {
        log.info("deployment {} goes on when Argus is started again", deployment.id());
        progress.left();
    }

    void finish(Outcome outcome, @Nullable String cause) {
        deployment = deployment.finished(outcome, cause, clock.instant());
        progress.changed(deployment, null);
    }
}
