package dev.argus.api;

import dev.argus.auth.TokenRecord;
import dev.argus.auth.UserRecord;
import dev.argus.control.ProcessCommand;
import dev.argus.deploy.Release;
import dev.argus.instance.Instance;
import dev.argus.node.NodeStats;
import dev.argus.traffic.Share;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How things look in answers; the names are those of the contract. */
final class Json {

    /** A release; {@code state} is what becomes of it now. */
    static JsonObject release(Release release, ReleaseState state) {
        return new JsonObject()
                .put("number", release.number())
                .put("revision", release.revision())
                .put("subject", release.subject())
                .put("by", release.by().isEmpty() ? null : release.by())
                .put("builtAt", time(release.builtAt()))
                .put("state", state.word())
                .put("live", state == ReleaseState.LIVE);
    }

    static JsonObject instance(Instance instance, Map<String, ProcessCommand.Usage> usages, Share share) {
        ProcessCommand.Usage usage = usages.get(instance.id());
        return new JsonObject()
                .put("id", instance.id())
                .put("release", instance.release())
                .put("pid", instance.pid())
                .put("port", instance.port())
                .put("state", instance.state().word())
                .put("health", instance.health().word())
                .put("traffic", share.word())
                .put("restarts", instance.restarts())
                .put("startedAt", time(instance.startedAt()))
                .put("cpuPercent", usage == null ? 0.0 : Math.round(usage.cpuPercent() * 10) / 10.0)
                .put("rssBytes", usage == null ? 0L : usage.rssBytes())
                .put("reason", instance.reason().isEmpty() ? null : instance.reason());
    }

    static JsonObject node(NodeStats stats, String version, int services, int instances) {
        return new JsonObject()
                .put("node", stats.node())
                .put("version", version)
                .put("cpus", stats.cpus())
                .put("load1", stats.load1())
                .put("cpuFree", Math.round(stats.cpuFree() * 100) / 100.0)
                .put("memoryTotal", stats.memoryTotal())
                .put("memoryAvailable", stats.memoryAvailable())
                .put("diskTotal", stats.diskTotal())
                .put("diskAvailable", stats.diskAvailable())
                .put("services", services)
                .put("instances", instances);
    }

    static JsonObject token(TokenRecord token) {
        return new JsonObject()
                .put("id", token.id())
                .put("name", token.name())
                .put("role", token.role().word())
                .put("services", names(token.services()))
                .put("createdAt", time(token.createdAt()))
                .put("expiresAt", time(token.expiresAt()))
                .put("lastUsedAt", time(token.lastUsedAt()));
    }

    static JsonObject user(UserRecord user) {
        return new JsonObject()
                .put("name", user.name())
                .put("role", user.role().word())
                .put("services", names(user.services()))
                .put("createdAt", time(user.createdAt()));
    }

    static @Nullable JsonArray names(@Nullable Set<String> services) {
        return services == null
                ? null
                : new JsonArray(new TreeSet<>(services).stream().toList());
    }

    static JsonArray array(Collection<JsonObject> items) {
        var array = new JsonArray();
        items.forEach(array::add);
        return array;
    }

    static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private Json() {}
}
