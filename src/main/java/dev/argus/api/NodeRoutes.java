package dev.argus.api;

import dev.argus.bus.Bus;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.node.NodeCommand;
import dev.argus.node.NodeStats;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Service;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What the machine has and has free. */
final class NodeRoutes {
    private final Bus bus;
    private final String version;

    NodeRoutes(Bus bus, String version) {
        this.bus = bus;
        this.version = version;
    }

    void bind(Operations operations) {
        operations.on("getServerStats", context -> stats().compose(stats -> Answers.json(context, 200, stats)));
    }

    Future<JsonObject> stats() {
        Future<NodeStats> stats = bus.request(new NodeCommand.Stats());
        Future<List<Service>> services = bus.request(new CatalogCommand.ListServices());
        Future<List<Instance>> instances = bus.request(new InstanceCommand.ListInstances(null));
        return Future.all(stats, services, instances)
                .map(all -> Json.node(
                        stats.result(),
                        version,
                        services.result().size(),
                        instances.result().size()));
    }
}
