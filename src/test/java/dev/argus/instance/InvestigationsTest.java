package dev.argus.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.bus.Bus;
import dev.argus.control.ProcessCommand;
import dev.argus.process.Evidence;
import dev.argus.process.Exit;
import dev.argus.service.CommandLine;
import dev.argus.service.ProbeSettings;
import dev.argus.service.Resources;
import dev.argus.service.RunPlan;
import dev.argus.service.ServiceName;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is looked at holds a restart up for a moment at most, and a person not at all. */
class InvestigationsTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.install(vertx);
    private final Investigations investigations = new Investigations(vertx, bus, Clock.systemUTC());
    private final Investigations patient = new Investigations(vertx, bus, Clock.systemUTC(), Duration.ofMinutes(5));
    private final Promise<Evidence> looked = Promise.promise();
    private final AtomicInteger stops = new AtomicInteger();
    private final List<InstanceEvent.Incident> incidents = new CopyOnWriteArrayList<>();
    private final Supervised instance = new Supervised(
            "web-1-a",
            ServiceName.of("web"),
            1,
            new RunPlan(
                    "request",
                    List.of(),
                    CommandLine.parse("start", "./app"),
                    List.of(),
                    false,
                    null,
                    null,
                    1,
                    ProbeSettings.DEFAULT,
                    Map.of(),
                    Resources.NONE,
                    List.of(),
                    List.of(),
                    Duration.ofSeconds(1),
                    Map.of()),
            8080);

    InvestigationsTest() {
        bus.<ProcessCommand<?>>serve(ProcessCommand.ADDRESS, command -> looked.future());
        bus.subscribe(event -> {
            if (event instanceof InstanceEvent.Incident incident) {
                incidents.add(incident);
            }
        });
    }

    @AfterEach
    void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private void examine(Investigations by) {
        instance.situation = Situation.NEW.because("the probe was late");
        vertx.runOnContext(now -> by.beforeStop(instance, stops::incrementAndGet));
    }

    private static void awaitOne(AtomicInteger count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> count.get() == 1);
    }

    @Test
    void theStopFollowsTheLook() {
        examine(patient);
        looked.complete(new Evidence(List.of(), List.of("a line"), List.of(), List.of()));
        awaitOne(stops);
        await().atMost(Duration.ofSeconds(30)).until(() -> incidents.size() == 1);
        assertThat(incidents.getFirst().kind()).isEqualTo(IncidentKind.UNHEALTHY);
        assertThat(incidents.getFirst().reason()).isEqualTo("the probe was late");
        assertThat(incidents.getFirst().evidence().log()).containsExactly("a line");
    }

    @Test
    void aLookThatTakesTooLongIsNotWaitedForAndStillTold() {
        long begun = System.nanoTime();
        examine(investigations);
        awaitOne(stops);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(900));
        looked.fail("gone");
        await().atMost(Duration.ofSeconds(30)).until(() -> incidents.size() == 1);
        assertThat(incidents.getFirst().evidence().notes().getFirst()).startsWith("The evidence could not be gathered");
        assertThat(stops).hasValue(1);
    }

    @Test
    void whoAsksForTheStopDoesNotWaitAndItIsDoneOnce() {
        examine(patient);
        vertx.runOnContext(now -> patient.hurry("web-1-a"));
        awaitOne(stops);
        looked.complete(Evidence.none("x"));
        await().atMost(Duration.ofSeconds(30)).until(() -> incidents.size() == 1);
        assertThat(stops).hasValue(1);
    }

    @Test
    void aKillForMemoryIsAnIncidentOfItsOwnKind() {
        looked.complete(Evidence.none("x"));
        vertx.runOnContext(
                now -> investigations.ended(instance, new Exit.KilledForMemory(), "oom-killed after 1 s", 7L, -1));
        await().atMost(Duration.ofSeconds(30)).until(() -> incidents.size() == 1);
        assertThat(incidents.getFirst().kind()).isEqualTo(IncidentKind.OUT_OF_MEMORY);
    }
}
