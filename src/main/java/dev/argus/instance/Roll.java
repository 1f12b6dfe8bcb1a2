package dev.argus.instance;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.ErrorCode;
import dev.argus.control.ProcessCommand;
import dev.argus.service.ServiceName;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Takes instances on, lets them rest, and strikes them off for good. On the event loop of {@link InstanceVerticle}. */
final class Roll {
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final Vertx vertx;
    private final Bus bus;
    private final RandomGenerator random;
    private final Map<String, Supervised> instances;
    private final HealthGate gate;
    private final Supervision supervision;

    Roll(
            Vertx vertx,
            Bus bus,
            RandomGenerator random,
            Map<String, Supervised> instances,
            HealthGate gate,
            Supervision supervision) {
        this.vertx = vertx;
        this.bus = bus;
        this.random = random;
        this.instances = instances;
        this.gate = gate;
        this.supervision = supervision;
    }

    Future<List<String>> launch(InstanceCommand.Launch command) {
        List<Future<Supervised>> made = new ArrayList<>();
        for (int i = 0; i < command.count(); i++) {
            made.add(make(command));
        }
        return Future.join(made)
                .map(all -> {
                    made.forEach(one -> supervision.happen(one.result(), new Happening.Wanted()));
                    return made.stream().map(one -> one.result().id).toList();
                })
                .recover(failure -> forgetAll(made).transform(gone -> Future.failedFuture(failure)));
    }

    /** All of a launch or none of it. */
    private Future<?> forgetAll(List<Future<Supervised>> made) {
        return Future.join(made.stream()
                .filter(Future::succeeded)
                .map(one -> retire(one.result(), "others of its launch could not be made", null))
                .toList());
    }

    private Future<Supervised> make(InstanceCommand.Launch command) {
        Integer fixed = command.plan().port();
        Future<Integer> port =
                fixed == null ? bus.request(new ProcessCommand.ReservePort()) : Future.succeededFuture(fixed);
        return port.compose(given -> {
            var instance = new Supervised(
                    newId(command.service(), command.release()),
                    command.service(),
                    command.release(),
                    command.plan(),
                    given);
            return bus.request(StoreCommand.Write.of(InstanceRecords.insert(instance)))
                    .map(done -> {
                        instances.put(instance.id, instance);
                        return instance;
                    });
        });
    }

    /** Unlike a number, never the same as that of an instance of another Argus on this machine: processes carry it as their mark. */
    private String newId(ServiceName service, int release) {
        var id = new StringBuilder(service.value()).append('-').append(release).append('-');
        for (int i = 0; i < 6; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    Future<Done> retire(InstanceCommand.Retire command) {
        List<Future<Done>> gone = command.ids().stream()
                .map(instances::get)
                .filter(Objects::nonNull)
                .map(instance -> unlessItDoesNotEnd(instance, retire(instance, command.reason(), command.within())))
                .toList();
        return Future.join(gone).map(Done.DONE);
    }

    private Future<Done> retire(Supervised instance, String reason, @Nullable Duration within) {
        Future<Done> begun = instance.retirement;
        if (begun != null) {
            return begun;
        }
        instance.stopWithin = within;
        Future<Done> retirement = endForGood(instance, reason);
        instance.retirement = retirement;
        // what did not succeed may be asked for again
        return retirement.onFailure(failure -> instance.retirement = null);
    }

    private Future<Done> endForGood(Supervised instance, String reason) {
        // a start or a restart of its service is not meant for it any more: it would run on with nobody who knows of it
        instance.halted = true;
        gate.failed(instance.id, "The instance " + instance.id + " was stopped: " + reason);
        supervision.happen(instance, new Happening.Unwanted(reason));
        return stopped(instance)
                .compose(done -> bus.request(new ProcessCommand.Discard(instance.id, instance.service.value())))
                .compose(done -> bus.request(StoreCommand.Write.of(InstanceRecords.delete(instance.id))))
                .compose(done -> {
                    instances.remove(instance.id);
                    bus.publish(new InstanceEvent.Removed(instance.id));
                    return instance.plan.port() == null
                            ? bus.request(new ProcessCommand.ReleasePort(instance.port))
                            : Future.succeededFuture(Done.DONE);
                });
    }

    Future<Done> restart(InstanceCommand.Restart command) {
        command.ids().stream()
                .map(instances::get)
                .filter(instance -> instance != null && !instance.halted)
                .forEach(instance -> supervision.happen(instance, new Happening.RestartAsked(command.reason())));
        return Future.succeededFuture(Done.DONE);
    }

    Future<Done> halt(InstanceCommand.Halt command) {
        List<Future<Done>> stopped = new ArrayList<>();
        for (String id : command.ids()) {
            Supervised instance = instances.get(id);
            if (instance != null) {
                instance.halted = true;
                supervision.happen(instance, new Happening.Unwanted(command.reason()));
                stopped.add(unlessItDoesNotEnd(instance, stopped(instance)));
            }
        }
        return Future.join(stopped).map(Done.DONE);
    }

    Future<Done> resume(InstanceCommand.Resume command) {
        command.ids().stream()
                .map(instances::get)
                .filter(instance -> instance != null && instance.retirement == null)
                .forEach(instance -> {
                    instance.halted = false;
                    supervision.happen(instance, new Happening.Wanted());
                });
        return Future.succeededFuture(Done.DONE);
    }

    /** Who waits for the end is told when there is none to be seen; the end goes on, and comes when the processes go. */
    private Future<Done> unlessItDoesNotEnd(Supervised instance, Future<Done> end) {
        return until(() -> end.isComplete() || doesNotEnd(instance.situation))
                .compose(seen -> end.isComplete()
                        ? end
                        : Future.failedFuture(
                                new ArgusException(ErrorCode.UNAVAILABLE, instance.situation.reason() + ".")));
    }

    private static boolean doesNotEnd(Situation now) {
        return now.state() == InstanceState.STOPPING && now.failed();
    }

    private Future<Done> stopped(Supervised instance) {
        // whoever wants it to run again meanwhile ends the wait
        return until(() -> instance.situation.state() == InstanceState.STOPPED || instance.situation.wanted());
    }

    /** One promise for all looks: a future made of as many others as a long stop has looks would not end within the stack. */
    private Future<Done> until(BooleanSupplier seen) {
        if (seen.getAsBoolean()) {
            return Future.succeededFuture(Done.DONE);
        }
        Promise<Done> promise = Promise.promise();
        vertx.setPeriodic(LOOK_AGAIN_MILLIS, timer -> {
            if (seen.getAsBoolean()) {
                vertx.cancelTimer(timer);
                promise.complete(Done.DONE);
            }
        });
        return promise.future();
    }
}
