package dev.argus.instance;

import dev.argus.bus.Done;
import dev.argus.probe.Probed;
import dev.argus.service.RunPlan;
import dev.argus.service.ServiceName;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

    /** The environment that it was launched with last; null before, and where an earlier Argus launched it. */
    @Nullable
    Map<String, String> launchedWith;

    /** Done when it cannot be started any more with an environment from before the last change. */
    Future<Done> environmentSettled = Future.succeededFuture(Done.DONE);

    @Nullable
    Long pid;
    /** Where its probes found it. */
    @Nullable
    Integer foundPort;

    @Nullable
    Instant startedAt;

    long startedNanos;
    /** Whether it makes room for another release or is to go for good, and so is not meant by what people ask of the service. */
    boolean halted;

    /** The most from SIGTERM to SIGKILL, where that is to be shorter than its plan says. */
    @Nullable
    Duration stopWithin;

    /** Its last stop, once it is to go for good. */
    @Nullable
    Future<Done> retirement;

    boolean everHealthy;
    String probeNote = "";
    String lastProbeFailure = "";
    /** When the first of the probes failed that have failed since one was answered. */
    @Nullable
    Instant failingSince;

    /** Whether the store refused to keep its restarts and is asked again soon. */
    boolean isToBeRemembered;

    /** When it is started again, while it waits for that. */
    @Nullable
    Instant nextStartAt;

    /** What the probes found until they were ended last. */
    Future<List<Probed>> lastProbes = Future.succeededFuture(List.of());

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

    /** Whether it is to run and its probes say that it does not. */
    boolean isToBeStartedAnew() {
        return situation.health() == Health.UNHEALTHY && situation.wanted();
    }

    boolean hasAnotherWayToStart() {
        return !everHealthy && attempt < plan.alternativeStarts().size();
    }

    RestartMemory remembered(Instant now, long nowNanos) {
        return RestartMemory.of(situation, nextStartAt, now, nowNanos);
    }

    Outlook outlook(Instant now, long nowNanos) {
        Duration since = Duration.ofNanos(nowNanos - startedNanos);
        boolean young = !everHealthy && since.compareTo(plan.probe().grace()) < 0;
        List<Long> restartTimes = situation.restarts().recentNanos();
        Instant next = nextStartAt;
        return new Outlook(
                id,
                lastProbeFailure,
                lastProbeFailure.isEmpty() ? null : failingSince,
                young ? plan.probe().grace() : null,
                situation.state() == InstanceState.BACKOFF && next != null && next.isAfter(now) ? next : null,
                restartTimes.size(),
                restartTimes.isEmpty() ? Duration.ZERO : Duration.ofNanos(nowNanos - restartTimes.getFirst()));
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
                foundPort != null && foundPort != port,
                plan.hosts());
    }
}
