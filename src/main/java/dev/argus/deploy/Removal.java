package dev.argus.deploy;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.ErrorCode;
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

    private static final long AGAIN_MILLIS = 5_000;

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

    /** Fails when it cannot be done now, and goes on trying: nobody can ask again for a service that is no longer shown. */
    Future<Done> remove(Service service) {
        return removeNow(service).recover(failure -> {
            log.warn("{} is not removed yet, which is tried again: {}", service.name(), failure.getMessage());
            vertx.setTimer(AGAIN_MILLIS, fired -> remove(service));
            String why = String.valueOf(failure.getMessage());
            return Future.failedFuture(new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    (why.endsWith(".") ? why.substring(0, why.length() - 1) : why)
                            + "; the service is removed as soon as that is no longer so."));
        });
    }

    private Future<Done> removeNow(Service service) {
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
