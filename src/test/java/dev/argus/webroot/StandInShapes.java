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
            List.of("checkout", "build", "start", "verify", "switch", "drain", "bake", "stop", "prune");

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
                .put("traffic", "active")
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

    /** The figures of a service over the last hour. */
    static JsonObject hour(String name) {
        var cpu = new JsonArray();
        var memory = new JsonArray();
        for (int i = 0; i < 30; i++) {
            cpu.add(i < 4 ? null : 1 + 3 * Math.abs(Math.sin(i / 3.0)));
            memory.add(i < 4 ? null : 14_000_000 + 90_000 * i);
        }
        return new JsonObject()
                .put("name", name)
                .put("restarts24h", 3)
                .put("cpu", cpu)
                .put("memory", memory)
                .put("requests", 12.5)
                .put("errors", 0.0)
                .put("probe", 1.4);
    }

    /** The figures of a service over a longer time. */
    static JsonObject metrics() {
        JsonObject all = new JsonObject().put("range", "1h").put("step", 15).put("from", before(Duration.ofHours(1)));
        for (String key : List.of("cpu", "memory", "probe", "requests", "errors")) {
            double size = key.equals("memory") ? 15_000_000 : key.equals("errors") ? 0.4 : 12;
            var values = new JsonArray();
            for (int i = 0; i < 240; i++) {
                values.add(i < 20 || (i > 100 && i < 110) ? null : size * (1 + Math.sin(i / 17.0) / 2));
            }
            all.put(key, values);
        }
        return all;
    }

    /** The releases of a service, the newest of which is live. */
    static JsonArray releases() {
        return new JsonArray()
                .add(release(12, "live", "Answer faster"))
                .add(release(11, "kept", "Say hello <b>to all</b>"))
                .add(release(9, "kept", "First"));
    }

    private static JsonObject release(int number, String state, String subject) {
        return new JsonObject()
                .put("number", number)
                .put("revision", REVISION)
                .put("subject", subject)
                .put("by", "olga")
                .put("builtAt", before(Duration.ofHours(3L * (13 - number))))
                .put("state", state)
                .put("live", state.equals("live"));
    }

    /** An entry of a timeline. */
    static JsonObject entry(String type, String text) {
        return new JsonObject()
                .put("at", Instant.now().toString())
                .put("type", type)
                .put("text", text);
    }

    /** An incident with its evidence, in which a service has written what it should not. */
    static JsonObject incident(String id) {
        var process = new JsonObject()
                .put("pid", 4321)
                .put("parent", 1)
                .put("command", "/srv/billing --config <b>x</b>")
                .put("state", "sleeping")
                .put("threads", 12)
                .put("doing", "waits in futex")
                .put("stack", new JsonArray())
                .put("rssBytes", 41_000_000)
                .put("openFiles", 31)
                .put("mostFiles", 1024)
                .put("allSockets", 1)
                .put(
                        "sockets",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("protocol", "tcp")
                                        .put("state", "established")
                                        .put("local", "127.0.0.1:20001")
                                        .put("remote", "127.0.0.1:5432")
                                        .put("receiveQueue", 0)
                                        .put("sendQueue", 512)));
        return new JsonObject()
                .put("id", id)
                .put("at", before(Duration.ofMinutes(2)))
                .put("kind", "unhealthy")
                .put("instance", "billing-1")
                .put("release", 12)
                .put("reason", "3 of 3 probes had no answer within 2 s")
                .put("lastWords", "panic: <img src=x onerror=alert(1)>\u202e")
                .put(
                        "findings",
                        new JsonArray().add("512 B wait to be sent to 127.0.0.1:5432, which does not take them."))
                .put(
                        "evidence",
                        new JsonObject()
                                .put("pid", 4321)
                                .put(
                                        "probes",
                                        new JsonArray()
                                                .add(new JsonObject()
                                                        .put("at", before(Duration.ofMinutes(2)))
                                                        .put("tookMillis", 2000)
                                                        .put("failure", "no answer within 2 s")))
                                .put("processes", new JsonArray().add(process))
                                .put(
                                        "log",
                                        new JsonArray().add("asking the ledger").add("\u001b[2Jstill asking"))
                                .put(
                                        "dump",
                                        new JsonArray()
                                                .add("goroutine 1 [IO wait]:")
                                                .add("net.(*conn).Read"))
                                .put("notes", new JsonArray()));
    }

    private static String before(Duration duration) {
        return Instant.now().minus(duration).toString();
    }

    private StandInShapes() {}
}
