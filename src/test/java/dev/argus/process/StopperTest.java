package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopperTest {
    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(400);

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
    void aServiceThatEndsOnTermIsStoppedGracefullyAndItsStatusRecorded() throws Exception {
        var instance = instances.sh("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.02; done");
        instance.awaitOutput("ready");

        StopOutcome outcome = instances.stop(instance, PATIENT);

        assertThat(outcome.graceful()).isTrue();
        assertThat(outcome.duration()).isLessThan(Duration.ofSeconds(5));
        assertThat(instance.ended()).isEqualTo(new Exit.Status(3));
        assertThat(instance.output()).contains("bye");
        assertThat(instance.members()).isEmpty();
    }

    @Test
    void aServiceThatIgnoresTermIsKilledAfterTheTimeout() throws Exception {
        var instance = instances.sh("trap '' TERM; echo ready; while :; do sleep 0.02; done");
        instance.awaitOutput("ready");

        StopOutcome outcome = instances.stop(instance, SHORT);

        assertThat(outcome.graceful()).isFalse();
        assertThat(outcome.killed()).isPositive();
        assertThat(outcome.survivors()).isEmpty();
        assertThat(outcome.duration()).isBetween(SHORT, SHORT.plusSeconds(5));
        assertThat(instance.ended()).isEqualTo(new Exit.Killed(9));
    }

    @Test
    void aStoppedProcessIsWokenSoThatItCanEnd() throws Exception {
        var instance = instances.launch(List.of("sleep", "60"));
        Signal.STOP.send(instance.service());
        Signal.STOP.send(instance.shim());
        await().atMost(Instances.SOON)
                .until(() -> instance.service().stat().orElseThrow().state() == 'T');

        StopOutcome outcome = instances.stop(instance, PATIENT);

        assertThat(outcome.graceful()).isTrue();
        assertThat(instance.ended()).isEqualTo(new Exit.Killed(15));
    }

    @Test
    void aStoppedProcessThatIgnoresTermIsKilledWithinTheDeadline() throws Exception {
        var instance = instances.sh("trap '' TERM; echo ready; while :; do sleep 0.02; done");
        instance.awaitOutput("ready");
        Signal.STOP.send(instance.service());
        Signal.STOP.send(instance.shim());
        await().atMost(Instances.SOON)
                .until(() -> instance.service().stat().orElseThrow().state() == 'T');

        StopOutcome outcome = instances.stop(instance, SHORT);

        assertThat(outcome.survivors()).isEmpty();
        assertThat(outcome.duration()).isBetween(SHORT, SHORT.plusSeconds(5));
        assertThat(instance.members()).isEmpty();
    }

    @Test
    void childrenThatOutliveTheirParentAndIgnoreTermAreStoppedWithinTheDeadline() throws Exception {
        var instance = instances.sh(
                "(trap '' TERM; while :; do sleep 0.02; done) & (trap '' TERM; setsid sh -c \"trap '' TERM; while :; do sleep 0.02; done\") & exit 3");
        assertThat(instance.ended()).isEqualTo(new Exit.Status(3));
        assertThat(instance.members()).isNotEmpty();

        StopOutcome outcome = instances.stop(instance, SHORT);

        assertThat(outcome.survivors()).isEmpty();
        assertThat(outcome.duration()).isLessThan(SHORT.plusSeconds(5));
        assertThat(instance.members()).isEmpty();
    }

    @Test
    void theDeadWhomNobodyReapsAreNoMembersAndHoldUpNoStop() throws Exception {
        // becomes a program that never asks for its child
        var instance = instances.sh("sleep 0.01 & echo $!; exec sleep 60");
        await().atMost(Instances.SOON).until(() -> instance.output().endsWith("\n"));
        long child = Long.parseLong(instance.output().trim());
        await().atMost(Instances.SOON)
                .until(() -> ProcessStat.of(child).map(ProcessStat::state).equals(Optional.of('Z')));

        assertThat(instance.members()).containsExactly(instance.service());
        StopOutcome outcome = instances.stop(instance, PATIENT);

        assertThat(outcome.graceful()).isTrue();
        assertThat(outcome.duration()).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void ofWhatTheKernelWaitsInItIsSaidWhatItIsAndWhatToLookAt() {
        var waiting = new ProcessStat(77, "python3", 'D', 1, 77, 77, 0, 5, 10);
        var foreign = new ProcessStat(78, "sh", 'S', 1, 78, 78, 0, 5, 10);

        assertThat(StopOutcome.stuck("web-1", List.of(waiting)))
                .isEqualTo(
                        "Of web-1 1 process does not end even by SIGKILL: pid 77 (python3); the kernel waits in it for a disk"
                                + " or a network file system that does not answer (state D), so look at those.");
        assertThat(StopOutcome.stuck("web-1", List.of(foreign, foreign)))
                .isEqualTo("Of web-1 2 processes do not end even by SIGKILL: pid 78 (sh), pid 78 (sh);"
                        + " look whether another user owns it.");
    }

    @Test
    void aScriptThatPutsItsServiceIntoTheBackgroundAndReturnsIsOwned() throws Exception {
        var instance = instances.sh("sleep 60 & echo started");
        assertThat(instance.ended()).isEqualTo(new Exit.Status(0));

        assertThat(instance.members()).hasSize(1);

        assertThat(instances.stop(instance, PATIENT).graceful()).isTrue();
        assertThat(instance.members()).isEmpty();
    }

    @Test
    void aDaemonInASessionOfItsOwnIsOwnedByItsCookie() throws Exception {
        var instance = instances.sh("(setsid sh -c 'sleep 61 & exec sleep 60' &) ; echo started");
        instance.ended();
        await().atMost(Instances.SOON).until(() -> instance.members().size() == 2);

        assertThat(instance.members())
                .allSatisfy(member -> assertThat(member.stat().orElseThrow().session())
                        .isNotEqualTo(instance.shim().pid()));
        assertThat(instances.stop(instance, PATIENT).survivors()).isEmpty();
        assertThat(instance.members()).isEmpty();
    }

    @Test
    void aChildWithAnEmptyEnvironmentIsOwnedByItsSessionAndByItsParent() throws Exception {
        var instance = instances.sh("env -i /bin/sleep 60 & env -i setsid sleep 61 & echo ready; wait");
        instance.awaitOutput("ready");
        await().atMost(Instances.SOON).until(() -> commands(instance).equals(List.of("sh", "sleep", "sleep")));

        assertThat(instances.stop(instance, PATIENT).survivors()).isEmpty();
        assertThat(instance.members()).isEmpty();
    }

    @Test
    void aProcessOfAnotherInstanceIsLeftAlone() throws Exception {
        var other = instances.launch(List.of("sleep", "60"));
        // Started below it, as by an Argus that is itself a service.
        var instance = instances.sh("ARGUS_INSTANCE=nested sleep 62 & echo $!; wait");
        await().atMost(Instances.SOON).until(() -> instance.output().endsWith("\n"));
        ProcessIdentity nested =
                ProcessIdentity.of(Long.parseLong(instance.output().trim())).orElseThrow();
        await().atMost(Instances.SOON).until(() -> Cookie.of(nested.pid()).equals(Optional.of("nested")));

        instances.stop(instance, PATIENT);

        assertThat(nested.isAlive()).isTrue();
        assertThat(other.service().isAlive()).isTrue();
        assertThat(Signal.KILL.send(nested)).isTrue();
    }

    @Test
    void aLeaderWhosePidWentToAStrangerGivesNoClaimOnTheStrangersSession() throws Exception {
        var stranger = instances.launch(List.of("sleep", "60"));
        ProcessIdentity service = stranger.service();
        var reused = new ProcessIdentity(
                stranger.shim().pid(),
                stranger.shim().startTicks() - 1,
                stranger.shim().bootId());

        StopOutcome outcome = instances.stopper.stop("gone-long-ago", Optional.of(reused), SHORT, Optional.empty());

        assertThat(outcome.graceful()).isTrue();
        assertThat(service.isAlive()).isTrue();
    }

    @Test
    void somethingThatForksWhileItIsStoppedIsCaught() throws Exception {
        var instance =
                instances.sh("trap 'sleep 60 & sleep 61 & exit 0' TERM; echo ready; while :; do sleep 0.02; done");
        instance.awaitOutput("ready");

        StopOutcome outcome = instances.stop(instance, PATIENT);

        assertThat(outcome.survivors()).isEmpty();
        assertThat(instance.members()).isEmpty();
    }

    @Test
    void theServicesOwnStopCommandRunsFirst() throws Exception {
        Path script = script("""
                case $1 in
                  start) (trap 'echo stopped by usr1; exit 0' USR1; trap 'echo stopped by term; exit 0' TERM
                          echo ready; while :; do sleep 0.02; done) &
                         echo $! >pid ;;
                  stop) echo "stopping $ARGUS_INSTANCE"; kill -USR1 "$(cat pid)" ;;
                esac
                """);
        LaunchSpec spec = instances.spec("scripted", List.of("./script.sh", "start"), Map.of());
        var instance = instances.launch(List.of("./script.sh", "start"));
        assertThat(instance.ended()).isEqualTo(new Exit.Status(0));
        instance.awaitOutput("ready");
        var command = new StopCommand(
                List.of("./" + script.getFileName(), "stop"),
                Map.of("PATH", "/usr/bin:/bin", "ARGUS_INSTANCE", instance.id()),
                spec.directory(),
                instance.log());

        StopOutcome outcome =
                instances.stopper.stop(instance.id(), Optional.of(instance.shim()), PATIENT, Optional.of(command));

        assertThat(outcome.graceful()).isTrue();
        assertThat(outcome.commandProblem()).isEmpty();
        assertThat(instance.output())
                .contains("stopping " + instance.id(), "stopped by usr1")
                .doesNotContain("term");
    }

    @Test
    void aStopCommandThatFailsHangsOrIsMissingIsToldAndTheServiceStoppedAllTheSame() throws Exception {
        Map<List<String>, String> problems = Map.of(
                List.of("sh", "-c", "exit 5"), "exit status 5",
                List.of("sleep", "60"), "did not end within half of the stop timeout",
                List.of("true"), "did not stop the service",
                List.of("./missing.sh"), "./missing.sh does not exist");
        for (var problem : problems.entrySet()) {
            var instance = instances.launch(List.of("sleep", "60"));
            instance.service();
            var command = new StopCommand(problem.getKey(), Map.of("PATH", "/usr/bin:/bin"), directory, instance.log());

            StopOutcome outcome = instances.stopper.stop(
                    instance.id(), Optional.of(instance.shim()), Duration.ofSeconds(1), Optional.of(command));

            assertThat(outcome.commandProblem()).get().asString().contains(problem.getValue());
            assertThat(outcome.survivors()).isEmpty();
            assertThat(instance.members()).isEmpty();
        }
    }

    @Test
    void anInterruptEndsThePatience() throws Exception {
        var instance = instances.sh("trap '' TERM; echo ready; while :; do sleep 0.02; done");
        instance.awaitOutput("ready");
        var outcome = new CompletableFuture<StopOutcome>();
        Thread stopping =
                Thread.ofVirtual().start(() -> outcome.complete(instances.stop(instance, Duration.ofMinutes(5))));

        stopping.interrupt();

        assertThat(outcome.get(10, TimeUnit.SECONDS).killed()).isPositive();
        assertThat(instance.members()).isEmpty();
    }

    @Test
    void stoppingWhatIsNotThereIsDone() {
        StopOutcome outcome = instances.stopper.stop("never-was", Optional.empty(), PATIENT, Optional.empty());

        assertThat(outcome.graceful()).isTrue();
        assertThat(outcome.duration()).isLessThan(PATIENT);
    }

    @Test
    void theCookieIsReadExactly() {
        assertThat(Cookie.in("A=1\0ARGUS_INSTANCE=x-1\0B=2\0")).contains("x-1");
        assertThat(Cookie.in("ARGUS_INSTANCE=x-1")).contains("x-1");
        assertThat(Cookie.in("ARGUS_INSTANCE=x-11\0")).contains("x-11");
        assertThat(Cookie.in("MY_ARGUS_INSTANCE=x\0A=ARGUS_INSTANCE=y\0")).isEmpty();
        assertThat(Cookie.in("")).isEmpty();
    }

    private static List<String> commands(Instances.Instance instance) {
        return instance.members().stream()
                .flatMap(member -> member.stat().stream())
                .map(ProcessStat::command)
                .sorted()
                .toList();
    }

    private Path script(String text) throws IOException {
        Path script = Files.writeString(directory.resolve("script.sh"), "#!/bin/sh\n" + text);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }
}
