package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
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
    void theExitStatusOfTheServiceIsSeen() throws Exception {
        assertThat(instances.sh("exit 7").ended()).isEqualTo(new Exit.Status(7));
        assertThat(instances.sh("exit 0").ended()).isEqualTo(new Exit.Status(0));
    }

    @Test
    void theSignalThatKilledTheServiceIsSeen() throws Exception {
        assertThat(instances.sh("kill -KILL $$").ended()).isEqualTo(new Exit.Killed(9));
        assertThat(instances.sh("kill -SEGV $$").ended()).isEqualTo(new Exit.Killed(11));
    }

    @Test
    void theServicePidIsThatOfTheCommandItself() throws Exception {
        var instance = instances.launch(List.of("sleep", "60"));

        ProcessStat stat = instance.service().stat().orElseThrow();
        await().atMost(Instances.SOON)
                .until(() -> ProcessStat.of(stat.pid()).orElseThrow().command().equals("sleep"));
        assertThat(stat.session()).isEqualTo(instance.shim().pid());
        assertThat(instance.members()).containsExactly(instance.service());
    }

    @Test
    void aTermOfTheWholeGroupIsRecordedByTheShim() throws Exception {
        var instance = instances.launch(List.of("sleep", "60"));
        var service = instance.service();
        // what comes while it still is the shell that becomes it is for that shell
        await().atMost(Instances.SOON)
                .until(() -> service.stat().orElseThrow().command().equals("sleep"));

        Libc.kill(-instance.shim().pid(), Signal.TERM.number());

        assertThat(instance.ended()).isEqualTo(new Exit.Killed(15));
        assertThat(instance.launched().run().exit()).contains(new Exit.Killed(15));
    }

    @Test
    void whenMemoryRunsOutTheServiceIsToGoBeforeArgusAndTheShim() throws Exception {
        var instance = instances.sh("cat /proc/$$/oom_score_adj; cat /proc/$PPID/oom_score_adj; sleep 60");
        await().atMost(Instances.SOON).until(() -> instance.output().lines().count() == 2);

        String own = Files.readString(Path.of("/proc/self/oom_score_adj")).trim();
        String raised = Integer.toString(Math.max(200, Integer.parseInt(own)));
        assertThat(instance.output().lines()).containsExactly(raised, own);
    }

    @Test
    void noSignalIsIgnoredOrBlockedInTheService() throws Exception {
        var instance = instances.sh("exec grep -E '^Sig(Ign|Blk)' /proc/self/status");

        instance.ended();

        assertThat(instance.output()).contains("SigBlk:\t0000000000000000").contains("SigIgn:\t0000000000000000");
    }

    @Test
    void standardInputIsEmpty() throws Exception {
        var instance = instances.sh("readlink /proc/self/fd/0; cat; echo end");

        instance.ended();

        assertThat(instance.output()).isEqualTo("/dev/null\nend\n");
    }

    @Test
    void noFileOfArgusIsInherited() throws Exception {
        // An eventfd without close-on-exec, such as a careless library would leave.
        int stray = Libc.eventDescriptor(0);
        try {
            var instance = instances.launch(List.of("ls", "/proc/self/fd"));
            instance.ended();

            // 3 is the directory that ls itself reads
            assertThat(instance.output().lines()).containsExactly("0", "1", "2", "3");
        } finally {
            Libc.close(stray);
        }
    }

    @Test
    void theEnvironmentIsExactlyTheOneGiven() throws Exception {
        var instance =
                instances.launch(List.of("env"), Map.of("GREETING", "two words\nand $(a line)", "argus_other", "x"));

        instance.ended();

        assertThat(instance.output())
                .contains("GREETING=two words\nand $(a line)\n", "argus_other=x\n", "ARGUS_INSTANCE=" + instance.id());
        assertThat(instance.output().lines()).hasSize(5);
    }

    @Test
    void argumentsReachTheServiceAsTheyAre() throws Exception {
        var instance = instances.launch(List.of("printf", "[%s]", "a b", "", "$(id)", "';`x`", "--", "ä*"));

        instance.ended();

        assertThat(instance.output()).isEqualTo("[a b][][$(id)][';`x`][--][ä*]");
    }

    @Test
    void theLogIsAppendedToAndBelongsToItsOwnerAlone() throws Exception {
        LaunchSpec spec = instances.spec("twice", List.of("sh", "-c", "echo out; echo err >&2"), Map.of());
        for (int i = 0; i < 2; i++) {
            var exit = new CompletableFuture<Exit>();
            instances.launcher.launch(spec, exit::complete);
            exit.get();
        }

        assertThat(Files.readString(spec.log())).isEqualTo("out\nerr\nout\nerr\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(spec.log())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(spec.run().path())))
                .isEqualTo("rwx------");
    }

    @Test
    void theEndOfAKilledServiceLeavesNoWordsOfTheShellInItsLog() throws Exception {
        var instance = instances.sh("echo before; kill -KILL $$");

        instance.ended();

        assertThat(instance.output()).isEqualTo("before\n");
    }

    @Test
    void aLogThatIsASymbolicLinkIsRefused() throws IOException {
        LaunchSpec spec = instances.spec("linked", List.of("true"), Map.of());
        Path target = Files.writeString(directory.resolve("precious"), "precious");
        Files.createSymbolicLink(spec.log(), target);

        assertThatThrownBy(() -> instances.launcher.launch(spec, exit -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("symbolic link");
        assertThatThrownBy(() -> Spawner.ofThisMachine()
                        .spawn(List.of("/bin/true"), Map.of(), directory, spec.log(), Optional.empty()))
                .isInstanceOf(LaunchException.class);
        assertThat(target).hasContent("precious");
    }

    @Test
    void aMissingCommandIsNamed() {
        assertThatThrownBy(() -> instances.launch(List.of("./nowhere")))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("./nowhere does not exist in " + directory);
        assertThatThrownBy(() -> instances.launch(List.of("no-such-command-anywhere")))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("no-such-command-anywhere was not found on the service's PATH");
    }

    @Test
    void aFileThatMayNotBeExecutedIsNamed() throws IOException {
        Files.writeString(directory.resolve("app"), "#!/bin/sh\n");

        assertThatThrownBy(() -> instances.launch(List.of("./app")))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("chmod +x");
        assertThatThrownBy(() -> instances.launch(List.of("./run"))).isInstanceOf(LaunchException.class);
    }

    @Test
    void aScriptWhoseInterpreterIsMissingIsNamed() throws IOException {
        Path script = Files.writeString(directory.resolve("script"), "#!/opt/no-such/ruby -w\nputs 1\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();

        assertThatThrownBy(() -> instances.launch(List.of("./script")))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("/opt/no-such/ruby");
    }

    @Test
    void anEnvironmentWithoutTheCookieIsRefused() {
        LaunchSpec good = instances.spec("cookie", List.of("true"), Map.of());

        assertThatThrownBy(() -> new LaunchSpec(
                        good.run(), good.command(), Map.of("PATH", "/bin"), good.directory(), good.log()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ARGUS_INSTANCE");
    }

    @Test
    void aShimThatIsKilledIsToldAndTheServiceStillWatched() throws Exception {
        var instance = instances.launch(List.of("sleep", "60"));
        ProcessIdentity service = instance.service();

        assertThat(Signal.KILL.send(instance.shim())).isTrue();
        await().atMost(Instances.SOON).until(() -> !instance.shimLost().isEmpty());

        assertThat(instance.shimLost()).containsExactly(service);
        assertThat(instance.exit()).isNotDone();
        assertThat(Signal.KILL.send(service)).isTrue();
        assertThat(instance.ended()).isEqualTo(new Exit.Unknown());
    }

    @Test
    void twoHundredQuickLaunchesLeaveNothingBehind() throws Exception {
        instances.sh("exit 0").ended();
        int filesBefore = openFiles();
        long threadsBefore = platformThreads();
        var all = new ArrayList<Instances.Instance>();
        for (int i = 0; i < 200; i++) {
            all.add(instances.sh("exit " + i % 100));
        }
        for (int i = 0; i < 200; i++) {
            assertThat(all.get(i).ended()).isEqualTo(new Exit.Status(i % 100));
        }

        // a reaped child has no entry at all: a zombie would
        assertThat(all)
                .allSatisfy(instance -> assertThat(
                                ProcessStat.of(instance.shim().pid())
                                        .filter(stat -> stat.startTicks()
                                                == instance.shim().startTicks()))
                        .isEmpty());
        assertThat(instances.watcher.size()).isZero();
        await().atMost(Instances.SOON).untilAsserted(() -> {
            assertThat(openFiles()).isLessThanOrEqualTo(filesBefore + 2);
            assertThat(platformThreads()).isLessThanOrEqualTo(threadsBefore + 2);
        });
    }

    @Test
    void anOlderMachineLaunchesThroughTheSetsidCommand(@TempDir Path other) throws Exception {
        try (var older = new Instances(other, new SetsidSpawner())) {
            assertThat(older.sh("echo hello; exit 3").ended()).isEqualTo(new Exit.Status(3));
            var instance = older.launch(List.of("sleep", "60"));
            ProcessStat stat = instance.service().stat().orElseThrow();
            assertThat(stat.session()).isEqualTo(instance.shim().pid());
            assertThat(older.stop(instance, Instances.SOON).graceful()).isTrue();
            assertThat(instance.ended()).isEqualTo(new Exit.Killed(15));
            var exact = older.launch(List.of("env"), Map.of("A", "b"));
            exact.ended();
            assertThat(exact.output().lines())
                    .containsExactlyInAnyOrder("A=b", "PATH=/usr/bin:/bin", "ARGUS_INSTANCE=" + exact.id());
        }
    }

    private static int openFiles() {
        return Arrays.asList(new File("/proc/self/fd").list()).size();
    }

    private static long platformThreads() {
        return Thread.getAllStackTraces().size();
    }
}
