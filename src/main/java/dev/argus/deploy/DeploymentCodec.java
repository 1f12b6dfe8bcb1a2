package dev.argus.deploy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A deployment as the contract shows it, which is also how it is kept in the store. */
public final class DeploymentCodec {

    /** The deployment as JSON. */
    public static JsonObject encode(Deployment deployment) {
        var steps = new JsonArray();
        deployment.steps().forEach(step -> steps.add(encode(step)));
        Outcome outcome = deployment.outcome();
        return new JsonObject()
                .put("id", deployment.id())
                .put("service", deployment.service())
                .put("kind", deployment.kind().word())
                .put("repository", deployment.repository())
                .put("ref", deployment.ref())
                .put("revision", deployment.revision())
                .put("release", deployment.release())
                .put("by", deployment.by())
                .put("createdAt", time(deployment.createdAt()))
                .put("finishedAt", time(deployment.finishedAt()))
                .put("outcome", outcome == null ? null : outcome.word())
                .put("cause", deployment.cause())
                .put("steps", steps);
    }

    private static JsonObject encode(Step step) {
        return new JsonObject()
                .put("name", step.name().word())
                .put("state", step.state().word())
                .put("startedAt", time(step.startedAt()))
                .put("finishedAt", time(step.finishedAt()))
                .put("detail", step.detail());
    }

    /** The deployment in what {@link #encode} gave. */
    static Deployment decode(JsonObject json) {
        List<Step> steps = new ArrayList<>();
        for (Object item : json.getJsonArray("steps")) {
            steps.add(step((JsonObject) item));
        }
        String outcome = json.getString("outcome");
        return new Deployment(
                json.getString("id"),
                json.getString("service"),
                Deployment.Kind.valueOf(json.getString("kind").toUpperCase(Locale.ROOT)),
                json.getString("repository"),
                json.getString("ref"),
                json.getString("revision"),
                json.getInteger("release"),
                json.getString("by"),
                Instant.parse(json.getString("createdAt")),
                instant(json.getString("finishedAt")),
                outcome == null ? null : Outcome.of(outcome),
                json.getString("cause"),
                steps);
    }

    private static Step step(JsonObject json) {
        return new Step(
                StepName.valueOf(json.getString("name").toUpperCase(Locale.ROOT)),
                StepState.valueOf(json.getString("state").toUpperCase(Locale.ROOT)),
                instant(json.getString("startedAt")),
                instant(json.getString("finishedAt")),
                json.getString("detail"));
    }

    private static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }

    private DeploymentCodec() {}
}
