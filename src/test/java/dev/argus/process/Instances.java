package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Launches real instances in a temporary directory for one test, and leaves nothing of them behind. */
final class Instances implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);

    final ExitWatcher watcher = new ExitWatcher();
    final Launcher launcher;
    final Stopper stopper;
    final Path directory;
    private final Map<String, Optional<ProcessIdentity>> launched = new HashMap<>();

    Instances(Path directory) {
        this(directory, Spawner.ofThisMachine());
    }

    Instances(Path directory, Spawner spawner) {
        this.directory = directory;
        launcher = new Launcher(watcher, spawner);
        stopper = new Stopper(watcher, launcher);
    }

    /** One started instance, its log and its end. */
    record Instance(Launched launched, Path log, CompletableFuture<Exit> exit, List<ProcessIdentity> shimLost) {
        String id() {
            return launched.run().instance();
        }

        ProcessIdentity shim() {
            return launched.shim();
        }

        ProcessIdentity service() throws Exception {
            return launched.service().get(SOON.toSeconds(), TimeUnit.SECONDS);
        }

        Exit ended() throws Exception {
            return exit.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }

        String output() throws IOException {
            return Files.exists(log) ? Files.readString(log) : "";
        }

        void awaitOutput(String text) {
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(5))
                    .untilAsserted(() -> assertThat(output()).contains(text));
        }

        List<ProcessIdentity> members() {
            return Members.of(id(), Optional.of(shim()));
        }
    }

    Instance sh(String script) {
        return launch(List.of("sh", "-c", script));
    }

    Instance launch(List<String> command) {
        return launch(command, Map.of());
    }

    Instance launch(List<String> command, Map<String, String> own) {
        // Not to be found by another run of these tests beside this one.
        LaunchSpec spec = spec("test-" + UUID.randomUUID(), command, own);
        var exit = new CompletableFuture<Exit>();
        var lost = new ArrayList<ProcessIdentity>();
        launched.put(spec.run().instance(), Optional.empty());
        Launched started = launcher.launch(spec, new ExitListener() {
            @Override
            public void exited(Exit ended) {
                exit.complete(ended);
            }

            @Override
            public void shimLost(ProcessIdentity service) {
                lost.add(service);
            }
        });
        launched.put(spec.run().instance(), Optional.of(started.shim()));
        return new Instance(started, spec.log(), exit, lost);
    }

    LaunchSpec spec(String instance, List<String> command, Map<String, String> own) {
        var environment = new HashMap<>(Map.of("PATH", "/usr/bin:/bin", "ARGUS_INSTANCE", instance));
        environment.putAll(own);
        return new LaunchSpec(
                new RunDirectory(directory.resolve("run").resolve(instance)),
                command,
                environment,
                directory,
                directory.resolve(instance + ".log"));
    }

    StopOutcome stop(Instance instance, Duration timeout) {
        return stopper.stop(instance.id(), Optional.of(instance.shim()), timeout, Optional.empty());
    }

    @Override
    public void close() {
        launched.forEach((instance, shim) -> stopper.stop(instance, shim, Duration.ZERO, Optional.empty()));
        await().atMost(SOON).until(() -> watcher.size() == 0);
        watcher.close();
    }
}
