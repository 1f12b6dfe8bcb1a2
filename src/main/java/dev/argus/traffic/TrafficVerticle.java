package dev.argus.traffic;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.ErrorCode;
import dev.argus.bus.Event;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.instance.InstanceEvent;
import dev.argus.instance.Withdraw;
import dev.argus.service.CatalogCommand;
import dev.argus.service.CatalogEvent;
import dev.argus.service.Service;
import dev.argus.traffic.TrafficSwitch.Drained;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns what stands in front of the services. Hears what becomes of services and instances, derives the table and has it put into effect, one
 * after the other; changes that come meanwhile are put together.
 */
public final class TrafficVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(TrafficVerticle.class);
    private static final long AGAIN_AFTER_MILLIS = 2_000;

    private final Bus bus;
    private final String domain;
    private final Function<Vertx, TrafficSwitch> make;
    private final Map<String, Service> services = new HashMap<>();
    private final Map<String, Instance> instances = new HashMap<>();
    private final Set<String> draining = new HashSet<>();
    private RoutingTable inEffect = RoutingTable.EMPTY;
    private boolean listening;
    private Future<?> applying = Future.succeededFuture();

    @SuppressWarnings("NullAway.Init")
    private TrafficSwitch proxy;

    /**
     * A verticle in front of all services.
     *
     * @param domain below which every service has a name of its own
     * @param make makes the switch, on the event loop of this verticle
     */
    public TrafficVerticle(Bus bus, String domain, Function<Vertx, TrafficSwitch> make) {
        this.bus = bus;
        this.domain = domain;
        this.make = make;
    }

    @Override
    public Future<?> start() {
        proxy = make.apply(vertx);
        // heard before the lists are asked for, so that nothing falls between
        bus.subscribe(this::hear);
        var known = bus.request(new CatalogCommand.ListServices());
        var running = bus.request(new InstanceCommand.ListInstances(null));
        return Future.all(known, running).compose(both -> {
            known.result()
                    .forEach(service -> services.putIfAbsent(service.name().value(), service));
            running.result().forEach(instance -> instances.putIfAbsent(instance.id(), instance));
            bus.<TrafficCommand<?>>serve(TrafficCommand.ADDRESS, this::serve);
            bus.<Withdraw>serve(Withdraw.ADDRESS, this::withdraw);
            return listen();
        });
    }

    /** Services must be watched also where nobody can be let in: then it is tried again and again. */
    private Future<?> listen() {
        RoutingTable first = derive();
        return proxy.start(first)
                .onSuccess(started -> {
                    listening = true;
                    inEffect = first;
                    bring();
                    log.info("services are reached on port {}", proxy.port());
                })
                .recover(failure -> {
                    log.error("{} It is tried again.", failure.getMessage());
                    vertx.setTimer(AGAIN_AFTER_MILLIS, again -> listen());
                    return Future.succeededFuture();
                });
    }

    @Override
    public Future<?> stop() {
        return proxy.close();
    }

    private Future<?> serve(TrafficCommand<?> command) {
        return switch (command) {
            case TrafficCommand.Settle c -> settle(c);
            case TrafficCommand.Drain c -> drain(c);
            case TrafficCommand.Undrain c -> {
                draining.removeAll(c.instances());
                yield bring().map(Done.DONE);
            }
            case TrafficCommand.Figures _ -> listening ? proxy.figures() : Future.succeededFuture(List.of());
            case TrafficCommand.Shares _ ->
                Future.succeededFuture(Traffic.shares(services.values(), instances.values(), draining));
            case TrafficCommand.AllVisits _ -> visits();
            case TrafficCommand.Port _ -> Future.succeededFuture(listening ? proxy.port() : 0);
        };
    }

    /** Nothing is known of them while the proxy cannot be asked; none at all would mean that they begin at zero. */
    private Future<?> visits() {
        return listening
                ? proxy.visits()
                : Future.failedFuture(new ArgusException(ErrorCode.UNAVAILABLE, "The proxy does not listen yet."));
    }

    private void hear(Event event) {
        switch (event) {
            case CatalogEvent.Changed e -> services.put(e.service().name().value(), e.service());
            case CatalogEvent.Removed e -> services.remove(e.name().value());
            case InstanceEvent.Changed e -> instances.put(e.instance().id(), e.instance());
            case InstanceEvent.Removed e -> {
                instances.remove(e.instance());
                draining.remove(e.instance());
            }
            default -> {
                return;
            }
        }
        if (!derive().equals(inEffect)) {
            bring();
        }
    }

    private RoutingTable derive() {
        return Traffic.table(services.values(), instances.values(), draining, domain);
    }

    /** Asked of the catalog itself, for its event may still be on the way. */
    private Future<Done> settle(TrafficCommand.Settle command) {
        return bus.request(new CatalogCommand.ListServices()).compose(all -> {
            all.forEach(service -> services.put(service.name().value(), service));
            Service service = services.get(command.service());
            return service == null || !Objects.equals(service.liveRelease(), command.release())
                    ? Future.failedFuture(ArgusException.conflict(
                            "The release " + command.release() + " of " + command.service() + " is not the live one."))
                    : bring().map(Done.DONE);
        });
    }

    /** Its event may still be on the way. */
    private Future<Done> withdraw(Withdraw command) {
        instances.put(command.instance().id(), command.instance());
        return bring().map(Done.DONE);
    }

    private Future<Drained> drain(TrafficCommand.Drain command) {
        draining.addAll(command.instances());
        return bring().compose(applied -> proxy.drain(command.instances(), command.atMost()));
    }

    /** Puts into effect what is so now, after what is being put into effect. Succeeds when it is. */
    private Future<?> bring() {
        Future<?> mine = applying.transform(before -> {
            RoutingTable wanted = derive();
            if (wanted.equals(inEffect) || !listening) {
                return Future.succeededFuture();
            }
            return proxy.apply(wanted).onSuccess(applied -> inEffect = wanted);
        });
        applying = mine;
        mine.onFailure(failure -> {
            log.error("the traffic was not switched and is tried again: {}", failure.getMessage());
            vertx.setTimer(AGAIN_AFTER_MILLIS, again -> bring());
        });
        return mine;
    }
}
