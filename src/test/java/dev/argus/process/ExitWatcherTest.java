package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExitWatcherTest {
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
    void theEndOfAProcessThatIsNoChildIsSeen() throws Exception {
        var instance = instances.launch(List.of("sleep", "60"));
        ProcessIdentity service = instance.service();
        assertThat(ProcessStat.of(service.pid()).orElseThrow().parent())
                .isNotEqualTo(ProcessHandle.current().pid());
        var ended = new CountDownLatch(1);
        instances.watcher.watch(service, ended::countDown);

        Signal.KILL.send(service);

        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aProcessThatIsAlreadyGoneIsToldAtOnce() throws Exception {
        var ended = new CountDownLatch(2);

        instances.watcher.watch(
                new ProcessIdentity(ProcessHandle.current().pid(), 1, "another-boot"), ended::countDown);
        instances.watcher.watchAll(List.of(), ended::countDown);

        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void nobodyIsToldAfterTheWatchingWasClosed() throws Exception {
        var instance = instances.launch(List.of("sleep", "60"));
        var calls = new AtomicInteger();
        instances.watcher.watch(instance.service(), calls::incrementAndGet).close();
        var later = new CountDownLatch(1);
        instances.watcher.watch(instance.service(), later::countDown);

        Signal.KILL.send(instance.service());

        assertThat(later.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(calls).hasValue(0);
    }

    @Test
    void aListenerThatThrowsDoesNotBlindTheWatcher() throws Exception {
        instances.watcher.watch(new ProcessIdentity(1, 0, "another-boot"), () -> {
            throw new IllegalStateException("on purpose: this is logged");
        });

        assertThat(instances.sh("exit 5").ended()).isEqualTo(new Exit.Status(5));
    }

    @Test
    void aClosedWatcherRefusesAndReleasesEverything() throws Exception {
        var instance = instances.launch(List.of("sleep", "60"));
        var other = new ExitWatcher();
        other.watch(instance.service(), () -> {});

        other.close();

        assertThat(other.size()).isZero();
        assertThatThrownBy(() -> other.watch(instance.service(), () -> {})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void hundredProcessesThatEndTogetherAreAllSeen() throws Exception {
        var all = new ArrayList<Instances.Instance>();
        for (int i = 0; i < 100; i++) {
            all.add(instances.launch(List.of("sleep", "60")));
        }
        var shims = all.stream().map(Instances.Instance::shim).toList();
        var ended = new CountDownLatch(1);
        instances.watcher.watchAll(shims, ended::countDown);
        for (var instance : all) {
            Signal.KILL.send(instance.service());
        }

        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        for (var instance : all) {
            assertThat(instance.ended()).isEqualTo(new Exit.Killed(9));
        }
    }

    @Test
    void aLaterArgusAdoptsWhatRunsAndSeesItsExitStatus() throws Exception {
        var instance = instances.sh("while [ ! -e go ]; do sleep 0.02; done; exit 9");
        instance.service();
        var run = new RunDirectory(instance.launched().run().path());

        // Another watcher, as of an Argus whose children these are not.
        try (var later = new ExitWatcher()) {
            Adopted adopted = run.adopt();
            assertThat(adopted)
                    .isEqualTo(new Adopted.Running(run, Optional.of(instance.shim()), Optional.of(instance.service())));
            var exit = new CompletableFuture<Exit>();
            later.watch((Adopted.Running) adopted, exit::complete);
            Files.createFile(directory.resolve("go"));
            assertThat(exit.get(10, TimeUnit.SECONDS)).isEqualTo(new Exit.Status(9));
        }
        instance.ended();
        assertThat(run.adopt()).isEqualTo(new Adopted.Exited(new Exit.Status(9)));
    }

    @Test
    void anInstanceWhoseShimIsGoneIsAdoptedByItsOwnProcess() throws Exception {
        var instance = instances.launch(List.of("sleep", "60"));
        ProcessIdentity service = instance.service();
        Signal.KILL.send(instance.shim());
        await().atMost(Instances.SOON).until(() -> !instance.shimLost().isEmpty());

        Adopted adopted = instance.launched().run().adopt();

        assertThat(adopted)
                .isEqualTo(new Adopted.Running(instance.launched().run(), Optional.empty(), Optional.of(service)));
        var exit = new CompletableFuture<Exit>();
        instances.watcher.watch((Adopted.Running) adopted, exit::complete);
        Signal.KILL.send(service);
        assertThat(exit.get(10, TimeUnit.SECONDS)).isEqualTo(new Exit.Unknown());
    }

    @Test
    void anInstanceOfAnEarlierBootIsGone() throws Exception {
        var instance = instances.launch(List.of("sleep", "60"));
        ProcessIdentity service = instance.service();
        RunDirectory run = instance.launched().run();

        run.recordShim(ofAnotherBoot(instance.shim()));
        run.recordService(ofAnotherBoot(service));

        assertThat(run.adopt()).isEqualTo(new Adopted.Gone());
    }

    private static ProcessIdentity ofAnotherBoot(ProcessIdentity process) {
        return new ProcessIdentity(process.pid(), process.startTicks(), "another-boot");
    }

    @Test
    void aShimThatArgusHadNoTimeToRecordIsFoundByTheCookie() throws Exception {
        var instance = instances.launch(List.of("sleep", "60"));
        ProcessIdentity service = instance.service();
        RunDirectory run = instance.launched().run();
        Files.delete(run.path().resolve("shim"));
        Files.delete(run.path().resolve("pid"));

        assertThat(run.adopt()).isEqualTo(new Adopted.Running(run, Optional.of(instance.shim()), Optional.of(service)));
        assertThat(new RunDirectory(directory.resolve("run/other")).adopt()).isEqualTo(new Adopted.Gone());
    }

    @Test
    void aTornExitRecordDoesNotCount() throws Exception {
        var run = new RunDirectory(directory.resolve("run/torn"));
        run.make();

        Files.writeString(run.path().resolve("exit"), "13");
        assertThat(run.exit()).isEmpty();
        Files.writeString(run.path().resolve("exit"), "137\n");
        assertThat(run.exit()).contains(new Exit.Killed(9));
        Files.writeString(run.path().resolve("exit"), "nonsense\n");
        assertThat(run.exit()).isEmpty();

        run.delete();
        assertThat(run.path()).doesNotExist();
    }

    @Test
    void aRecordThatCannotBeWrittenIsReplacedByTheStatusOfTheShim() throws Exception {
        String script = "while [ ! -s run/full/shim ]; do sleep 0.01; done; rm -r run/full; kill -KILL $$";
        LaunchSpec spec = instances.spec("full", List.of("sh", "-c", script), Map.of());
        var exit = new CompletableFuture<Exit>();
        instances.launcher.launch(spec, exit::complete);

        assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(new Exit.Killed(9));
    }
}
