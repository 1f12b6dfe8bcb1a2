package dev.argus.instance;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.ErrorCode;
import dev.argus.control.ProcessCommand;
import dev.argus.process.Exit;
import dev.argus.store.Row;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes up the recorded instances when Argus starts: what runs is adopted, what is gone is started again. */
final class Recovery {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    /** With the deadline of the last look within what Argus has for its start. */
    private static final Duration FIND_FOR = Duration.ofSeconds(25);

    private static final long FIND_AGAIN_MILLIS = 1_000;

    private final Vertx vertx;
    private final Bus bus;
    private final Clock clock;
    private final Map<String, Supervised> instances;
    private final Supervision supervision;

    Recovery(Vertx vertx, Bus bus, Clock clock, Map<String, Supervised> instances, Supervision supervision) {
        this.vertx = vertx;
        this.bus = bus;
        this.clock = clock;
        this.instances = instances;
        this.supervision = supervision;
    }

    /** Succeeds when every instance is taken up. */
    Future<?> recover() {
        return bus.request(new StoreCommand.Read(InstanceRecords.all())).compose(rows -> {
            List<Future<?>> adopted = new ArrayList<>();
            rows.forEach(row -> adopted.add(adopt(row)));
            return Future.join(adopted);
        });
    }

    private Future<?> adopt(Row row) {
        var instance = RecordedInstance.of(row);
        boolean wanted = row.text("desired").equals("running");
        Long live = row.optionalNumber("live_release");
        // one of another release is left from a deployment that was cut off: it is not started again, and whoever ends
        // the deployment stops it
        boolean rises = wanted && live != null && live == instance.release;
        instance.situation = instance.situation.wanting(rises);
        var memory = RestartMemory.decode(new JsonObject(row.text("restart_memory")));
        supervision.recall(instance, memory);
        instances.put(instance.id, instance);
        Future<Done> kept = instance.plan.port() == null
                ? bus.request(new ProcessCommand.KeepPort(instance.port))
                : Future.succeededFuture(Done.DONE);
        return kept.onFailure(failure -> log.warn("{}: {}", instance.id, failure.getMessage()))
                .transform(keeping -> find(instance, rises, System.nanoTime()))
                .transform(found -> {
                    if (found.succeeded()) {
                        instance.pid = found.result().pid();
                        instance.startedAt = clock.instant();
                        instance.startedNanos = System.nanoTime();
                        supervision.happen(instance, new Happening.Adopted());
                        if (!wanted) {
                            supervision.happen(instance, new Happening.Unwanted("its stop was taken up again"));
                        }
                        log.info("{} runs on (pid {})", instance.id, instance.pid);
                    } else {
                        String reason = Supervision.withoutDot(found.cause());
                        log.info("{} {}", instance.id, reason);
                        foundGone(instance, memory, reason, wanted);
                    }
                    return Future.succeededFuture();
                });
    }

    /** Only what is said to be gone is taken for gone: what could not be looked at may well run, and would be ended by its next start. */
    private Future<ProcessCommand.Adopted> find(Supervised instance, boolean rises, long begunNanos) {
        int generation = instance.situation.generation() + 1;
        return bus.request(new ProcessCommand.Adopt(
                        instance.id, generation, instance.service.value(), instance.plan.resources(), rises))
                .recover(failure -> {
                    boolean isGone = failure instanceof ArgusException known && known.code() == ErrorCode.CONFLICT;
                    if (isGone || System.nanoTime() - begunNanos > FIND_FOR.toNanos()) {
                        return Future.failedFuture(failure);
                    }
                    log.warn("whether {} runs on is looked at again: {}", instance.id, failure.getMessage());
                    return vertx.timer(FIND_AGAIN_MILLIS).compose(fired -> find(instance, rises, begunNanos));
                });
    }

    private void foundGone(Supervised instance, RestartMemory memory, String reason, boolean wanted) {
        Duration left = memory.left(clock.instant(), RestartPolicy.DEFAULT.longestWait());
        if (left != null) {
            supervision.happen(instance, new Happening.FoundWaiting(memory.reason(), left));
            return;
        }
        supervision.happen(instance, new Happening.FoundGone(reason));
        if (wanted) {
            supervision.investigations().ended(instance, new Exit.Unknown(), reason, null, -1);
        }
    }
}
