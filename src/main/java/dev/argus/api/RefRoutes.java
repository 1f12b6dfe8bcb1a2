package dev.argus.api;

import dev.argus.auth.Actor;
import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.config.ServerConfig;
import dev.argus.deploy.DeployCommand;
import dev.argus.service.InvalidValue;
import dev.argus.service.RepositoryUrl;
import dev.argus.service.ServiceName;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What can be deployed of a repository, for who is about to. */
final class RefRoutes {
    private final Bus bus;
    private final Set<String> gitProtocols;

    RefRoutes(Bus bus, ServerConfig config) {
        this.bus = bus;
        this.gitProtocols = Set.copyOf(config.gitProtocols());
    }

    void bind(Operations operations) {
        operations.on("listRefs", this::list);
    }

    private Future<?> list(RoutingContext context) {
        JsonObject body = Answers.body(context);
        ServiceName service = service(body, Gate.actor(context));
        return bus.request(new DeployCommand.ListRefs(repository(body), service))
                .compose(refs -> Answers.json(
                        context,
                        200,
                        new JsonObject()
                                .put("default", refs.defaultBranch())
                                .put("branches", new JsonArray(refs.branches()))
                                .put("tags", new JsonArray(refs.tags()))));
    }

    private RepositoryUrl repository(JsonObject body) {
        try {
            return RepositoryUrl.of(body.getString("repository"), gitProtocols);
        } catch (InvalidValue e) {
            throw ArgusException.invalid(e.field(), String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable ServiceName service(JsonObject body, Actor actor) {
        String text = body.getString("service");
        if (text == null) {
            return null;
        }
        ServiceName name;
        try {
            name = ServiceName.of(text);
        } catch (InvalidValue e) {
            throw ArgusException.invalid("service", String.valueOf(e.getMessage()));
        }
        if (!actor.maySee(text)) {
            throw ArgusException.notFound("There is no service " + text + ".");
        }
        return name;
    }
}
