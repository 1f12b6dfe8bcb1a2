package dev.argus.history;

import dev.argus.deploy.DeployEvent;
import dev.argus.deploy.Deployment;
import dev.argus.deploy.Outcome;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The entries of deployments. Pure. */
final class Deployments {
    private Deployments() {}

    static Entry begun(Deployment deployment, Instant at) {
        String ref = deployment.ref();
        return new Entry(
                at,
                EntryType.DEPLOYMENT_STARTED,
                deployment.called() + " has begun"
                        + (ref == null || deployment.kind() == Deployment.Kind.ROLLBACK ? "." : ", of " + ref + "."),
                details(deployment));
    }

    /** @param deployment as it is known: how it ended is said by the event */
    static Entry finished(Deployment deployment, DeployEvent.Finished event, Instant at) {
        Map<String, Object> details = details(deployment);
        Outcome outcome = event.outcome();
        details.put("outcome", outcome.word());
        String cause = event.cause();
        if (cause != null) {
            details.put("cause", cause);
        }
        Integer release = event.release();
        if (release != null) {
            details.put("release", release);
        }
        boolean live = outcome == Outcome.SUCCEEDED && release != null && deployment.kind() != Deployment.Kind.BUILD;
        String end = cause != null ? ": " + Changes.sentence(cause) : live ? ", release " + release + " is live." : ".";
        return new Entry(at, EntryType.DEPLOYMENT_FINISHED, deployment.called() + " " + outcome.word() + end, details);
    }

    private static Map<String, Object> details(Deployment deployment) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("deployment", deployment.id());
        details.put("kind", deployment.kind().word());
        details.put("by", deployment.by());
        Integer release = deployment.release();
        if (release != null) {
            details.put("release", release);
        }
        String revision = deployment.revision();
        if (revision != null) {
            details.put("revision", revision);
        }
        return details;
    }
}
