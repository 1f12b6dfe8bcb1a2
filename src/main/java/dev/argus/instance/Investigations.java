package dev.argus.instance;

import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.control.ProcessCommand;
import dev.argus.process.Evidence;
import dev.argus.process.Exit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the scene looked at before an unhealthy instance is stopped, and after one has ended by itself, and tells of it as an incident. On one event
 * loop. A stop waits for it for a second at most, and one that somebody has asked for not at all.
 */
final class Investigations {
    private static final Logger log = LoggerFactory.getLogger(Investigations.class);
    private static final Duration LONGEST = Duration.ofSeconds(1);
    /** Whoever starts again needs the processor more than we do. */
    private static final long AFTER_RESTART_MILLIS = 200;

    private final Vertx vertx;
    private final Bus bus;
    private final Clock clock;
    private final Duration longest;
    private final Map<String, Once> waiting = new HashMap<>();

    Investigations(Vertx vertx, Bus bus, Clock clock) {
        this(vertx, bus, clock, LONGEST);
    }

    /** @param longest how long a stop waits for the look */
    Investigations(Vertx vertx, Bus bus, Clock clock, Duration longest) {
        this.vertx = vertx;
        this.bus = bus;
        this.clock = clock;
        this.longest = longest;
    }

    /** Something that is to be done, and not twice. */
    private static final class Once {
        private final Runnable action;
        private boolean done;

        Once(Runnable action) {
            this.action = action;
        }

        void run() {
            if (!done) {
                done = true;
                action.run();
            }
        }
    }

    /** Looks at an instance that is unhealthy, and then stops it. */
    void beforeStop(Supervised instance, Runnable stop) {
        Instant at = clock.instant();
        String reason = instance.situation.reason();
        var once = new Once(stop);
        waiting.put(instance.id, once);
        long deadline = vertx.setTimer(longest.toMillis(), over -> {
            log.warn("the evidence of {} takes too long and is not waited for", instance.id);
            once.run();
        });
        Future<Evidence> seen = examine(instance);
        seen.onComplete(looked -> {
            vertx.cancelTimer(deadline);
            waiting.remove(instance.id, once);
            once.run();
        });
        tell(instance, at, IncidentKind.UNHEALTHY, reason, instance.pid, seen);
    }

    private Future<Evidence> examine(Supervised instance) {
        boolean dump = instance.plan.probe().dump();
        // what ends by giving a dump must not be started again before it is stopped
        Future<Done> ready =
                dump ? bus.request(new ProcessCommand.ForbidRestart(instance.id)) : Future.succeededFuture(Done.DONE);
        return ready.compose(
                done -> bus.request(new ProcessCommand.Examine(instance.id, instance.service.value(), dump)));
    }

    /** Somebody wants it stopped: what waits to be done after a look is done now. */
    void hurry(String instance) {
        Once once = waiting.remove(instance);
        if (once != null) {
            once.run();
        }
    }

    /**
     * Looks at what an instance has left that has ended by itself.
     *
     * @param pid of the process that has ended
     * @param logEnd how long its log was then; negative where that is not known
     */
    void ended(Supervised instance, Exit exit, String reason, @Nullable Long pid, long logEnd) {
        Instant at = clock.instant();
        var remains = new ProcessCommand.Remains(instance.id, instance.service.value(), instance.port, logEnd);
        // what has never been healthy may be removed in a moment, with its log
        Future<Evidence> seen = instance.everHealthy
                ? vertx.timer(AFTER_RESTART_MILLIS).compose(over -> bus.request(remains))
                : bus.request(remains);
        IncidentKind kind = exit instanceof Exit.KilledForMemory ? IncidentKind.OUT_OF_MEMORY : IncidentKind.CRASH;
        tell(instance, at, kind, reason, pid, seen);
    }

    private void tell(
            Supervised instance,
            Instant at,
            IncidentKind kind,
            String reason,
            @Nullable Long pid,
            Future<Evidence> seen) {
        var probes = instance.lastProbes.otherwise(List.of());
        seen.otherwise(failure ->
                        Evidence.none("The evidence could not be gathered (" + Supervision.withoutDot(failure) + ")."))
                .compose(evidence -> probes.map(recent -> new InstanceEvent.Incident(
                        instance.service.value(),
                        instance.id,
                        instance.release,
                        at,
                        kind,
                        reason,
                        pid,
                        recent,
                        evidence)))
                .onSuccess(bus::publish);
    }
}
