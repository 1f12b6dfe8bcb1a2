package dev.argus.systemd;

import dev.argus.bus.Bus;
import dev.argus.instance.Health;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;

/** Whether the server still does what only a living one can: its event loops run, the store reads, instances are looked after. */
final class Liveness {
    private static final Statement ANY_READ = Statement.of("SELECT 1 AS alive");

    private final Bus bus;
    private final VertxInternal vertx;

    Liveness(Bus bus, Vertx vertx) {
        this.bus = bus;
        this.vertx = (VertxInternal) vertx;
    }

    /**
     * A line for people about the server, once all of it has answered; fails, or never ends, if a part of it is stuck. To be called, and
     * answering, on the context of a verticle.
     */
    Future<String> check() {
        List<Future<?>> signs = new ArrayList<>();
        for (EventExecutor loop : vertx.nettyEventLoopGroup()) {
            Promise<Void> ran = vertx.promise();
            loop.execute(ran::complete);
            signs.add(ran.future());
        }
        signs.add(bus.request(new StoreCommand.Read(ANY_READ)));
        return Future.all(signs)
                .compose(all -> bus.request(new InstanceCommand.ListInstances(null)))
                .map(Liveness::line);
    }

    private static String line(List<Instance> instances) {
        long healthy = instances.stream()
                .filter(each -> each.health() == Health.HEALTHY)
                .count();
        return instances.isEmpty()
                ? "ready, no instances"
                : "ready, " + healthy + " of " + instances.size() + " instances healthy";
    }
}
