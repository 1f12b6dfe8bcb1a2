package dev.argus.deploy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to make a release live.
 *
 * @param repository the address it is fetched from, without credentials
 * @param ref what was asked for; null for the default branch
 * @param revision the commit, once known
 * @param release the number of the release, once there is one
 * @param outcome null while it waits or runs
 * @param cause why it ended as it did, one sentence; null when it succeeded
 */
public record Deployment(
        String id,
        String service,
        Kind kind,
        String repository,
        @Nullable String ref,
        @Nullable String revision,
        @Nullable Integer release,
        String by,
        Instant createdAt,
        @Nullable Instant finishedAt,
        @Nullable Outcome outcome,
        @Nullable String cause,
        List<Step> steps) {

    /** What was asked for. */
    public enum Kind {
        /** Fetch, build, switch. */
        DEPLOY,
        /** Fetch and build only. */
        BUILD,
        /** Switch to an earlier release. */
        ROLLBACK,
        /** Change how many instances run. */
        SCALE;

        /** The word clients see. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private String noun() {
            return switch (this) {
                case DEPLOY -> "Deployment";
                case BUILD -> "Build";
                case ROLLBACK -> "Rollback";
                case SCALE -> "Scaling";
            };
        }
    }

    /** Copies the steps. */
    public Deployment {
        steps = List.copyOf(steps);
    }

    /** Whether its release is in service already and only watched for a while. */
    public boolean isBaking() {
        return isInFlight()
                && steps.stream().anyMatch(step -> step.name() == StepName.BAKE && step.state() == StepState.RUNNING);
    }

    /** How a sentence about it begins: what it is, and who asked for it. */
    public String called() {
        return kind.noun() + " " + id + " by " + by;
    }

    /** Whether it still waits or runs. */
    public boolean isInFlight() {
        return outcome == null;
    }

    /** The step of that name. */
    public Step step(StepName name) {
        return steps.stream().filter(step -> step.name() == name).findFirst().orElseThrow();
    }

    Deployment withRevision(String newRevision) {
        return changed(newRevision, release, finishedAt, outcome, cause, steps);
    }

    Deployment withRelease(@Nullable Integer number) {
        return changed(revision, number, finishedAt, outcome, cause, steps);
    }

    Deployment withStep(StepName name, UnaryOperator<Step> change) {
        List<Step> changed = new ArrayList<>(steps);
        changed.replaceAll(step -> step.name() == name ? change.apply(step) : step);
        return changed(revision, release, finishedAt, outcome, cause, changed);
    }

    Deployment finished(Outcome how, @Nullable String why, Instant at) {
        return changed(revision, release, at, how, why, steps);
    }

    /** What was asked for stays; these are what becomes of it. */
    private Deployment changed(
            @Nullable String revision,
            @Nullable Integer release,
            @Nullable Instant finishedAt,
            @Nullable Outcome outcome,
            @Nullable String cause,
            List<Step> steps) {
        return new Deployment(
                id,
                service,
                kind,
                repository,
                ref,
                revision,
                release,
                by,
                createdAt,
                finishedAt,
                outcome,
                cause,
                steps);
    }
}
