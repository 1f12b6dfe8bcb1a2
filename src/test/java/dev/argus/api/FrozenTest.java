package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.argus.process.ProcessStat;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service in whose process the kernel waits (state D), so that not even SIGKILL ends it: done by the freezer of version 1 of control groups, the one means
 * that can be undone. Needs root and that freezer.
 */
@Tag("slow")
final class FrozenTest {
    private static final Path FREEZER = Path.of("/sys/fs/cgroup/freezer");
    private static final String NAME = "frozen";

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private RunningArgus argus;

    @SuppressWarnings("NullAway.Init")
    private ServiceRepository repository;

    private final Path group =
            FREEZER.resolve("argus-test-" + ProcessHandle.current().pid());
    private long pid;

    @BeforeEach
    void start() throws Exception {
        assumeThat(FREEZER.resolve("cgroup.procs"))
                .as("the freezer of version 1 of control groups, and the right to use it")
                .isWritable();
        argus = RunningArgus.start(directory.resolve("data"));
        repository = SmallService.repository(directory, NAME);
        argus.deployed(NAME, repository);
        pid = argus.pid(NAME);
        Files.createDirectory(group);
        Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
    }

    @AfterEach
    void end() throws IOException {
        if (Files.exists(group)) {
            thaw();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Files.readString(group.resolve("cgroup.procs")).isEmpty());
            Files.delete(group);
        }
        if (argus != null) {
            argus.close();
        }
    }

    private void freeze() throws IOException {
        Files.writeString(group.resolve("freezer.state"), "FROZEN");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> ProcessStat.of(pid).map(ProcessStat::state).equals(Optional.of('D')));
    }

    private void thaw() throws IOException {
        Files.writeString(group.resolve("freezer.state"), "THAWED");
    }

    private void awaitItIsSaid() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(argus.get("/services/" + NAME + "/why").body())
                                .contains("1 process does not end even by SIGKILL: pid " + pid)
                                .contains("(state D)")
                                .contains("its stop is tried again every 5 s"));
    }

    @Test
    void nothingIsStartedBesideAProcessThatDoesNotEndAndAsSoonAsItDoesTheServiceIsBack() throws Exception {
        List<Long> before = argus.processesOf(NAME);

        freeze();

        awaitItIsSaid();
        assertThat(argus.instance(NAME).getString("state")).isEqualTo("stopping");
        assertThat(argus.service(NAME).getString("status")).isEqualTo("failed");
        assertThat(argus.processesOf(NAME)).contains(pid).isSubsetOf(before);

        thaw();

        await().atMost(Duration.ofSeconds(60))
                .until(() -> argus.service(NAME).getString("status").equals("running"));
        assertThat(argus.pid(NAME)).isNotEqualTo(pid);
        assertThat(argus.instance(NAME).getInteger("restarts")).isEqualTo(1);
        assertThat(argus.processesOf(NAME)).doesNotContain(pid);
    }

    @Test
    void aStopByHandIsNotSaidToBeDoneBeforeItIs() throws Exception {
        freeze();
        argus.post("/services/" + NAME + "/stop");

        awaitItIsSaid();
        assertThat(argus.service(NAME).getString("status")).isEqualTo("failed");

        thaw();

        argus.awaitStopped(NAME);
    }

    @Test
    void anUndeployThatCannotBeDoneSaysWhyAtOnceAndIsDoneAsSoonAsItCan() throws Exception {
        freeze();

        Answer refused = argus.delete("/services/" + NAME);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.detail())
                .contains("pid " + pid)
                .contains("(state D)")
                .endsWith("; the service is removed as soon as that is no longer so.");

        thaw();

        await().atMost(Duration.ofSeconds(60)).until(() -> Files.notExists(argus.serviceDirectory(NAME)));
        assertThat(argus.processesOf(NAME)).isEmpty();
        // the name is free again
        await().atMost(Duration.ofSeconds(30))
                .until(() -> argus.post("/services/" + NAME + "/deploy", repository.body())
                                .status()
                        == 202);
        argus.awaitStatus(NAME, "running");
    }

    @Test
    void aDeploymentIsNotHeldUpByAnInstanceOfTheFormerReleaseThatDoesNotEnd() throws Exception {
        freeze();

        argus.deployed(NAME, new JsonObject());

        assertThat(argus.processesOf(NAME)).contains(pid);
        assertThat(SmallService.ask(argus.service(NAME).getJsonArray("instances").stream()
                        .map(JsonObject.class::cast)
                        .filter(instance -> instance.getString("state").equals("running"))
                        .mapToInt(instance -> instance.getInteger("port"))
                        .findFirst()
                        .orElseThrow()))
                .isNotEqualTo(pid);

        thaw();

        argus.awaitStatus(NAME, "running");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !argus.processesOf(NAME).contains(pid));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> argus.service(NAME).getJsonArray("instances").size() == 1);
    }
}
