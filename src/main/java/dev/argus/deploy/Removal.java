package dev.argus.deploy;

import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Desired;
import dev.argus.service.Service;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes services: cancels, stops, deletes, forgets. What is cut off in it is taken up again by the next Argus. */
final class Removal {
    private static final Logger log = LoggerFactory.getLogger(Removal.class);

    private final Vertx vertx;
    private final Bus bus;
    private final Workshop workshop;
    private final Ledger ledger;
    private final Lanes lanes;

    Removal(Vertx vertx, Bus bus, Workshop workshop, Ledger ledger, Lanes lanes) {
        this.vertx = vertx;
        this.bus = bus;
        this.workshop = workshop;
        this.ledger = ledger;
        this.lanes = lanes;
    }

    Future<Done> undeploy(DeployCommand.Undeploy command) {
        return bus.request(new CatalogCommand.Find(command.service()))
                .compose(found -> bus.request(new CatalogCommand.Want(
                        command.service(),
                        Desired.REMOVED,
                        command.keepData(),
                        command.by().name())))
                .compose(service ->
                        lanes.cancelAll(command.service().value(), command.by()).map(service))
                .compose(this::remove);
    }

    Future<Done> remove(Service service) {
        String name = service.name().value();
        return bus.request(new InstanceCommand.ListInstances(name))
                .compose(all -> bus.request(new InstanceCommand.Retire(
                        all.stream().map(Instance::id).toList(), "the service is removed")))
                .compose(done -> vertx.executeBlocking(
                        () -> {
                            workshop.remove(service.name(), service.keepData());
                            return Done.DONE;
                        },
                        false))
                .compose(done -> ledger.forget(name))
                .compose(done -> bus.request(new CatalogCommand.Forget(service.name())))
                .onSuccess(done -> log.info("{} is removed{}", name, service.keepData() ? ", its data is kept" : ""));
    }
}
