package dev.argus.traffic.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.argus.bus.ArgusException;
import dev.argus.traffic.AddressLimit;
import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.RoutingTable.Address;
import dev.argus.traffic.RoutingTable.Route;
import dev.argus.traffic.RoutingTable.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real HAProxy in master-worker mode which the test starts and ends, as systemd would. */
class ElsewhereTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path temporary;

    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> backends = new ArrayList<>();
    private Path directory = Path.of("/");
    private Path socket = Path.of("/");
    private @Nullable Process haproxy;
    private HaproxySwitch traffic =
            new HaproxySwitch(vertx, HaproxySettings.on("127.0.0.1", 0, AddressLimit.besides(List.of())), Path.of("/"));

    @BeforeEach
    void begin() throws IOException {
        directory = Files.createDirectory(temporary.resolve("etc"));
        socket = temporary.resolve("master.sock");
        Files.writeString(directory.resolve("haproxy.cfg"), """
                frontend nothing
                    mode http
                    timeout client 1s
                    bind abns@%s
                """.formatted(temporary.getFileName()));
        traffic = made(List.of());
    }

    @AfterEach
    void end() throws Exception {
        done(traffic.close());
        stopHaproxy();
        for (AutoCloseable backend : backends) {
            backend.close();
        }
        done(vertx.close());
    }

    private HaproxySwitch made(List<String> reload) {
        return new HaproxySwitch(
                vertx,
                HaproxySettings.on("127.0.0.1", 0, AddressLimit.besides(List.of()))
                        .elsewhere(socket, reload),
                directory);
    }

    private static <T> T done(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(40, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        }
    }

    private Process startHaproxy() throws IOException {
        Files.deleteIfExists(socket);
        Process started = new ProcessBuilder(
                        Program.find("/usr/sbin:/usr/local/sbin:/usr/bin", temporary)
                                .file()
                                .toString(),
                        "-W",
                        "-S",
                        socket.toString(),
                        "-f",
                        directory.resolve("haproxy.cfg").toString())
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("haproxy.log").toFile())
                .start();
        haproxy = started;
        await("HAProxy").atMost(SOON).ignoreExceptions().until(() -> new Master(socket).ready() > 0);
        return started;
    }

    private void stopHaproxy() throws InterruptedException {
        Process running = haproxy;
        if (running != null) {
            running.destroy();
            if (!running.waitFor(10, TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
            }
        }
    }

    private Backend backend(String name) throws IOException {
        var backend = new Backend(name);
        backends.add(backend);
        return backend;
    }

    private static RoutingTable table(Route... routes) {
        return new RoutingTable(List.of(routes));
    }

    private static Route route(String service, Backend backend) {
        return new Route(
                service,
                List.of(new Address(service + ".localhost", "/")),
                List.of(new Target(backend.name, backend.port(), true)),
                false);
    }

    private String text(String host) throws IOException {
        return Visitor.once(traffic.port(), host, "/").body();
    }

    @Test
    void itIsToldOfInstancesReloadedWhenItMustAndNeitherStartedNorEnded() throws Exception {
        Process running = startHaproxy();
        Backend first = backend("first");
        Backend second = backend("second");
        done(traffic.start(table(route("web", first))));
        assertThat(text("web.localhost")).startsWith("first ");
        List<Master.Worker> before = new Master(socket).workers();

        done(traffic.apply(table(route("web", second))));
        assertThat(text("web.localhost")).startsWith("second ");
        assertThat(new Master(socket).workers()).as("no reload").isEqualTo(before);

        done(traffic.apply(table(IntStream.range(0, 40)
                .mapToObj(i -> route(i == 0 ? "web" : "s" + i, second))
                .toArray(Route[]::new))));
        assertThat(text("s39.localhost")).startsWith("second ");
        assertThat(new Master(socket).ready())
                .as("reloaded for more backends")
                .isNotEqualTo(before.getFirst().pid());

        done(traffic.close());
        HaproxySwitch.end(directory);
        assertThat(text("web.localhost")).as("it goes on without Argus").startsWith("second ");
        assertThat(running.isAlive()).isTrue();
    }

    @Test
    void theNextArgusTakesItOverWithoutAReload() throws Exception {
        startHaproxy();
        Backend first = backend("first");
        done(traffic.start(table(route("web", first))));
        long worker = new Master(socket).ready();
        done(traffic.close());

        traffic = made(List.of());
        Backend second = backend("second");
        done(traffic.start(table(route("web", second))));

        assertThat(text("web.localhost")).startsWith("second ");
        assertThat(new Master(socket).ready()).isEqualTo(worker);
    }

    @Test
    void oneThatWasStartedAgainKnowsTheInstancesOfNowAndIsToldOfTheNext() throws Exception {
        startHaproxy();
        Backend first = backend("first");
        Backend second = backend("second");
        done(traffic.start(table(route("web", first))));
        done(traffic.apply(table(route("web", second))));

        stopHaproxy();
        startHaproxy();

        await("what was told before")
                .atMost(SOON)
                .ignoreExceptions()
                .until(() -> text("web.localhost").startsWith("second "));
        done(traffic.apply(table(route("web", first))));
        assertThat(text("web.localhost")).startsWith("first ");
    }

    @Test
    void aCommandOfItsOwnReloadsIt() throws Exception {
        Process running = startHaproxy();
        Backend first = backend("first");
        traffic = made(List.of("/bin/kill", "-USR2", Long.toString(running.pid())));
        done(traffic.start(table(route("web", first))));
        assertThat(text("web.localhost")).startsWith("first ");
    }

    @Test
    void aCommandThatFailsIsToldWithWhatItSaid() throws Exception {
        startHaproxy();
        traffic = made(List.of("/bin/ls", "/nowhere"));
        Backend first = backend("first");
        assertThatThrownBy(() -> done(traffic.start(table(route("web", first)))))
                .isInstanceOf(ArgusException.class)
                .hasMessageContaining("/bin/ls /nowhere failed with status");
    }

    @Test
    void oneThatDoesNotRunIsNotStartedAndASentenceSaysHow() throws Exception {
        Backend first = backend("first");
        assertThatThrownBy(() -> done(traffic.start(table(route("web", first)))))
                .isInstanceOf(ArgusException.class)
                .hasMessageContaining("start it in master-worker mode")
                .hasMessageContaining(socket.toString());
        assertThat(Files.readString(directory.resolve("haproxy.cfg"))).contains("server s1 127.0.0.1:" + first.port());
    }
}
