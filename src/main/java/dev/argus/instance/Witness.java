package dev.argus.instance;

import dev.argus.bus.Bus;
import dev.argus.control.ProcessEvent;
import dev.argus.probe.ProbeEvent;
import dev.argus.process.Exit;
import dev.argus.process.Signal;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of what processes and probes tell a happening of the instance, and tells who waits for it. What is told of an earlier process of an instance is
 * passed over. On the event loop of {@link InstanceVerticle}.
 */
final class Witness {
    private static final Logger log = LoggerFactory.getLogger(Witness.class);
    private static final long REPLACE_AGAIN_MILLIS = 5_000;

    private final Vertx vertx;
    private final Bus bus;
    private final Clock clock;
    private final Map<String, Supervised> instances;
    private final HealthGate gate;
    private final TroubleWatch troubles;
    private final Supervision supervision;
    private final BooleanSupplier canStart;

    /** @param canStart whether processes can be started now; while not, none is stopped for being unhealthy */
    Witness(
            Vertx vertx,
            Bus bus,
            Clock clock,
            Map<String, Supervised> instances,
            HealthGate gate,
            TroubleWatch troubles,
            Supervision supervision,
            BooleanSupplier canStart) {
        this.vertx = vertx;
        this.bus = bus;
        this.clock = clock;
        this.instances = instances;
        this.gate = gate;
        this.troubles = troubles;
        this.supervision = supervision;
        this.canStart = canStart;
    }

    void exited(ProcessEvent.Exited event) {
        Supervised instance = current(event.instance(), event.generation());
        if (instance == null) {
            return;
        }
        String reason = how(event.exit()) + " after " + age(instance);
        troubles.trouble(instance.id, "The instance " + instance.id + " ended: " + reason + ".");
        Long pid = instance.pid;
        if (event.restarted()) {
            supervision.begun(instance);
            supervision.happen(instance, new Happening.Restarted(event.generation(), reason));
            supervision.investigations().ended(instance, event.exit(), reason, pid, event.logEnd());
            log.info("{} ended: {}, and was started again", instance.id, reason);
            return;
        }
        boolean another = instance.hasAnotherWayToStart();
        if (another) {
            instance.attempt++;
            reason += ", so another way to start it is tried";
            supervision.note(InstanceRecords.attempt(instance.id, instance.attempt));
        } else {
            gate.failed(
                    instance.id,
                    "The instance " + instance.id + " ended: " + reason,
                    "give it what it needs by env, or set start");
        }
        supervision.happen(instance, new Happening.Exited(event.generation(), reason));
        log.info("{} ended: {}", instance.id, reason);
        if (!another) {
            supervision.investigations().ended(instance, event.exit(), reason, pid, event.logEnd());
        }
    }

    /** What Argus itself ends is of an earlier generation and is not told here: so it was somebody else. */
    private static String how(Exit exit) {
        boolean killed = exit instanceof Exit.Killed(int signal)
                && (signal == Signal.KILL.number() || signal == Signal.TERM.number());
        return exit.describe() + (killed ? ", not by Argus," : "");
    }

    void pidKnown(ProcessEvent.PidKnown event) {
        Supervised instance = current(event.instance(), event.generation());
        if (instance != null) {
            instance.pid = event.pid();
            bus.publish(new InstanceEvent.Changed(instance.view()));
        }
    }

    private static String age(Supervised instance) {
        long millis =
                Duration.ofNanos(System.nanoTime() - instance.startedNanos).toMillis();
        return millis < 10_000 ? millis / 1_000 + "." + millis % 1_000 / 100 + " s" : millis / 1_000 + " s";
    }

    void healthy(ProbeEvent.BecameHealthy event) {
        Supervised instance = current(event.instance(), event.generation());
        if (instance != null) {
            instance.foundPort = event.port();
            instance.probeNote = event.note();
            instance.everHealthy = true;
            instance.lastProbeFailure = "";
            supervision.happen(instance, new Happening.BecameHealthy(event.generation()));
            gate.healthy(instance.id);
        }
    }

    void unhealthy(ProbeEvent.BecameUnhealthy event) {
        Supervised instance = current(event.instance(), event.generation());
        if (instance != null) {
            gate.failed(
                    instance.id,
                    "The instance " + instance.id + " is unhealthy: " + event.reason(),
                    "set port, start or isalive to fit it");
            troubles.trouble(instance.id, "The instance " + instance.id + " is unhealthy: " + event.reason() + ".");
            replace(instance, event.generation(), event.reason());
        }
    }

    /** Stops it to start it anew, as soon as that can be done. */
    private void replace(Supervised instance, int generation, String reason) {
        if (canStart.getAsBoolean()) {
            supervision.happen(instance, new Happening.BecameUnhealthy(generation, reason));
            return;
        }
        supervision.happen(
                instance,
                new Happening.CannotBeReplaced(
                        generation,
                        reason + "; it is not restarted, since nothing can be written on the disk of Argus's data"));
        vertx.setTimer(REPLACE_AGAIN_MILLIS, fired -> {
            Situation now = instance.situation;
            boolean stillSo = now.generation() == generation
                    && now.state() == InstanceState.RUNNING
                    && now.health() == Health.UNHEALTHY;
            if (stillSo && instances.get(instance.id) == instance) {
                replace(instance, generation, reason);
            }
        });
    }

    void failing(ProbeEvent.Failing event) {
        Supervised instance = current(event.instance(), event.generation());
        if (instance != null) {
            if (instance.lastProbeFailure.isEmpty()) {
                instance.failingSince = clock.instant();
            }
            instance.lastProbeFailure = event.reason();
        }
    }

    void answered(ProbeEvent.Answered event) {
        Supervised instance = current(event.instance(), event.generation());
        if (instance != null) {
            instance.lastProbeFailure = "";
        }
    }

    private @Nullable Supervised current(String id, int generation) {
        Supervised instance = instances.get(id);
        return instance != null && instance.situation.generation() == generation ? instance : null;
    }
}
