package dev.argus.deploy;

import org.jspecify.annotations.Nullable;

/** What became of a deployment that was cut off together with its Argus. Pure. */
record CutOff(Outcome outcome, String cause) {

    /**
     * Judges by what is so, and only where that does not tell by the steps, which may have been recorded less far than they went.
     *
     * @param live the release that is live now
     * @param built whether the release of the deployment is recorded
     */
    static CutOff of(Deployment deployment, @Nullable Integer live, boolean built) {
        String where = "Argus was stopped " + where(deployment);
        Integer release = deployment.release();
        boolean switched = deployment.step(StepName.SWITCH).state() == StepState.SUCCEEDED;
        return switch (deployment.kind()) {
            case BUILD ->
                built && release != null
                        ? new CutOff(Outcome.SUCCEEDED, where + ", when release " + release + " was built already.")
                        : new CutOff(Outcome.ABORTED, where + ", before the release was built; build it again.");
            case SCALE ->
                switched
                        ? new CutOff(Outcome.SUCCEEDED, where + ", when the number of instances was changed already.")
                        : new CutOff(Outcome.ABORTED, where + ", before the number of instances was changed.");
            case DEPLOY, ROLLBACK -> {
                if (release != null && release.equals(live)) {
                    yield new CutOff(
                            Outcome.SUCCEEDED, where + ", when release " + release + " was live already; it serves.");
                }
                String serves = live == null ? "no release serves yet." : "release " + live + " serves on.";
                yield switched
                        ? new CutOff(Outcome.ROLLED_BACK, where + ", when it went back already; " + serves)
                        : new CutOff(Outcome.ABORTED, where + ", before the new release was live; " + serves);
            }
        };
    }

    private static String where(Deployment deployment) {
        String last = "";
        for (Step step : deployment.steps()) {
            if (step.state() == StepState.RUNNING) {
                return "in step " + step.name().word();
            }
            if (step.state() != StepState.PENDING) {
                last = "after step " + step.name().word();
            }
        }
        return last;
    }
}
