package dev.argus.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows a deployment that was ordered: on its way, and what came of it. */
final class DeploymentOutcome {
    private static final int LOG_LINES = 50;

    private final Session session;
    private final Api api;
    private final String service;
    private final boolean putsIntoService;

    /** @param putsIntoService whether there is a URL at its end; a build alone has none */
    DeploymentOutcome(Session session, Api api, String service, boolean putsIntoService) {
        this.session = session;
        this.api = api;
        this.service = service;
        this.putsIntoService = putsIntoService;
    }

    /**
     * Shows it.
     *
     * @param answer to the order: {@code {"deployment": …}}
     * @return the exit status
     */
    int show(Json answer, boolean waits) {
        Json deployment = answer.at("deployment").isObject() ? answer.at("deployment") : answer;
        String id = deployment.text("id");
        if (!waits || id == null) {
            session.out()
                    .println(
                            session.json()
                                    ? Json.write(answer.plain())
                                    : "Deployment " + session.line(String.valueOf(id)) + " of " + service
                                            + " goes on: argus-client status " + service);
            return ExitStatus.DONE;
        }
        Progress progress = progress();
        DeploymentFollower follower = new DeploymentFollower(api, id, progress, LOG_LINES);
        Runnable interruptible = session.surroundings().terminal().onInterrupt(() -> {
            progress.close();
            session.note("The deployment goes on without you: argus-client " + serverOption() + "status " + service);
        });
        Json finished;
        try {
            finished = follower.follow();
        } finally {
            interruptible.run();
            progress.close();
        }
        return report(finished, follower);
    }

    private Progress progress() {
        if (session.json()) {
            return Progress.QUIET;
        }
        return session.surroundings().terminal().visible()
                ? new LiveProgress(session)
                : new LineProgress(session, session.globals().verbose);
    }

    private String serverOption() {
        String server = session.globals().server;
        return server == null ? "" : "--server " + server + " ";
    }

    private int report(Json finished, DeploymentFollower follower) {
        if (session.json()) {
            session.out().println(Json.write(finished.plain()));
        }
        if (finished.text("outcome", "").equals("succeeded") || DeploymentFollower.bakingSince(finished) != null) {
            if (!session.json()) {
                succeeded(finished);
            }
            return ExitStatus.DONE;
        }
        session.note(sentence(finished));
        if (!session.json()) {
            showLog(log(finished, follower.output()));
        }
        return ExitStatus.FAILED;
    }

    private void succeeded(Json finished) {
        String baking = DeploymentFollower.bakingSince(finished);
        Long millis = Units.between(finished.text("createdAt"), baking == null ? finished.text("finishedAt") : baking);
        String release = finished.text("release");
        session.out()
                .println((putsIntoService ? "Deployed " : "Built ") + service
                        + (release == null ? "" : ", release " + session.line(release))
                        + (millis == null ? "" : ", in " + Units.duration(millis)) + ".");
        if (putsIntoService) {
            String url = api.read(Api.service(service)).text("url");
            if (url != null) {
                session.out().println(session.line(url));
            }
            if (baking != null) {
                session.note("The release before stays ready for a while, should this one fail: argus-client status "
                        + service);
            }
        }
    }

    private String sentence(Json finished) {
        String outcome = finished.text("outcome", "failed");
        String cause = finished.text("cause", "its cause is not known");
        String phase = failedPhase(finished);
        String what = switch (outcome) {
            case "cancelled" -> "was cancelled";
            case "aborted" -> "was aborted";
            case "superseded" -> "was superseded by a newer one";
            case "rolled-back" -> "was rolled back";
            default -> "failed";
        };
        return "The deployment of " + service + " " + what + (phase == null ? "" : " in " + phase) + ": " + cause;
    }

    private static @Nullable String failedPhase(Json finished) {
        for (Json step : finished.at("steps").items()) {
            if (step.text("state", "").equals("failed")) {
                return step.text("name");
            }
        }
        return null;
    }

    /** What its build and its instances said last, which the server keeps for a while. */
    private List<String> log(Json finished, List<String> output) {
        List<String> lines = new ArrayList<>();
        try {
            String path = "/deployments/" + Api.segment(finished.text("id", "")) + "/log?tail=" + LOG_LINES;
            for (Json line : api.read(path).at("lines").items()) {
                lines.add(line.text("text", ""));
            }
        } catch (ClientFailure e) {
            if (output.isEmpty()) {
                session.note("The log of the deployment is not to be had: " + e.sentence());
            }
        }
        return lines.isEmpty() ? output : lines;
    }

    private void showLog(List<String> log) {
        var err = session.surroundings().err();
        if (!log.isEmpty()) {
            err.println("The end of the log:");
        }
        for (String line : log) {
            err.println("  " + session.withoutSecrets(session.text(line)));
        }
    }
}
