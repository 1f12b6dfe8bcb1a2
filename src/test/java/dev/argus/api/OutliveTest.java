package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.config.ServerConfig;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services outlive an Argus that is killed again and again while it has much to do. */
final class OutliveTest {
    private static final int KILLS = 20;
    private static final List<String> STEADY =
            IntStream.range(0, 12).mapToObj(i -> "steady-" + i).toList();
    private static final List<String> CRASHING =
            IntStream.range(0, 3).mapToObj(i -> "crashing-" + i).toList();
    private static final List<String> HANGING =
            IntStream.range(0, 3).mapToObj(i -> "hanging-" + i).toList();
    private static final List<String> DEPLOYED =
            IntStream.range(0, 2).mapToObj(i -> "deployed-" + i).toList();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    /** With HAProxy in front, which outlives Argus too. */
    private static ServerConfig behindHaproxy(ServerConfig config) {
        return new ServerConfig(
                config.host(),
                config.port(),
                config.dataDirectory(),
                config.portRange(),
                config.gitProtocols(),
                new ServerConfig.ProxyConfig("haproxy", "127.0.0.1", FreePorts.next(), "localhost"),
                config.health(),
                new ServerConfig.DeployConfig(
                        32,
                        config.deploy().cloneTimeout(),
                        config.deploy().buildTimeout(),
                        config.deploy().healthyTimeout(),
                        config.deploy().drainTimeout(),
                        Duration.ofMillis(500),
                        config.deploy().keepReleases()),
                config.log());
    }

    private static Map<String, JsonObject> instances(RunningArgus argus, List<String> names) {
        Map<String, JsonObject> instances = new LinkedHashMap<>();
        for (String name : names) {
            instances.put(
                    name,
                    await("an instance of " + name)
                            .atMost(RunningArgus.PATIENCE)
                            .until(() -> argus.service(name).getJsonArray("instances"), found -> found.size() == 1)
                            .getJsonObject(0));
        }
        return instances;
    }

    private static JsonObject of(Map<String, JsonObject> instances, String name) {
        return Objects.requireNonNull(instances.get(name));
    }

    private static void assertNeverFewer(Map<String, JsonObject> before, Map<String, JsonObject> now) {
        now.forEach((name, instance) -> assertThat(instance.getInteger("restarts"))
                .as("restarts of %s: %s", name, instance)
                .isGreaterThanOrEqualTo(of(before, name).getInteger("restarts")));
    }

    /** The processes of a service that run its program: a starter that waits for the program's end does not count. */
    private static List<Long> programs(RunningArgus argus, String name) {
        return argus.processesOf(name).stream()
                .filter(pid -> runsTheServer(pid))
                .toList();
    }

    private static boolean runsTheServer(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"))
                    .matches("(?s)[^\0]*python3\0.*server\\.py\0.*");
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void nothingIsLostDoubledOrRestartedWithoutCauseByTwentyKills() throws Exception {
        var random = new Random(4711);
        var config = new ArrayList<ServerConfig>();
        try (RunningArgus argus = RunningArgus.inAProcess(directory.resolve("data"), quick -> {
            config.add(behindHaproxy(quick));
            return config.getFirst();
        })) {
            ServiceRepository steady = SmallService.repository(directory, "steady");
            List<String> ids = new ArrayList<>();
            STEADY.forEach(name -> ids.add(argus.beginDeploy(name, steady.body())));
            CRASHING.forEach(name -> ids.add(argus.beginDeploy(
                    name, steady.body().put("env", new JsonObject().put("CRASH_AFTER", "1.5")))));
            HANGING.forEach(name -> ids.add(argus.beginDeploy(
                    name, steady.body().put("env", new JsonObject().put("HANG_AFTER", "2")))));
            DEPLOYED.forEach(name -> ids.add(argus.beginDeploy(name, steady.body())));
            ids.forEach(id -> assertThat(argus.ended(id).getString("outcome")).isIn("succeeded", "rolled-back"));
            Map<String, JsonObject> first = instances(argus, STEADY);
            Map<String, JsonObject> troubled = instances(argus, concat(CRASHING, HANGING));
            Queue<String> failures = new ConcurrentLinkedQueue<>();
            var answers = new AtomicInteger();
            var done = new AtomicBoolean();
            List<Thread> threads = new ArrayList<>();
            for (String name : STEADY) {
                threads.add(Thread.ofVirtual()
                        .start(() -> visit(name, config.getFirst().proxy().httpPort(), done, answers, failures)));
            }
            for (int kill = 1; kill <= KILLS; kill++) {
                String busy = DEPLOYED.get(kill % DEPLOYED.size());
                steady.file("version.txt", "v" + kill).commit("v" + kill);
                argus.post("/services/" + busy + "/deploy", new JsonObject());
                // a random moment is what this is about
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1_500)).toNanos());
                argus.kill();
                argus.begin();
                Map<String, JsonObject> now = instances(argus, concat(CRASHING, HANGING));
                assertNeverFewer(troubled, now);
                troubled = now;
            }
            Map<String, JsonObject> last = troubled;
            for (String name : DEPLOYED) {
                String id = await("a last deployment of " + name)
                        .atMost(RunningArgus.PATIENCE)
                        .until(() -> argus.beginDeploy(name, new JsonObject()), _ -> true);
                assertThat(argus.ended(id).getString("outcome")).isEqualTo("succeeded");
            }
            await("troubled services are restarted as before")
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> instances(argus, CRASHING).entrySet().stream()
                            .allMatch(e -> e.getValue().getInteger("restarts")
                                    > of(last, e.getKey()).getInteger("restarts")));
            done.set(true);
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(failures).isEmpty();
            assertThat(answers).hasValueGreaterThan(1_000);
            instances(argus, STEADY).forEach((name, instance) -> {
                assertThat(instance.getLong("pid"))
                        .as(name)
                        .isEqualTo(of(first, name).getLong("pid"));
                assertThat(instance.getInteger("restarts")).as(name).isZero();
            });
            for (String name : concat(STEADY, DEPLOYED)) {
                await("one process of " + name)
                        .atMost(RunningArgus.PATIENCE)
                        .untilAsserted(() -> assertThat(programs(argus, name)).hasSize(1));
            }
        }
    }

    private static List<String> concat(List<String> one, List<String> other) {
        List<String> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    private static void visit(
            String name, int port, AtomicBoolean done, AtomicInteger answers, Queue<String> failures) {
        while (!done.get()) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream()
                        .write(("GET / HTTP/1.1\r\nHost: " + name + ".localhost\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                if (!answer.matches("(?s)HTTP/1.1 200.*\r\n\r\n\\d+")) {
                    failures.add(name + ": " + answer);
                }
                answers.incrementAndGet();
            } catch (IOException e) {
                failures.add(name + ": " + e);
            }
            LockSupport.parkNanos(Duration.ofMillis(40).toNanos());
        }
    }
}
