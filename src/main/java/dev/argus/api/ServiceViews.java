package dev.argus.api;

import dev.argus.auth.Actor;
import dev.argus.auth.Role;
import dev.argus.bus.Bus;
import dev.argus.control.ProcessCommand;
import dev.argus.deploy.DeployCommand;
import dev.argus.deploy.Deployment;
import dev.argus.deploy.Release;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.service.Service;
import dev.argus.service.SpecCodec;
import dev.argus.traffic.Share;
import dev.argus.traffic.TrafficCommand;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts together what clients see of services from what the owners of its parts say. */
final class ServiceViews {
    private final Bus bus;
    /** Below which every service has a name of its own. */
    private final String domain;

    ServiceViews(Bus bus, String domain) {
        this.bus = bus;
        this.domain = domain;
    }

    /** The services as they are now, in the given order, as {@code actor} may see them. */
    Future<List<JsonObject>> of(List<Service> services, Actor actor) {
        String only = services.size() == 1 ? services.getFirst().name().value() : null;
        Future<List<Instance>> instances = bus.request(new InstanceCommand.ListInstances(only));
        Future<List<ProcessCommand.Usage>> usages = bus.request(new InstanceCommand.Usages(only));
        Future<Map<String, Deployment>> newest = bus.request(new DeployCommand.Newest());
        Future<Map<String, Map<Integer, Release>>> releases = bus.request(new DeployCommand.AllReleases());
        Future<Map<String, Share>> shares =
                bus.request(new TrafficCommand.Shares()).otherwise(Map.of());
        Future<Integer> proxyPort = bus.request(new TrafficCommand.Port()).otherwise(0);
        return Future.all(List.of(instances, usages, newest, releases, shares, proxyPort))
                .map(all -> {
                    Map<String, ProcessCommand.Usage> usageById = usages.result().stream()
                            .collect(Collectors.toMap(ProcessCommand.Usage::id, Function.identity()));
                    return services.stream()
                            .map(service -> view(
                                    service,
                                    instances.result(),
                                    usageById,
                                    newest.result(),
                                    releases.result(),
                                    shares.result(),
                                    proxyPort.result()))
                            .map(view -> withoutWhatIsNotFor(actor, view))
                            .toList();
                });
    }

    /** Values of the environment may be secret even where nobody has called them so. */
    private static JsonObject withoutWhatIsNotFor(Actor actor, JsonObject view) {
        if (!actor.role().covers(Role.OPERATOR)) {
            view.getJsonObject("spec").remove("env");
        }
        return view;
    }

    /** One service as it is now, as {@code actor} may see it. */
    Future<JsonObject> of(Service service, Actor actor) {
        return of(List.of(service), actor).map(views -> views.getFirst());
    }

    private JsonObject view(
            Service service,
            List<Instance> all,
            Map<String, ProcessCommand.Usage> usages,
            Map<String, Deployment> newest,
            Map<String, Map<Integer, Release>> releases,
            Map<String, Share> shares,
            int proxyPort) {
        String name = service.name().value();
        List<Instance> own =
                all.stream().filter(instance -> instance.service().equals(name)).toList();
        // while a deployment is under way the new release's instances are shown too, and do not decide the status
        ServiceStatus status = ServiceStatus.of(service, own, newest.get(name));
        var instances = new JsonArray();
        own.forEach(instance ->
                instances.add(Json.instance(instance, usages, shares.getOrDefault(instance.id(), Share.OUT))));
        return new JsonObject()
                .put("name", name)
                .put("repository", service.repository())
                .put("ref", service.ref())
                .put("desired", service.desired().word())
                .put("status", status.word())
                .put("reason", status.reason().isEmpty() ? null : status.reason())
                .put("release", release(service, releases.getOrDefault(name, Map.of())))
                .put("instances", instances)
                .put("url", url(service, own, proxyPort).orElse(null))
                .put("notes", notes(own, usages))
                .put("spec", SpecCodec.encode(service.spec()));
    }

    /** What people should know of it, such as limits that are not enforced here; each once. */
    private static JsonArray notes(List<Instance> own, Map<String, ProcessCommand.Usage> usages) {
        return new JsonArray(own.stream()
                .map(instance -> usages.get(instance.id()))
                .filter(usage -> usage != null && !usage.note().isEmpty())
                .map(ProcessCommand.Usage::note)
                .distinct()
                .toList());
    }

    private static @Nullable JsonObject release(Service service, Map<Integer, Release> releases) {
        Release live = service.liveRelease() == null ? null : releases.get(service.liveRelease());
        return live == null
                ? null
                : new JsonObject()
                        .put("number", live.number())
                        .put("revision", live.revision())
                        .put("builtAt", Json.time(live.builtAt()));
    }

    /** By the proxy where it lets visitors in, else straight to the first instance's port. */
    private Optional<String> url(Service service, List<Instance> instances, int proxyPort) {
        return instances.stream()
                .filter(instance -> service.liveRelease() != null && instance.release() == service.liveRelease())
                .filter(instance -> instance.port() != null && instance.wanted())
                .findFirst()
                .map(instance -> proxyPort == 0
                        ? "http://127.0.0.1:" + instance.port()
                        : "http://" + service.name().value() + "." + domain + (proxyPort == 80 ? "" : ":" + proxyPort));
    }
}
