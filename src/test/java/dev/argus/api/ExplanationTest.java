package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.deploy.Deployment;
import dev.argus.deploy.Outcome;
import dev.argus.deploy.Step;
import dev.argus.deploy.StepName;
import dev.argus.deploy.StepState;
import dev.argus.history.Entry;
import dev.argus.history.EntryType;
import dev.argus.history.HistoryCommand;
import dev.argus.history.Incident;
import dev.argus.instance.Health;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceState;
import dev.argus.instance.Outlook;
import dev.argus.service.Desired;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import dev.argus.service.ServiceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every reason that a service can have to be as it is, in words. */
class ExplanationTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:20:35Z");
    private static final HistoryCommand.Memory NOTHING = new HistoryCommand.Memory(null, null);

    private Service service = service(Desired.RUNNING, 3);
    private ServiceStatus status = new ServiceStatus("backoff", "");
    private List<Instance> instances = List.of();
    private List<Outlook> outlooks = List.of();
    private @Nullable Deployment newest;
    private HistoryCommand.Memory memory = NOTHING;
    private Map<String, String> strangers = Map.of();

    private static Service service(Desired desired, @Nullable Integer live) {
        return new Service(
                ServiceName.of("web"),
                "https://example.org/web.git",
                "main",
                ServiceSpec.NONE,
                desired,
                false,
                live,
                NOW,
                "bob",
                NOW.minusSeconds(60));
    }

    private static Instance instance(InstanceState state, Health health, String reason) {
        return new Instance(
                "web-3-a", "web", 3, state, health, null, 8080, 4, null, false, true, reason, "", false, List.of());
    }

    private static Deployment deployment(@Nullable Outcome outcome, @Nullable String cause, Step... steps) {
        return new Deployment(
                "d1",
                "web",
                Deployment.Kind.DEPLOY,
                "https://example.org/web.git",
                "main",
                null,
                null,
                "ann",
                NOW.minusSeconds(30),
                outcome == null ? null : NOW,
                outcome,
                cause,
                List.of(steps));
    }

    private static Incident incident(String kind, String reason, Instant at) {
        return new Incident(
                "i1", "web", at, kind, "web-3-a", 3, reason, "panic: no database", List.of("It was computing."));
    }

    private Explanation explained() {
        return Explanation.of(
                new Snapshot(service, status, instances, outlooks, newest, memory, strangers, List.of(), NOW));
    }

    @Test
    void thePortIsHeldByAStranger() {
        instances = List.of(instance(InstanceState.BACKOFF, Health.UNKNOWN, "exit status 1 after 0.1 s"));
        strangers = Map.of("web-3-a", "pid 812 (nc -l 8080) of the instance old-1-b");
        assertThat(explained().details())
                .contains("Port 8080, which it needs, is held by pid 812 (nc -l 8080) of the instance old-1-b;"
                        + " stop that, or give one of them another port.");
    }

    @Test
    void theKernelKilledItForMemory() {
        instances = List.of(instance(
                InstanceState.STARTING,
                Health.UNKNOWN,
                "oom-killed (the kernel ended it for want of memory) after 12 s"));
        memory = new HistoryCommand.Memory(
                incident(
                        "oom-killed",
                        "oom-killed (the kernel ended it for want of memory) after 12 s",
                        NOW.minusSeconds(3)),
                null);
        assertThat(explained().details())
                .contains(
                        "Its last incident, i1 (oom-killed), was 3.0 s ago: oom-killed (the kernel ended it for want of"
                                + " memory) after 12 s.");
    }

    @Test
    void itEndedWithAStatusAndLastWords() {
        instances = List.of(instance(
                InstanceState.BACKOFF,
                Health.UNKNOWN,
                "exit status 2 after 0.3 s; restart 2 in a row, started again in 8.0 s."));
        outlooks = List.of(new Outlook("web-3-a", "", null, null, NOW.plusSeconds(8), 4, Duration.ofSeconds(60)));
        memory = new HistoryCommand.Memory(incident("crash", "exit status 2 after 0.3 s", NOW.minusSeconds(65)), null);
        assertThat(explained().details())
                .containsExactly(
                        "Instance web-3-a of release 3 is backoff and its health is unknown, port 8080, 4 restarts;"
                                + " exit status 2 after 0.3 s; restart 2 in a row, started again in 8.0 s.",
                        "It is in back-off for another 8.0 s because of 4 restarts in 1 min 0 s.",
                        "Its last incident, i1 (crash), was 1 min 5 s ago: exit status 2 after 0.3 s.",
                        "The last that it wrote before was: panic: no database",
                        "It was computing.");
    }

    @Test
    void itsProbeFailsAndIsNotJudgedYet() {
        instances = List.of(instance(InstanceState.RUNNING, Health.HEALTHY, ""));
        outlooks = List.of(new Outlook(
                "web-3-a",
                "the probe answered 503 on port 8080/isalive",
                NOW.minusSeconds(12),
                null,
                null,
                0,
                Duration.ZERO));
        assertThat(explained().details()).contains("The probe answered 503 on port 8080/isalive, for 12 s.");
        outlooks = List.of(new Outlook(
                "web-3-a",
                "the probe found nothing listening on port 8080",
                NOW.minusSeconds(2),
                Duration.ofSeconds(30),
                null,
                0,
                Duration.ZERO));
        assertThat(explained().details())
                .contains(
                        "The probe found nothing listening on port 8080, for 2.0 s; failures count once it has run for 30 s.");
    }

    @Test
    void somebodyStoppedIt() {
        service = service(Desired.STOPPED, 3);
        status = new ServiceStatus("stopped", "Stopped by bob.");
        assertThat(explained().details())
                .containsExactly(
                        "It was stopped by bob at 2026-11-23T02:19:35Z and stays so until somebody starts it.");
        memory = new HistoryCommand.Memory(
                null, new Entry(NOW.minusSeconds(3600), EntryType.STOPPED, "Stopped by ann.", Map.of("by", "ann")));
        assertThat(explained().reason())
                .as("bob has only changed something since")
                .isEqualTo("Stopped by ann.");
        assertThat(explained().details())
                .containsExactly(
                        "It was stopped by ann at 2026-11-23T01:20:35Z and stays so until somebody starts it.");
    }

    @Test
    void itIsBeingDeployed() {
        newest = deployment(
                null,
                null,
                new Step(StepName.CHECKOUT, StepState.SUCCEEDED, NOW.minusSeconds(29), NOW.minusSeconds(20), null),
                new Step(StepName.BUILD, StepState.RUNNING, NOW.minusSeconds(20), null, null));
        assertThat(explained().details())
                .containsExactly("Deployment d1 by ann is under way: it is at the step build since 20 s.");
        newest = deployment(null, null, Step.pending(StepName.CHECKOUT));
        assertThat(explained().details())
                .containsExactly(
                        "Deployment d1 by ann has not begun, or is between two steps; it was asked for 30 s ago.");
    }

    @Test
    void itWasNeverDeployed() {
        service = service(Desired.RUNNING, null);
        assertThat(explained().details())
                .containsExactly("It has no release yet and nothing was deployed since Argus knows it; deploy it.");
        newest = deployment(Outcome.FAILED, "The build ended with status 3.");
        assertThat(explained().details())
                .containsExactly(
                        "It has no release that could run, because no deployment has succeeded yet.",
                        "Its last deployment, d1 by ann, ended as failed: The build ended with status 3.");
        newest = deployment(Outcome.SUCCEEDED, null);
        assertThat(explained().details()).containsExactly("It was built and never deployed; deploy it.");
    }

    @Test
    void theLastDeploymentFailedAndWhatRanBeforeRuns() {
        instances = List.of(instance(InstanceState.RUNNING, Health.HEALTHY, ""));
        newest = deployment(Outcome.FAILED, "The build ended with status 3.");
        assertThat(explained().details())
                .last()
                .isEqualTo("Its last deployment, d1 by ann, ended as failed: The build ended with status 3.");
    }

    @Test
    void whatAnOldIncidentShowedIsNotToldOfAHealthyService() {
        instances = List.of(instance(InstanceState.RUNNING, Health.HEALTHY, ""));
        memory = new HistoryCommand.Memory(
                incident("crash", "exit status 2 after 0.3 s", NOW.minus(Duration.ofHours(50))), null);
        assertThat(explained().details())
                .last()
                .isEqualTo("Its last incident, i1 (crash), was 2 d 2 h ago: exit status 2 after 0.3 s.");
    }
}
