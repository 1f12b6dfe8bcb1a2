package dev.argus.api;

import dev.argus.auth.Actor;
import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.config.ServerConfig;
import dev.argus.deploy.DeployCommand;
import dev.argus.deploy.Deployment;
import dev.argus.deploy.DeploymentCodec;
import dev.argus.instance.InstanceCommand;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Desired;
import dev.argus.service.GitRef;
import dev.argus.service.InvalidValue;
import dev.argus.service.RepositoryUrl;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import dev.argus.service.ServiceSpec;
import dev.argus.service.SpecCodec;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The operations on services. */
final class ServiceRoutes {
    /** Among which the last one of a release is looked for. */
    private static final int MOST_DEPLOYMENTS = 100;

    private final Bus bus;
    private final ServiceViews views;
    private final Set<String> gitProtocols;

    ServiceRoutes(Bus bus, ServerConfig config) {
        this.bus = bus;
        this.views = new ServiceViews(bus, config.proxy().domain());
        this.gitProtocols = Set.copyOf(config.gitProtocols());
    }

    void bind(Operations operations) {
        operations.on("listServices", this::list);
        operations.on("getService", context -> find(context).compose(service -> show(context, 200, service)));
        operations.on("undeploy", this::undeploy);
        operations.on("deploy", this::deploy);
        operations.on(
                "build",
                context -> find(context)
                        .compose(service -> bus.request(new DeployCommand.Build(service.name(), Gate.actor(context))))
                        .compose(deployment -> accepted(context, deployment)));
        operations.on("rollback", this::rollback);
        operations.on("scale", this::scale);
        operations.on("start", this::start);
        operations.on("stop", this::stop);
        operations.on("restart", this::restart);
        operations.on("listReleases", this::releases);
        operations.on("getEnv", context -> find(context).compose(service -> environment(context, service)));
        operations.on("patchEnv", this::patchEnv);
        operations.on("listSecrets", this::listSecrets);
        operations.on("putSecret", this::putSecret);
        operations.on("deleteSecret", this::deleteSecret);
    }

    // looking

    private Future<?> list(RoutingContext context) {
        Actor actor = Gate.actor(context);
        return bus.request(new CatalogCommand.ListServices())
                .map(all -> all.stream()
                        .filter(service -> actor.maySee(service.name().value()))
                        .toList())
                .compose(services -> views.of(services, actor))
                .compose(services -> Answers.json(context, 200, Json.array(services)));
    }

    private Future<?> show(RoutingContext context, int status, Service service) {
        return views.of(service, Gate.actor(context)).compose(view -> Answers.json(context, status, view));
    }

    private Future<?> releases(RoutingContext context) {
        return find(context).compose(service -> {
            String name = service.name().value();
            var releases = bus.request(new DeployCommand.ListReleases(service.name()));
            var instances = bus.request(new InstanceCommand.ListInstances(name));
            var deployments = bus.request(new DeployCommand.ListDeployments(Set.of(name), MOST_DEPLOYMENTS));
            return Future.all(releases, instances, deployments)
                    .compose(all -> Answers.json(
                            context,
                            200,
                            Json.array(releases.result().stream()
                                    .map(release -> Json.release(
                                            release,
                                            ReleaseState.of(
                                                    release, service, instances.result(), deployments.result())))
                                    .toList())));
        });
    }

    // deploying

    private Future<?> deploy(RoutingContext context) {
        ServiceName name = name(context);
        Actor actor = Gate.actor(context);
        JsonObject body = Answers.body(context);
        RepositoryUrl repository = repository(body);
        String ref = ref(body);
        ServiceSpec spec = spec(body);
        return bus.request(new DeployCommand.Admit(name))
                .compose(room -> bus.request(new CatalogCommand.Configure(name, repository, ref, spec, actor.name())))
                .compose(service -> bus.request(new DeployCommand.Deploy(service.name(), actor)))
                .compose(deployment -> accepted(context, deployment));
    }

    private @Nullable RepositoryUrl repository(JsonObject body) {
        String text = body.getString("repository");
        return text == null ? null : checked(() -> RepositoryUrl.of(text, gitProtocols));
    }

    private static @Nullable String ref(JsonObject body) {
        String text = body.getString("ref");
        if (text == null) {
            return null;
        }
        checked(() -> GitRef.of(text));
        return text;
    }

    private static ServiceSpec spec(JsonObject body) {
        JsonObject spec = body.copy();
        spec.remove("repository");
        spec.remove("ref");
        return checked(() -> SpecCodec.decode(spec));
    }

    private static <T> T checked(java.util.function.Supplier<T> parse) {
        try {
            return parse.get();
        } catch (InvalidValue e) {
            throw ArgusException.invalid(e.field(), String.valueOf(e.getMessage()));
        }
    }

    private Future<?> rollback(RoutingContext context) {
        Integer release = Answers.body(context).getInteger("release");
        return find(context)
                .compose(service ->
                        bus.request(new DeployCommand.Rollback(service.name(), release, Gate.actor(context))))
                .compose(deployment -> accepted(context, deployment));
    }

