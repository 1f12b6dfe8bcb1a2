package dev.argus.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.instance.Health;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceState;
import dev.argus.service.Desired;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import dev.argus.service.ServiceSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangesTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:20:35Z");

    private static Instance instance(InstanceState state, Health health, int restarts, boolean failed, String reason) {
        return new Instance(
                "web-1-a", "web", 1, state, health, 7L, 80, restarts, NOW, failed, true, reason, "", false, List.of());
    }

    private static Service service(String by, Desired desired, Map<String, String> env) {
        return new Service(
                ServiceName.of("web"),
                "https://example.org/web.git",
                "main",
                ServiceSpec.NONE.withEnv(env),
                desired,
                false,
                1,
                NOW,
                by,
                NOW);
    }

    private static List<String> texts(List<Entry> entries) {
        return entries.stream().map(Entry::text).toList();
    }

    @Test
    void aRestartIsToldWithItsReason() {
        var before = instance(InstanceState.RUNNING, Health.HEALTHY, 1, false, "");
        var after = instance(
                InstanceState.STARTING, Health.UNKNOWN, 2, false, "exit status 1 after 3 s; started again at once.");
        assertThat(Changes.of(before, after, NOW)).singleElement().satisfies(entry -> {
            assertThat(entry.type()).isEqualTo(EntryType.RESTARTED);
            assertThat(entry.text())
                    .isEqualTo(
                            "Instance web-1-a was started again (restart 2): exit status 1 after 3 s; started again at once.");
            assertThat(entry.details()).containsEntry("restarts", 2).containsEntry("instance", "web-1-a");
        });
    }

    @Test
    void healthIsToldWhenItTurns() {
        var starting = instance(InstanceState.RUNNING, Health.UNKNOWN, 0, false, "");
        var healthy = instance(InstanceState.RUNNING, Health.HEALTHY, 0, false, "");
        var unhealthy = instance(InstanceState.STOPPING, Health.UNHEALTHY, 0, false, "the probe answered 503");
        assertThat(texts(Changes.of(starting, healthy, NOW))).containsExactly("Instance web-1-a is healthy.");
        assertThat(texts(Changes.of(healthy, unhealthy, NOW)))
                .containsExactly("Instance web-1-a is unhealthy: the probe answered 503.");
        assertThat(Changes.of(healthy, healthy, NOW)).isEmpty();
        assertThat(Changes.of(healthy, starting, NOW)).isEmpty();
    }

    @Test
    void failureIsToldOnce() {
        var before = instance(InstanceState.RUNNING, Health.UNKNOWN, 4, false, "");
        var failed = instance(InstanceState.BACKOFF, Health.UNKNOWN, 4, true, "5 restarts within 120 s");
        assertThat(texts(Changes.of(before, failed, NOW)))
                .containsExactly("Instance web-1-a has failed: 5 restarts within 120 s.");
        assertThat(Changes.of(failed, failed, NOW)).isEmpty();
    }

    @Test
    void aNewInstanceIsNothingAndOneThatWasGoneIsARestart() {
        assertThat(Changes.of(null, instance(InstanceState.STARTING, Health.UNKNOWN, 0, false, ""), NOW))
                .isEmpty();
        assertThat(texts(Changes.of(
                        null,
                        instance(InstanceState.STARTING, Health.UNKNOWN, 3, false, "was gone when Argus came back"),
                        NOW)))
                .containsExactly("Instance web-1-a was started again (restart 3): was gone when Argus came back.");
    }

    @Test
    void changesOfTheConfigurationAreNamedAndTheirValuesAreNot() {
        var before = service("ann", Desired.RUNNING, Map.of("OLD", "c4nary", "SAME", "c4nary", "OTHER", "c4nary1"));
        var after = service("bob", Desired.RUNNING, Map.of("NEW", "c4nary", "SAME", "c4nary", "OTHER", "c4nary2"));
        assertThat(Changes.of(before, after, NOW)).singleElement().satisfies(entry -> {
            assertThat(entry.text()).isEqualTo("bob changed env.NEW, env.OLD, env.OTHER.");
            assertThat(entry.toString()).doesNotContain("c4nary");
        });
        assertThat(Changes.of(before, before, NOW)).isEmpty();
    }

    @Test
    void stopsAndStartsAreToldWithWhoAskedForThem() {
        var running = service("ann", Desired.RUNNING, Map.of());
        var stopped = service("bob", Desired.STOPPED, Map.of());
        assertThat(texts(Changes.of(null, running, NOW))).containsExactly("The service was made by ann.");
        assertThat(texts(Changes.of(running, stopped, NOW))).containsExactly("Stopped by bob.");
        assertThat(texts(Changes.of(stopped, running, NOW))).containsExactly("Started by ann.");
        assertThat(Changes.of(stopped, service("bob", Desired.REMOVED, Map.of()), NOW))
                .isEmpty();
    }
}
