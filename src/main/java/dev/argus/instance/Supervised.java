package dev.argus.instance;

import dev.argus.service.RunPlan;
import dev.argus.service.ServiceName;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the {@link InstanceVerticle} keeps of one instance. */
final class Supervised {
    final String id;
    final ServiceName service;
    final int release;
    final RunPlan plan;
    /** The port it is given; kept over its restarts. */
    final int port;

    Situation situation = Situation.NEW;
    int restarts;
    /** Which of the plan's ways to start it is in use. */
    int attempt;

    /** What its processes get of the service's environment, secrets included; null before it is needed and after it has changed. */
    @Nullable
    Map<String, String> environment;

    @Nullable
    Long pid;
    /** Where its probes found it. */
    @Nullable
    Integer foundPort;

    @Nullable
    Instant startedAt;

    long startedNanos;
    /** Whether it makes room for another release, and so is not meant by what people ask of the service. */
    boolean halted;

    boolean everHealthy;
    String probeNote = "";
    String lastProbeFailure = "";

    Supervised(String id, ServiceName service, int release, RunPlan plan, int port) {
        this.id = id;
        this.service = service;
        this.release = release;
        this.plan = plan;
        this.port = port;
    }

    /** Whether it is launched or about to be, and not yet healthy. */
    boolean isStarting() {
        return situation.state() == InstanceState.STARTING
                || (situation.state() == InstanceState.RUNNING && situation.health() == Health.UNKNOWN);
    }

    boolean hasAnotherWayToStart() {
        return !everHealthy && attempt < plan.alternativeStarts().size();
    }

    Instance view() {
        return new Instance(
                id,
                service.value(),
                release,
                situation.state(),
                situation.health(),
                pid,
                foundPort == null ? Integer.valueOf(port) : foundPort,
                restarts,
                startedAt,
                situation.failed(),
                situation.wanted(),
                situation.reason(),
                probeNote,
                foundPort != null && foundPort != port);
    }
}
