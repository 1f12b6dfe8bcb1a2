package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedLaunchTest {
    @TempDir
    Path directory;

    private Instances instances;

    @BeforeEach
    void start() {
        instances = new Instances(directory);
    }

    @AfterEach
    void stop() {
        instances.close();
    }

    @Test
    void aRestartUsesTheShimThatWaitsAndRecordsEachEnd() throws Exception {
        LaunchSpec spec =
                instances.spec("again", List.of("sh", "-c", "echo x >>count; exit $(wc -l <count)"), Map.of());
        var shims = new LinkedHashSet<ProcessIdentity>();
        try (PreparedLaunch prepared = instances.launcher.prepare(spec)) {
            for (int i = 1; i <= 5; i++) {
                var exit = new CompletableFuture<Exit>();
                shims.add(prepared.launch(exit::complete).shim());
                assertThat(seen(exit)).isEqualTo(new Exit.Status(i));
                assertThat(spec.run().exit()).contains(new Exit.Status(i));
            }
            assertThat(shims).singleElement().matches(ProcessIdentity::isAlive);
            assertThat(Members.of("again", Optional.of(shims.getFirst()))).isEmpty();
        }
        awaitGone(shims.getFirst());
    }

    @Test
    void aKilledServiceIsStartedAgainAndTheNewPidIsKnown() throws Exception {
        try (PreparedLaunch prepared = sleeper()) {
            var first = new CompletableFuture<Exit>();
            ProcessIdentity one = prepared.launch(first::complete).service().get(10, TimeUnit.SECONDS);
            Signal.KILL.send(one);
            assertThat(seen(first)).isEqualTo(new Exit.Killed(9));

            var second = new CompletableFuture<Exit>();
            ProcessIdentity two = prepared.launch(second::complete).service().get(10, TimeUnit.SECONDS);

            assertThat(two).isNotEqualTo(one);
            assertThat(prepared.spec().run().service()).contains(two);
            assertThat(prepared.spec().run().exit()).isEmpty();
            assertThat(second).isNotDone();
            end(prepared);
            assertThat(seen(second)).isEqualTo(new Exit.Killed(15));
        }
    }

    @Test
    void anAllowedRestartHappensOnceInTheMomentOfTheEnd() throws Exception {
        try (PreparedLaunch prepared = sleeper()) {
            var first = new Told();
            var second = new Told();
            ProcessIdentity one = prepared.launch(first).service().get(10, TimeUnit.SECONDS);
            prepared.allowRestart(exit -> exit instanceof Exit.Killed, second);

            Signal.KILL.send(one);
            ProcessIdentity two = seen(first.again).service().get(10, TimeUnit.SECONDS);
            assertThat(first.exit).isCompletedWithValue(new Exit.Killed(9));
            assertThat(two).isNotEqualTo(one);
            assertThat(prepared.spec().run().exit()).isEmpty();

            Signal.KILL.send(two);
            assertThat(seen(second.exit)).isEqualTo(new Exit.Killed(9));
            assertThat(second.again).isNotDone();
        }
    }

    @Test
    void aRestartThatIsForbiddenAgainOrDoesNotFitTheExitIsOnlyTold() throws Exception {
        try (PreparedLaunch prepared = sleeper()) {
            var first = new Told();
            ProcessIdentity one = prepared.launch(first).service().get(10, TimeUnit.SECONDS);
            prepared.allowRestart(exit -> true, new Told());
            prepared.forbidRestart();
            Signal.KILL.send(one);
            assertThat(seen(first.exit)).isEqualTo(new Exit.Killed(9));

            var second = new Told();
            ProcessIdentity two = prepared.launch(second).service().get(10, TimeUnit.SECONDS);
            prepared.allowRestart(exit -> exit instanceof Exit.Status, new Told());
            Signal.KILL.send(two);
            assertThat(seen(second.exit)).isEqualTo(new Exit.Killed(9));
            assertThat(first.again).isNotDone();
            assertThat(second.again).isNotDone();
        }
    }

    private static final class Told implements ExitListener {
        final CompletableFuture<Exit> exit = new CompletableFuture<>();
        final CompletableFuture<Launched> again = new CompletableFuture<>();

        @Override
        public void exited(Exit how) {
            exit.complete(how);
        }

        @Override
        public void restarted(Exit how, Launched launched) {
            exit.complete(how);
            again.complete(launched);
        }
    }

    @Test
    void aShimThatWasKilledWhileItWaitedIsReplaced() throws Exception {
        LaunchSpec spec = instances.spec("replaced", List.of("sh", "-c", "exit 3"), Map.of());
        try (PreparedLaunch prepared = instances.launcher.prepare(spec)) {
            var first = new CompletableFuture<Exit>();
            ProcessIdentity shim = prepared.launch(first::complete).shim();
            seen(first);
            Signal.KILL.send(shim);
            awaitGone(shim);

            var second = new CompletableFuture<Exit>();
            assertThat(prepared.launch(second::complete).shim()).isNotEqualTo(shim);
            assertThat(seen(second)).isEqualTo(new Exit.Status(3));
        }
    }

    @Test
    void closingLeavesARunningServiceAndItsEndIsStillSeen() throws Exception {
        var exit = new CompletableFuture<Exit>();
        PreparedLaunch prepared = sleeper();
        Launched launched = prepared.launch(exit::complete);
        ProcessIdentity service = launched.service().get(10, TimeUnit.SECONDS);

        prepared.close();

        assertThat(service.isAlive()).isTrue();
        Signal.KILL.send(service);
        assertThat(seen(exit)).isEqualTo(new Exit.Killed(9));
        awaitGone(launched.shim());
    }

    @Test
    void stoppingEndsTheWaitingShimToo() throws Exception {
        LaunchSpec spec = instances.spec("waiting", List.of("true"), Map.of());
        try (PreparedLaunch prepared = instances.launcher.prepare(spec)) {
            var exit = new CompletableFuture<Exit>();
            ProcessIdentity shim = prepared.launch(exit::complete).shim();
            seen(exit);

            StopOutcome outcome =
                    instances.stopper.stop("waiting", Optional.of(shim), Duration.ofSeconds(10), Optional.empty());

            assertThat(outcome.graceful()).isTrue();
            assertThat(outcome.duration()).isLessThan(Duration.ofSeconds(10));
            assertThat(shim.isAlive()).isFalse();
            assertThat(spec.run().adopt()).isEqualTo(new Adopted.Exited(new Exit.Status(0)));
        }
    }

    @Test
    void whatAnEarlierLaunchLeftBehindIsStoppedAndTheNewOneSpared() throws Exception {
        LaunchSpec spec = instances.spec(
                "leftovers", List.of("sh", "-c", "(setsid sleep 61 &); sleep 60 & echo ready; wait"), Map.of());
        try (PreparedLaunch prepared = instances.launcher.prepare(spec)) {
            var first = new CompletableFuture<Exit>();
            Launched one = prepared.launch(first::complete);
            ProcessIdentity oldService = one.service().get(10, TimeUnit.SECONDS);
            await().atMost(Instances.SOON).until(() -> members(one).size() == 3);
            assertThat(Members.groupIsEmpty(one.shim())).isFalse();
            List<ProcessIdentity> leftovers = members(one).stream()
                    .filter(member -> !member.equals(oldService))
                    .toList();
            // So that the clock of the kernel, of 10 ms, tells the old ones from the new.
            await().atMost(Instances.SOON)
                    .until(() -> ticksNow() > leftovers.getLast().startTicks());
            Signal.KILL.send(oldService);
            seen(first);
            Launched two = prepared.launch(exit -> {});
            ProcessIdentity service = two.service().get(10, TimeUnit.SECONDS);
            await().atMost(Instances.SOON).until(() -> members(two).size() == 5);

            StopOutcome outcome = instances.stopper.stopLeftovers(
                    "leftovers", Optional.of(two.shim()), service, Duration.ofSeconds(10));

            assertThat(outcome.graceful()).isTrue();
            assertThat(leftovers).noneMatch(ProcessIdentity::isAlive);
            assertThat(members(two)).hasSize(3).contains(service);
            assertThat(two.shim().isAlive()).isTrue();
            instances.stopper.stop("leftovers", Optional.of(two.shim()), Duration.ofSeconds(10), Optional.empty());
            assertThat(Members.groupIsEmpty(two.shim())).isTrue();
        }
    }

    @Test
    void theGroupOfAWaitingShimCountsAsEmpty() throws Exception {
        LaunchSpec spec = instances.spec("alone", List.of("true"), Map.of());
        try (PreparedLaunch prepared = instances.launcher.prepare(spec)) {
            var exit = new CompletableFuture<Exit>();
            ProcessIdentity shim = prepared.launch(exit::complete).shim();
            seen(exit);

            assertThat(shim.isAlive()).isTrue();
            assertThat(Members.groupIsEmpty(shim)).isTrue();
            assertThat(prepared.spec()).isEqualTo(instances.spec("alone", List.of("true"), Map.of()));
        }
    }

    private static List<ProcessIdentity> members(Launched launched) {
        return Members.of(launched.run().instance(), Optional.of(launched.shim()));
    }

    private static long ticksNow() throws IOException {
        double uptime =
                Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0]);
        return (long) (uptime * Libc.clockTicksPerSecond()) - 1;
    }

    @Test
    void theServiceHasNoPartInTheChannel() throws Exception {
        LaunchSpec spec = instances.spec("closed", List.of("ls", "/proc/self/fd"), Map.of());
        try (PreparedLaunch prepared = instances.launcher.prepare(spec)) {
            var exit = new CompletableFuture<Exit>();
            prepared.launch(exit::complete);
            seen(exit);
            assertThat(Files.readAllLines(spec.log())).containsExactly("0", "1", "2", "3");
        }
    }

    @Test
    void hundredRestartsLeaveNothingBehind() throws Exception {
        LaunchSpec spec = instances.spec("many", List.of("true"), Map.of());
        int before;
        try (PreparedLaunch prepared = instances.launcher.prepare(spec)) {
            var warm = new CompletableFuture<Exit>();
            prepared.launch(warm::complete);
            seen(warm);
            before = openFiles();
            for (int i = 0; i < 100; i++) {
                var exit = new CompletableFuture<Exit>();
                prepared.launch(exit::complete);
                assertThat(seen(exit)).isEqualTo(new Exit.Status(0));
            }
            assertThat(openFiles()).isLessThanOrEqualTo(before + 1);
        }
        await().atMost(Instances.SOON).until(() -> instances.watcher.size() == 0);
        assertThat(openFiles()).isLessThan(before);
    }

    @Test
    void anOlderMachineStartsANewShimEachTime(@TempDir Path other) throws Exception {
        try (var older = new Instances(other, new SetsidSpawner());
                PreparedLaunch prepared =
                        older.launcher.prepare(older.spec("older", List.of("sh", "-c", "exit 6"), Map.of()))) {
            for (int i = 0; i < 3; i++) {
                var exit = new CompletableFuture<Exit>();
                prepared.launch(exit::complete);
                assertThat(seen(exit)).isEqualTo(new Exit.Status(6));
            }
        }
    }

    private PreparedLaunch sleeper() {
        return instances.launcher.prepare(instances.spec("sleeper", List.of("sleep", "60"), Map.of()));
    }

    private void end(PreparedLaunch prepared) throws IOException {
        instances.stopper.stop("sleeper", prepared.spec().run().shim(), Duration.ofSeconds(10), Optional.empty());
    }

    private static <T> T seen(CompletableFuture<T> exit) throws Exception {
        return exit.get(10, TimeUnit.SECONDS);
    }

    private static void awaitGone(ProcessIdentity process) {
        await().atMost(Instances.SOON).until(() -> !process.isAlive());
    }

    private static int openFiles() {
        return new File("/proc/self/fd").list().length;
    }
}
