package dev.argus.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CutOffTest {
    private static Deployment reached(Deployment.Kind kind, StepName running, @Nullable Integer release) {
        return new Deployment(
                "d1",
                "shop",
                kind,
                "file:///shop",
                null,
                null,
                release,
                "ann",
                Instant.EPOCH,
                null,
                null,
                null,
                Arrays.stream(StepName.values())
                        .map(name -> {
                            int order = name.compareTo(running);
                            Step step = Step.pending(name);
                            return order > 0
                                    ? step
                                    : order == 0
                                            ? step.started(Instant.EPOCH, null)
                                            : step.finished(StepState.SUCCEEDED, Instant.EPOCH, null);
                        })
                        .toList());
    }

    @Test
    void beforeTheReleaseIsLiveItIsAbortedAndWhatServesIsNamed() {
        assertThat(CutOff.of(reached(Deployment.Kind.DEPLOY, StepName.VERIFY, 3), 2, true))
                .isEqualTo(new CutOff(
                        Outcome.ABORTED,
                        "Argus was stopped in step verify, before the new release was live; release 2 serves on."));
        assertThat(CutOff.of(reached(Deployment.Kind.DEPLOY, StepName.BUILD, 1), null, false)
                        .cause())
                .endsWith("no release serves yet.");
    }

    @Test
    void aLiveReleaseHasSucceededHoweverFarTheRecordIs() {
        assertThat(CutOff.of(reached(Deployment.Kind.DEPLOY, StepName.SWITCH, 3), 3, true))
                .isEqualTo(new CutOff(
                        Outcome.SUCCEEDED,
                        "Argus was stopped in step switch, when release 3 was live already; it serves."));
    }

    @Test
    void whatWentBackAlreadyIsRolledBack() {
        assertThat(CutOff.of(reached(Deployment.Kind.DEPLOY, StepName.BAKE, 3), 2, true))
                .isEqualTo(new CutOff(
                        Outcome.ROLLED_BACK,
                        "Argus was stopped in step bake, when it went back already; release 2 serves on."));
    }

    @Test
    void aBuildIsJudgedByItsRelease() {
        assertThat(CutOff.of(reached(Deployment.Kind.BUILD, StepName.PRUNE, 3), 2, true)
                        .outcome())
                .isEqualTo(Outcome.SUCCEEDED);
        assertThat(CutOff.of(reached(Deployment.Kind.BUILD, StepName.BUILD, 3), 2, false)
                        .outcome())
                .isEqualTo(Outcome.ABORTED);
    }

    @Test
    void whateverIsCutOffHasAnOutcomeAndOneSentence() {
        var random = new SplittableRandom(20261123);
        for (int i = 0; i < 2_000; i++) {
            Integer release = random.nextInt(4) == 0 ? null : random.nextInt(1, 4);
            Integer live = random.nextInt(4) == 0 ? null : random.nextInt(1, 4);
            Deployment.Kind[] kinds = Deployment.Kind.values();
            StepName[] steps = StepName.values();
            var cutOff = CutOff.of(
                    reached(kinds[random.nextInt(kinds.length)], steps[random.nextInt(steps.length)], release),
                    live,
                    random.nextBoolean());
            assertThat(cutOff.outcome()).isIn(Outcome.SUCCEEDED, Outcome.ABORTED, Outcome.ROLLED_BACK);
            assertThat(cutOff.cause()).matches("Argus was stopped [^.\\n]+\\.").doesNotContain("null");
        }
    }
}
