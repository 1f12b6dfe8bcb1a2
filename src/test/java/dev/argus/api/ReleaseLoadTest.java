package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.config.ServerConfig;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixty-four visitors and a WebSocket, while releases come, fail and go, under either proxy: none of them may notice. */
final class ReleaseLoadTest {
    private static final int VISITORS = 64;
    private static final int DEPLOYMENTS = 20;
    private static final int GOING_AWAY = 1001;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private RunningArgus argus;

    private final AtomicBoolean over = new AtomicBoolean();
    private final Queue<EchoVisitors.Ended> sockets = new ConcurrentLinkedQueue<>();

    private static ServerConfig with(ServerConfig config, String proxy) {
        var deploy = config.deploy();
        return new ServerConfig(
                config.host(),
                config.port(),
                config.dataDirectory(),
                config.portRange(),
                config.gitProtocols(),
                new ServerConfig.ProxyConfig(proxy, "127.0.0.1", 0, "localhost"),
                config.health(),
                new ServerConfig.DeployConfig(
                        deploy.queue(),
                        deploy.cloneTimeout(),
                        deploy.buildTimeout(),
                        deploy.healthyTimeout(),
                        // HAProxy cannot close a WebSocket, so each drain lasts as long as this
                        Duration.ofSeconds(1),
                        deploy.bake(),
                        deploy.keepReleases()),
                config.log());
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "haproxy"})
    void noVisitorNoticesDeploymentsFailuresRollbacksScalingAndReloads(String proxy) throws Exception {
        try (var running = RunningArgus.start(directory.resolve(proxy), config -> with(config, proxy));
                ServiceRepository repository = EchoService.repository(directory, "shop");
                ServiceRepository crowd = SmallService.repository(directory, "crowd")) {
            argus = running;
            argus.deployed("shop", repository);
            URI url = URI.create(argus.service("shop").getString("url"));
            var visitors = new EchoVisitors(url, VISITORS);
            try (visitors) {
                Thread live = Thread.ofVirtual().start(() -> stayConnected(url, visitors.failures));
                releases(repository);
                // more instances than HAProxy has places for: it is reloaded
                argus.deployed("crowd", crowd.body().put("instances", 9));
                int before = visitors.answers.get();
                await().atMost(RunningArgus.PATIENCE).until(() -> visitors.answers.get() > before + 200);
                over.set(true);
                assertThat(live.join(RunningArgus.PATIENCE)).isTrue();
            }
            assertThat(visitors.failures).isEmpty();
            assertThat(visitors.answers).hasValueGreaterThan(2_000);
            assertThat(sockets).hasSizeGreaterThan(10);
            if (proxy.equals("embedded")) {
                assertThat(sockets)
                        .allSatisfy(socket ->
                                assertThat(socket.status()).as("%s", socket).isEqualTo(GOING_AWAY));
            }
        }
    }

    private void releases(ServiceRepository repository) {
        for (int i = 1; i <= DEPLOYMENTS; i++) {
            boolean fails = i % 4 == 0;
            if (fails) {
                EchoService.broken(repository, i);
            } else {
                EchoService.changed(repository, i);
            }
            assertThat(argus.deploy("shop", new JsonObject()).getString("outcome"))
                    .isEqualTo(fails ? "failed" : "succeeded");
            if (fails) {
                expectSuccess("/services/shop/rollback", new JsonObject());
            }
        }
        for (int count : new int[] {4, 1}) {
            expectSuccess("/services/shop/scale", new JsonObject().put("instances", count));
            assertThat(argus.service("shop").getJsonArray("instances")).hasSize(count);
        }
    }

    private void expectSuccess(String path, JsonObject body) {
        String id = argus.post(path, body).json().getJsonObject("deployment").getString("id");
        JsonObject ended = argus.ended(id);
        assertThat(ended.getString("outcome")).as(ended.encodePrettily()).isEqualTo("succeeded");
    }

    /** One WebSocket, which may end only with its instance; then the next. */
    private void stayConnected(URI url, Queue<String> failures) {
        while (!over.get()) {
            try (var socket = new EchoVisitors.WebSocket(url)) {
                sockets.addAll(untilItEnds(socket).stream().toList());
            } catch (IOException | RuntimeException | InterruptedException e) {
                failures.add("a WebSocket failed: " + e);
            }
        }
    }

    private Optional<EchoVisitors.Ended> untilItEnds(EchoVisitors.WebSocket socket) throws InterruptedException {
        for (int i = 0; !over.get(); i++) {
            try {
                socket.ask(i);
                Thread.sleep(Duration.ofMillis(20));
            } catch (IOException e) {
                Integer status = e instanceof EchoVisitors.WebSocket.Closed closed ? closed.status : null;
                await("the instance whose WebSocket ended ends too")
                        .atMost(RunningArgus.PATIENCE)
                        .until(() -> ProcessHandle.of(socket.pid).isEmpty());
                return Optional.of(new EchoVisitors.Ended(socket.pid, status, e.toString()));
            }
        }
        return Optional.empty();
    }
}
