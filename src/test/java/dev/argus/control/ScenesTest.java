package dev.argus.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.process.Evidence;
import dev.argus.process.InstanceLog;
import dev.argus.process.LogWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is looked at is never somebody else than who was unwell. */
class ScenesTest {
    private static final ProcessCommand.Examine WITH_DUMP = new ProcessCommand.Examine("web-1-a", "web", true);

    /** No bound that a busy machine could reach. */
    private static final Duration PATIENT = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Scenes scenes;

    @SuppressWarnings("NullAway.Init")
    private Process service;

    @SuppressWarnings("NullAway.Init")
    private InstanceLog log;

    @BeforeEach
    void start() throws IOException {
        var layout = new Layout(directory);
        log = layout.log("web", "web-1-a");
        Files.createDirectories(layout.logs("web"));
        var instances = new KnownInstances(layout, new LogWatch(Clock.systemUTC()));
        instances.add("web-1-a", "web");
        scenes = new Scenes(layout, instances, PATIENT);
        var builder = new ProcessBuilder(
                "/bin/sh", "-c", "trap 'echo all threads' QUIT; echo ready; while :; do sleep 600 & wait; done");
        builder.environment().put("ARGUS_INSTANCE", "web-1-a");
        service = builder.redirectErrorStream(true)
                .redirectOutput(log.path().toFile())
                .start();
        await().atMost(Duration.ofSeconds(30)).until(() -> log.tail(1).equals(List.of("ready")));
    }

    @AfterEach
    void end() throws InterruptedException {
        service.descendants().forEach(ProcessHandle::destroyForcibly);
        service.destroyForcibly().waitFor();
    }

    @Test
    void whoIsUnwellIsSeenWithItsLogAndAskedForItsThreads() throws Exception {
        Evidence evidence = scenes.examination(WITH_DUMP).call();

        assertThat(evidence.processes()).anyMatch(process -> process.pid() == service.pid());
        assertThat(evidence.log()).containsExactly("ready");
        assertThat(evidence.dump()).containsExactly("all threads");
    }

    @Test
    void aLookThatComesTooLateTouchesNothingOfTheNextStart() throws Exception {
        Callable<Evidence> look = scenes.examination(WITH_DUMP);
        scenes.stopping("web-1-a");

        Evidence evidence = look.call();

        assertThat(evidence.processes()).isEmpty();
        assertThat(evidence.dump()).isEmpty();
        assertThat(evidence.notes()).containsExactly("There was no time to look at it.");
        assertThat(log.tail(2)).containsExactly("ready");
    }

    @Test
    void aLateLookDoesNotSpoilTheNextOne() throws Exception {
        Callable<Evidence> late = scenes.examination(WITH_DUMP);
        scenes.stopping("web-1-a");
        Callable<Evidence> next = scenes.examination(WITH_DUMP);
        assertThat(late.call().processes()).isEmpty();

        assertThat(next.call().dump()).containsExactly("all threads");
    }
}
