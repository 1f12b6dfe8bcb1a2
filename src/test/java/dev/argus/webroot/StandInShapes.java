package dev.argus.webroot;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** JSON of the shapes of the REST API, with ordinary values. */
final class StandInShapes {
    static final String REVISION = "4f1c9a7be02d5d6f3a1b8c7d9e0f1a2b3c4d5e6f";
    private static final List<String> STEPS =
            List.of("checkout", "build", "start", "verify", "switch", "drain", "stop", "prune");

    /** A service that runs as it should. */
    static JsonObject running(String name) {
        return new JsonObject()
                .put("name", name)
                .put("repository", "https://git.example.com/team/" + name + ".git")
                .put("ref", "main")
                .put("desired", "running")
                .put("status", "running")
                .put("reason", null)
                .put(
                        "release",
                        new JsonObject()
                                .put("number", 12)
                                .put("revision", REVISION)
                                .put("builtAt", before(Duration.ofHours(3))))
                .put("instances", new JsonArray().add(instance(name + "-1", 4321, 20001)))
                .put("url", "http://127.0.0.1:20001")
                .put("spec", new JsonObject());
    }

    /** A healthy instance. */
    static JsonObject instance(String id, int pid, int port) {
        return new JsonObject()
                .put("id", id)
                .put("release", 12)
                .put("pid", pid)
                .put("port", port)
                .put("state", "running")
                .put("health", "healthy")
                .put("restarts", 0)
                .put("startedAt", before(Duration.ofMinutes(185)))
                .put("cpuPercent", 1.2)
                .put("rssBytes", 14_900_000)
                .put("reason", null);
    }

    /** A service that was just configured by a deploy request. */
    static JsonObject newService(String name, JsonObject request) {
        JsonObject spec = request.copy();
        spec.remove("repository");
        spec.remove("ref");
        return running(name)
                .put("repository", request.getString("repository"))
                .put("ref", request.getString("ref"))
                .put("release", null)
                .put("url", null)
                .put("instances", new JsonArray())
                .put("spec", spec);
    }

    /** Turns it into one that begins to run. */
    static void starting(JsonObject service) {
        service.put("desired", "running").put("status", "starting").put("reason", null);
    }

    /** Turns it into one that somebody has stopped. */
    static void stopped(JsonObject service, String by) {
        service.put("desired", "stopped").put("status", "stopped").put("reason", "Stopped by " + by + ".");
        service.put("url", null).put("instances", new JsonArray());
    }

    /** A deployment that has just begun. */
    static JsonObject deployment(String id, JsonObject service, String by) {
        var steps = new JsonArray();
        for (String step : STEPS) {
            steps.add(new JsonObject()
                    .put("name", step)
                    .put("state", "pending")
                    .put("startedAt", null)
                    .put("finishedAt", null)
                    .put("detail", null));
        }
        return new JsonObject()
                .put("id", id)
                .put("service", service.getString("name"))
                .put("kind", "deploy")
                .put("repository", service.getString("repository"))
                .put("ref", service.getString("ref"))
                .put("revision", null)
                .put("release", null)
                .put("by", by)
                .put("createdAt", Instant.now().toString())
                .put("finishedAt", null)
                .put("outcome", null)
                .put("cause", null)
                .put("steps", steps);
    }

    /** The figures of a machine. */
    static JsonObject node(int services) {
        return new JsonObject()
                .put("node", "app1.example.com")
                .put("version", "0.1.0")
                .put("cpus", 4)
                .put("load1", 0.42)
                .put("cpuFree", 3.1)
                .put("memoryTotal", 16_700_000_000L)
                .put("memoryAvailable", 9_400_000_000L)
                .put("diskTotal", 210_000_000_000L)
                .put("diskAvailable", 14_000_000_000L)
                .put("services", services)
                .put("instances", services);
    }

    private static String before(Duration duration) {
        return Instant.now().minus(duration).toString();
    }

    private StandInShapes() {}
}
