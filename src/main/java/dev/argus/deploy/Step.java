package dev.argus.deploy;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One step of a deployment. */
public record Step(
        StepName name,
        StepState state,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String detail) {

    /** A step that has not begun. */
    public static Step pending(StepName name) {
        return new Step(name, StepState.PENDING, null, null, null);
    }

    Step started(Instant at, @Nullable String newDetail) {
        return new Step(name, StepState.RUNNING, at, null, newDetail);
    }

    Step finished(StepState how, Instant at, @Nullable String newDetail) {
        return new Step(name, how, startedAt, at, newDetail);
    }
}
