package dev.argus.service;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The form in which the plan of a release is kept in the store. */
public final class RunPlanCodec {

    /** The plan as JSON. */
    public static JsonObject encode(RunPlan plan) {
        ProbeSettings probe = plan.probe();
        return new JsonObject()
                .put("kind", plan.kind())
                .put("build", commands(plan.build()))
                .put("start", command(plan.start()))
                .put("alternativeStarts", commands(plan.alternativeStarts()))
                .put("detaches", plan.detaches())
                .put("stop", plan.stop() == null ? null : command(plan.stop()))
                .put("port", plan.port())
                .put("instances", plan.instances())
                .put(
                        "probe",
                        new JsonObject()
                                .put("path", probe.path())
                                .put("intervalMillis", probe.interval().toMillis())
                                .put("timeoutMillis", probe.timeout().toMillis())
                                .put("failures", probe.failures())
                                .put("graceMillis", probe.grace().toMillis())
                                .put("dump", probe.dump()))
                .put("env", object(plan.env()))
                // hosts, resources and data have the same form as in a specification
                .put(
                        "spec",
                        SpecCodec.encode(new ServiceSpec(
                                null,
                                null,
                                null,
                                null,
                                null,
                                ProbeSpec.NONE,
                                Map.of(),
                                plan.resources(),
                                plan.hosts(),
                                plan.data(),
                                null)))
                .put("stopTimeoutMillis", plan.stopTimeout().toMillis())
                .put("origins", object(plan.origins()));
    }

    /** The plan in what {@link #encode} gave. */
    public static RunPlan decode(JsonObject json) {
        JsonObject probe = json.getJsonObject("probe");
        ServiceSpec spec = SpecCodec.decode(json.getJsonObject("spec"));
        return new RunPlan(
                json.getString("kind"),
                commands(json.getJsonArray("build")),
                Objects.requireNonNull(command(json.getJsonObject("start"))),
                commands(json.getJsonArray("alternativeStarts")),
                json.getBoolean("detaches"),
                command(json.getJsonObject("stop")),
                json.getInteger("port"),
                json.getInteger("instances"),
                new ProbeSettings(
                        probe.getString("path"),
                        Duration.ofMillis(probe.getLong("intervalMillis")),
                        Duration.ofMillis(probe.getLong("timeoutMillis")),
                        probe.getInteger("failures"),
                        Duration.ofMillis(probe.getLong("graceMillis")),
                        // plans of older releases say nothing of it
                        probe.getBoolean("dump", false)),
                map(json.getJsonObject("env")),
                spec.resources(),
                spec.hosts(),
                spec.data(),
                Duration.ofMillis(json.getLong("stopTimeoutMillis")),
                map(json.getJsonObject("origins")));
    }

    private static JsonArray commands(List<CommandLine> commands) {
        var array = new JsonArray();
        commands.forEach(command -> array.add(command(command)));
        return array;
    }

    private static List<CommandLine> commands(JsonArray array) {
        List<CommandLine> commands = new ArrayList<>();
        for (Object item : array) {
            commands.add(Objects.requireNonNull(command((JsonObject) item)));
        }
        return commands;
    }

    private static JsonObject command(CommandLine command) {
        return new JsonObject()
                .put("directory", command.directory())
                .put("environment", object(command.environment()))
                .put("argv", new JsonArray(command.argv()));
    }

    private static @Nullable CommandLine command(@Nullable JsonObject json) {
        return json == null
                ? null
                : new CommandLine(
                        json.getString("directory"),
                        map(json.getJsonObject("environment")),
                        json.getJsonArray("argv").stream().map(Object::toString).toList());
    }

    private static JsonObject object(Map<String, String> map) {
        var object = new JsonObject();
        map.forEach(object::put);
        return object;
    }

    private static Map<String, String> map(JsonObject object) {
        Map<String, String> map = new LinkedHashMap<>();
        object.forEach(entry -> map.put(entry.getKey(), String.valueOf(entry.getValue())));
        return map;
    }

    private RunPlanCodec() {}
}
