package dev.argus.api;

import dev.argus.deploy.Deployment;
import dev.argus.instance.Instance;
import dev.argus.service.Desired;
import dev.argus.service.Service;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a service is as it is, in sentences. Pure. */
final class Explanation {

    static JsonObject of(Service service, JsonObject view, List<Instance> instances, @Nullable Deployment newest) {
        List<String> sentences = new ArrayList<>();
        if (service.desired() == Desired.STOPPED) {
            sentences.add("It was stopped by " + service.changedBy() + " at " + Json.time(service.changedAt())
                    + " and stays so until somebody starts it.");
        }
        instances.forEach(instance -> sentences.add(describe(instance)));
        instances.stream()
                .map(Instance::probeNote)
                .filter(note -> !note.isEmpty())
                .distinct()
                .forEach(sentences::add);
        view.getJsonArray("notes", new JsonArray()).forEach(note -> sentences.add(String.valueOf(note)));
        if (newest != null && newest.cause() != null) {
            sentences.add("Its last deployment, " + newest.id() + " by " + newest.by() + ", ended as "
                    + (newest.outcome() == null
                            ? "nothing yet"
                            : newest.outcome().word()) + ": " + newest.cause());
        }
        if (sentences.isEmpty()) {
            sentences.add("It has no release yet and nothing was deployed since Argus knows it.");
        }
        return new JsonObject()
                .put("service", view.getString("name"))
                .put("status", view.getString("status"))
                .put("reason", view.getString("reason"))
                .put("details", ServiceRoutes.sentences(sentences));
    }

    private static String describe(Instance instance) {
        var text = new StringBuilder("Instance " + instance.id() + " of release " + instance.release() + " is "
                + instance.state().word() + " and its health is "
                + instance.health().word());
        if (instance.pid() != null) {
            text.append(", pid ").append(instance.pid());
        }
        if (instance.port() != null) {
            text.append(", port ").append(instance.port());
        }
        text.append(", ").append(instance.restarts()).append(instance.restarts() == 1 ? " restart" : " restarts");
        if (!instance.reason().isEmpty()) {
            text.append("; ").append(instance.reason());
        }
        return text.charAt(text.length() - 1) == '.'
                ? text.toString()
                : text.append('.').toString();
    }

    private Explanation() {}
}
