package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the control groups that this machine really has; where it delegates none, what is done and said then. */
class ControlGroupsTest {
    private static final ResourceLimits LIMITS =
            new ResourceLimits(Optional.of(256L << 20), Optional.of(1.0), Optional.of(64));

    @TempDir
    Path directory;

    private final ControlGroups groups = ControlGroups.establish();
    private final String id = "test-" + UUID.randomUUID();
    private Instances instances;

    @BeforeEach
    void start() {
        instances = new Instances(directory);
    }

    @AfterEach
    void stop() {
        instances.close();
        groups.remove(id);
    }

    private Instances.Instance launch(String script) {
        LaunchSpec plain = instances.spec(id, List.of("sh", "-c", script), Map.of());
        Optional<Path> group = groups.make(id, LIMITS);
        var spec = new LaunchSpec(
                plain.run(), plain.command(), plain.environment(), plain.directory(), plain.log(), group);
        var exit = new CompletableFuture<Exit>();
        return new Instances.Instance(instances.launcher.launch(spec, exit::complete), spec.log(), exit, List.of());
    }

    private boolean delegated() {
        return groups.make(id, LIMITS).isPresent();
    }

    @Test
    void aDaemonThatHidesFromItsSessionItsParentAndItsEnvironmentIsHeldByItsControlGroup() throws Exception {
        // where nothing is delegated nobody finds them: then they end by themselves
        var instance = launch("(env -i setsid sleep 5 &); (env -i setsid sleep 6 &); echo started");
        assertThat(instance.ended()).isEqualTo(new Exit.Status(0));

        if (delegated()) {
            await().atMost(Instances.SOON).until(() -> instance.members().size() == 2);
            assertThat(instance.members())
                    .allSatisfy(member -> assertThat(Cookie.of(member.pid())).isEmpty());
        }
        StopOutcome outcome = instances.stop(instance, Duration.ofSeconds(10));

        assertThat(outcome.survivors()).isEmpty();
        assertThat(instance.members()).isEmpty();
        assertThat(groups.holds(id)).isFalse();
    }

    @Test
    void theGroupIsRemovedOnceAllHasEnded() throws Exception {
        var instance = launch("sleep 60");
        instance.service();
        assertThat(groups.holds(id)).isEqualTo(delegated());

        instances.stop(instance, Duration.ofSeconds(10));

        await().atMost(Instances.SOON).until(() -> {
            groups.remove(id);
            return !ControlGroup.of(id).map(ControlGroup::exists).orElse(false);
        });
    }

    @Test
    void whoBearsChildrenFasterThanTheyAreFoundIsEndedWithAllOfThem() throws Exception {
        // each lives for a moment only, and leaves two behind, at most forty at a time
        var instance = launch(
                "trap '' TERM; breed() { while :; do (trap '' TERM; sleep 0.05; exec sleep 0.2) & sleep 0.02; done; };"
                        + " breed & breed & echo ready; wait");
        instance.awaitOutput("ready");

        StopOutcome outcome = instances.stop(instance, Duration.ofMillis(300));

        assertThat(outcome.survivors()).isEmpty();
        assertThat(outcome.duration()).isLessThan(Duration.ofSeconds(5));
        assertThat(instance.members()).isEmpty();
    }

    @Test
    void anInstanceOfAnEarlierArgusIsTakenIn() throws Exception {
        var instance = instances.launch(List.of("sleep", "60"));
        List<ProcessIdentity> processes = List.of(instance.shim(), instance.service());

        groups.adopt(instance.id(), LIMITS, processes);

        var group = ControlGroup.of(instance.id());
        if (delegated()) {
            assertThat(group.orElseThrow().processes())
                    .containsExactlyInAnyOrderElementsOf(
                            processes.stream().map(ProcessIdentity::pid).toList());
        } else {
            assertThat(instance.service().isAlive()).isTrue();
        }
        instances.stop(instance, Duration.ofSeconds(10));
        groups.remove(instance.id());
        await().atMost(Instances.SOON).until(() -> {
            groups.remove(instance.id());
            return !group.map(ControlGroup::exists).orElse(false);
        });
    }

    @Test
    void eachLimitIsEnforcedOrItIsSaidWhyNot() throws Exception {
        String said = groups.notEnforced(LIMITS);
        Optional<Path> joinBy = groups.make(id, LIMITS);

        for (var limit : Map.of("memory", "memory.max", "cpus", "cpu.max", "tasks", "pids.max")
                .entrySet()) {
            Path file =
                    joinBy.map(path -> path.resolveSibling(limit.getValue())).orElse(directory);
            boolean enforced =
                    Files.isRegularFile(file) && !Files.readString(file).startsWith("max");
            assertThat(said.contains(limit.getKey())).as(limit.getKey()).isEqualTo(!enforced);
        }
        if (!said.isEmpty()) {
            assertThat(said)
                    .startsWith("Its limits of ")
                    .contains(" are not enforced here because ")
                    .endsWith(".");
        }
        assertThat(groups.notEnforced(ResourceLimits.NONE)).isEmpty();
    }

    @Test
    void withoutControlGroupsServicesRunAndTheReasonIsSaid() {
        var none = ControlGroups.none();

        assertThat(none.make(id, LIMITS)).isEmpty();
        assertThat(none.notEnforced(LIMITS))
                .isEqualTo("Its limits of memory, cpus and tasks are not enforced here because"
                        + " Argus was told not to use control groups.");
        none.adopt(id, LIMITS, List.of());
        none.remove(id);
        assertThat(none.holds(id)).isFalse();
    }

    @Test
    void aGroupThatIsGoneWhenTheServiceJoinsKeepsNobodyFromStarting() throws Exception {
        LaunchSpec plain = instances.spec(id, List.of("sh", "-c", "echo alive; exit 4"), Map.of());
        var spec = new LaunchSpec(
                plain.run(),
                plain.command(),
                plain.environment(),
                plain.directory(),
                plain.log(),
                Optional.of(directory.resolve("gone/cgroup.procs")));
        var exit = new CompletableFuture<Exit>();

        instances.launcher.launch(spec, exit::complete);

        assertThat(exit.get(10, TimeUnit.SECONDS)).isEqualTo(new Exit.Status(4));
        assertThat(spec.log()).hasContent("alive");
    }
}