    private Future<?> scale(RoutingContext context) {
        int instances = Answers.body(context).getInteger("instances");
        return find(context)
                .compose(
                        service -> bus.request(new DeployCommand.Scale(service.name(), instances, Gate.actor(context))))
                .compose(deployment -> accepted(context, deployment));
    }

    private static Future<?> accepted(RoutingContext context, Deployment deployment) {
        context.response().putHeader("Location", "/api/v1/deployments/" + deployment.id());
        return Answers.json(context, 202, new JsonObject().put("deployment", DeploymentCodec.encode(deployment)));
    }

    private Future<?> undeploy(RoutingContext context) {
        boolean keepData = "true".equals(context.request().getParam("keepData"));
        return find(context)
                .compose(service -> bus.request(
                                new DeployCommand.Undeploy(service.name(), keepData, Gate.actor(context)))
                        .compose(done -> Answers.json(
                                context,
                                200,
                                new JsonObject()
                                        .put("service", service.name().value())
                                        .put("removed", true)
                                        .put("dataKept", keepData))));
    }

    // running

    private Future<?> start(RoutingContext context) {
        return find(context)
                .compose(ServiceRoutes::requireRelease)
                .compose(service -> want(service, Desired.RUNNING, context))
                .compose(service -> bus.request(new InstanceCommand.Start(service.name()))
                        .compose(done -> show(context, 202, service)));
    }

    private Future<?> stop(RoutingContext context) {
        return find(context)
                .compose(service -> bus.request(new DeployCommand.CancelAll(service.name(), Gate.actor(context)))
                        .map(done -> service))
                .compose(service -> want(service, Desired.STOPPED, context))
                .compose(service -> stopInstances(service, who(context)))
                .compose(service -> show(context, 202, service));
    }

    private Future<Service> stopInstances(Service service, String by) {
        return service.liveRelease() == null
                ? Future.succeededFuture(service)
                : bus.request(new InstanceCommand.Stop(service.name(), "stopped by " + by))
                        .map(service);
    }

    private Future<?> restart(RoutingContext context) {
        return find(context)
                .compose(ServiceRoutes::requireRelease)
                .compose(service -> want(service, Desired.RUNNING, context))
                .compose(service -> bus.request(new DeployCommand.Restart(service.name(), Gate.actor(context)))
                        .compose(done -> show(context, 202, service)));
    }

    private static Future<Service> requireRelease(Service service) {
        return service.liveRelease() == null
                ? Future.failedFuture(ArgusException.conflict(
                        "The service " + service.name().value() + " has no release that could run; deploy it first."))
                : Future.succeededFuture(service);
    }

    private Future<Service> want(Service service, Desired desired, RoutingContext context) {
        return bus.request(new CatalogCommand.Want(service.name(), desired, false, who(context)));
    }

    // environment

    private static Future<?> environment(RoutingContext context, Service service) {
        var env = new JsonObject();
        new TreeMap<>(service.spec().env()).forEach(env::put);
        return Answers.json(context, 200, env);
    }

    private Future<?> patchEnv(RoutingContext context) {
        Map<String, Optional<String>> changes = new HashMap<>();
        for (var entry : Answers.body(context)) {
            requireVariable(entry.getKey(), (String) entry.getValue());
            changes.put(entry.getKey(), Optional.ofNullable((String) entry.getValue()));
        }
        return find(context)
                .compose(service -> bus.request(new CatalogCommand.PatchEnv(service.name(), changes, who(context))))
                .compose(service -> settled(service.name()).compose(done -> environment(context, service)));
    }

    private Future<?> listSecrets(RoutingContext context) {
        return bus.request(new CatalogCommand.ListSecrets(name(context)))
                .compose(names -> Answers.json(context, 200, new JsonArray(names)));
    }

    private Future<?> putSecret(RoutingContext context) {
        return secret(context, Optional.of(Answers.body(context).getString("value")));
    }

    private Future<?> deleteSecret(RoutingContext context) {
        return secret(context, Optional.empty());
    }

    private Future<?> secret(RoutingContext context, Optional<String> value) {
        String key = Operations.path(context, "key");
        requireVariable(key, value.orElse(null));
        return find(context)
                .compose(service -> bus.request(new CatalogCommand.SetSecret(service.name(), key, value, who(context)))
                        .compose(done -> settled(service.name())))
                .compose(done -> Answers.empty(context));
    }

    /** Whoever has changed the environment may count on it for every start from now on; the change stands in any case. */
    private Future<Done> settled(ServiceName service) {
        return bus.request(new InstanceCommand.SettleEnvironment(service)).otherwise(Done.DONE);
    }

    private static void requireVariable(String name, @Nullable String value) {
        checked(() -> {
            SpecCodec.checkVariable(name, value == null ? "" : value);
            return name;
        });
    }

    // common

    private Future<Service> find(RoutingContext context) {
        return bus.request(new CatalogCommand.Find(name(context)));
    }

    private static ServiceName name(RoutingContext context) {
        return checked(() -> ServiceName.of(Operations.path(context, "name")));
    }

    private static String who(RoutingContext context) {
        return Gate.actor(context).name();
    }
}
