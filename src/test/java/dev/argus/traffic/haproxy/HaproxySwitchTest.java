package dev.argus.traffic.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.argus.traffic.AddressLimit;
import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.RoutingTable.Address;
import dev.argus.traffic.RoutingTable.Route;
import dev.argus.traffic.RoutingTable.Target;
import dev.argus.traffic.TrafficSwitch.Drained;
import dev.argus.traffic.TrafficSwitch.TrafficFigures;
import dev.argus.traffic.TrafficSwitch.Visits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real HAProxy of this machine; without one, every test fails and says so. */
class HaproxySwitchTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration HOLD = Duration.ofSeconds(3);

    @TempDir
    Path temporary;

    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> backends = new ArrayList<>();
    private Path directory = Path.of("/");
    private HaproxySwitch traffic = made(HOLD);

    private HaproxySwitch made(Duration hold) {
        return new HaproxySwitch(vertx, new HaproxySettings("127.0.0.1", 0, hold, 4), directory);
    }

    private HaproxySwitch begin(Route... routes) {
        return begin(HOLD, routes);
    }

    private HaproxySwitch begin(Duration hold, Route... routes) {
        directory = temporary.resolve("haproxy");
        traffic = made(hold);
        done(traffic.start(table(routes)));
        return traffic;
    }

    @AfterEach
    void end() throws Exception {
        done(traffic.close());
        HaproxySwitch.end(directory);
        for (AutoCloseable backend : backends) {
            backend.close();
        }
        done(vertx.close());
    }

    private static <T> T done(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(40, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(e);
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

    private static Route route(String service, Target... targets) {
        return new Route(service, List.of(new Address(service + ".localhost", "/")), List.of(targets), false);
    }

    private static Target ready(Backend backend) {
        return new Target(backend.name, backend.port(), true);
    }

    private String text(String host, String path) throws IOException {
        return Visitor.once(traffic.port(), host, path).body();
    }

    private List<Master.Worker> workers() throws IOException {
        Path socket = directory.resolve("master.sock");
        return new Master(socket).workers();
    }

    // routes

    @Test
    void requestsGoByHostAndByTheLongestPathPrefixAtItsSlashes() throws Exception {
        Backend shop = backend("shop");
        Backend cart = backend("cart");
        Backend deep = backend("deep");
        begin(
                new Route("shop", List.of(new Address("example.com", "/")), List.of(ready(shop)), false),
                new Route("cart", List.of(new Address("example.com", "/cart")), List.of(ready(cart)), false),
                new Route("deep", List.of(new Address("example.com", "/cart/deep")), List.of(ready(deep)), false));

        assertThat(text("example.com", "/")).startsWith("shop ");
        assertThat(text("EXAMPLE.com:8000", "/x?y=/cart")).startsWith("shop ");
        assertThat(text("example.com", "/cart")).startsWith("cart ");
        assertThat(text("example.com", "/cart?x")).startsWith("cart ");
        assertThat(text("example.com", "/cart/x")).startsWith("cart ");
        assertThat(text("example.com", "/cartoon")).startsWith("shop ");
        assertThat(text("example.com", "/cart/deep/x")).startsWith("deep ");
        assertThat(text("example.com", "/cart/deeper")).startsWith("cart ");
        assertThat(Visitor.once(traffic.port(), "other.com", "/").status()).isEqualTo(404);
        assertThat(Visitor.once(traffic.port(), "www.example.com", "/").status())
                .isEqualTo(404);
    }

    @Test
    void errorsAreHtmlForPeopleAndProblemsForPrograms() throws Exception {
        begin(new Route("off", List.of(new Address("off.localhost", "/")), List.of(), true));

        var html = Visitor.once(traffic.port(), "nobody.localhost", "/", "Accept: text/html,application/json;q=0.9");
        assertThat(html.status()).isEqualTo(404);
        assertThat(html.head()).contains("content-type: text/html");
        assertThat(html.body()).contains("<h1>Not Found</h1>");
        var json = Visitor.once(traffic.port(), "nobody.localhost", "/", "Accept: application/json");
        assertThat(json.head())
                .contains("content-type: application/problem+json")
                .doesNotContain("x-argus");
        assertThat(json.body()).contains("\"urn:argus:problem:not-found\"");
        var stopped = Visitor.once(traffic.port(), "off.localhost", "/", "Accept: application/json");
        assertThat(stopped.status()).isEqualTo(503);
        assertThat(stopped.body()).contains("is stopped");
    }

    // changes

    @Test
    void targetsAndRoutesChangeWithoutAReload() throws Exception {
        Backend first = backend("first");
        Backend second = backend("second");
        begin(route("web", ready(first)));
        assertThat(text("web.localhost", "/")).startsWith("first ");
        List<Master.Worker> before = workers();

        done(traffic.apply(table(route("web", ready(second)), route("api", ready(first)))));

        for (int i = 0; i < 10; i++) {
            assertThat(text("web.localhost", "/")).startsWith("second ");
            assertThat(text("api.localhost", "/")).startsWith("first ");
        }
        done(traffic.apply(table(route("api", ready(first)))));
        assertThat(Visitor.once(traffic.port(), "web.localhost", "/").status()).isEqualTo(404);
        assertThat(workers()).isEqualTo(before);
    }

    @Test
    void noRequestIsLostWhileTargetsChangeAndServicesOutgrowThePool() throws Exception {
        Backend first = backend("first");
        Backend second = backend("second");
        begin(route("web", ready(first)));
        List<Master.Worker> before = workers();
        Route[] many = Stream.concat(
                        Stream.of(route("web", ready(second))),
                        IntStream.range(0, 40).mapToObj(i -> route("s" + i, ready(first))))
                .toArray(Route[]::new);

        var load = new Load(traffic.port(), "web.localhost", 16);
        try (load) {
            for (int i = 0; i < 5; i++) {
                done(traffic.apply(table(route("web", ready(second)))));
                assertThat(done(traffic.drain(Set.of("first"), SOON))).isEqualTo(new Drained(0));
                done(traffic.apply(table(route("web", ready(first)))));
                assertThat(done(traffic.drain(Set.of("second"), SOON))).isEqualTo(new Drained(0));
            }
            done(traffic.apply(table(many)));
            assertThat(done(traffic.drain(Set.of("first"), SOON))).isEqualTo(new Drained(0));
            done(traffic.apply(table(route("web", ready(first)))));
            long so_far = load.answered.get();
            await().atMost(SOON).until(() -> load.answered.get() > so_far + 500);
        }

        assertThat(load.failures).isEmpty();
        assertThat(workers())
                .doesNotContainAnyElementsOf(before.stream()
                        .map(worker -> new Master.Worker(worker.pid(), true))
                        .toList());
    }

    @Test
    void moreInstancesThanSlotsMakeRoomByAReload() throws Exception {
        Backend one = backend("one");
        begin(route("web", ready(one)));
        List<Target> twelve = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            twelve.add(ready(backend("n" + i)));
        }

        done(traffic.apply(table(route("web", twelve.toArray(Target[]::new)))));

        var seen = new java.util.HashSet<String>();
        for (int i = 0; i < 48; i++) {
            seen.add(text("web.localhost", "/").split(" ", 2)[0]);
        }
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        twelve.stream().map(Target::instance).toList());
    }

    @Test
    void aHostThatCouldChangeTheConfigurationIsRefusedAndTheOldTableStays() throws Exception {
        Backend one = backend("one");
        begin(route("web", ready(one)));
        var hostile = new Route("evil", List.of(new Address("a.com\nacl x", "/")), List.of(ready(one)), false);

        assertThatThrownBy(() -> done(traffic.apply(table(route("web", ready(one)), hostile))))
                .hasMessageContaining("a.com?acl x");

        assertThat(text("web.localhost", "/")).startsWith("one ");
    }

    @Test
    void aConfigurationThatHaproxyDoesNotAcceptIsNeverAppliedAndItsWordsAreTold() throws Exception {
        Backend one = backend("one");
        begin(route("web", ready(one)));
        List<Master.Worker> before = workers();
        String configuration = Files.readString(directory.resolve("haproxy.cfg"));
        done(traffic.close());
        var broken = new HaproxySwitch(
                vertx,
                HaproxySettings.on("no-such-host.invalid", traffic.port(), AddressLimit.besides(List.of())),
                directory);

        assertThatThrownBy(() -> done(broken.start(table(route("web", ready(one))))))
                .hasMessageContaining("HAProxy does not accept its configuration")
                .hasMessageContaining("no-such-host.invalid");

        assertThat(Files.readString(directory.resolve("haproxy.cfg"))).isEqualTo(configuration);
        assertThat(workers()).isEqualTo(before);
        assertThat(text("web.localhost", "/")).startsWith("one ");
    }

    @Test
    void aPortThatIsTakenIsToldAndHaproxyIsNotLeftBehind() throws Exception {
        directory = temporary.resolve("haproxy");
        try (var taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            traffic = new HaproxySwitch(
                    vertx,
                    HaproxySettings.on("127.0.0.1", taken.getLocalPort(), AddressLimit.besides(List.of())),
                    directory);
            assertThatThrownBy(() -> done(traffic.start(RoutingTable.EMPTY)))
                    .hasMessageContaining("Address already in use");
        }
    }

    @Test
    void aRunningHaproxyIsNotRiskedForAPortThatIsTaken() throws Exception {
        Backend one = backend("one");
        begin(route("web", ready(one)));
        int port = traffic.port();
        done(traffic.close());
        try (var taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var other = new HaproxySwitch(
                    vertx,
                    HaproxySettings.on("127.0.0.1", taken.getLocalPort(), AddressLimit.besides(List.of())),
                    directory);
            assertThatThrownBy(() -> done(other.start(table(route("web", ready(one))))))
                    .hasMessageContaining("goes on as before");
        }
        assertThat(Visitor.once(port, "web.localhost", "/").body()).startsWith("one ");
    }

    // waiting

    @Test
    void requestsWaitUntilAnInstanceIsReadyAndThoseBeyondTheBoundAreAnsweredAtOnce() throws Exception {
        Backend one = backend("one");
        begin(route("web", new Target("one", one.port(), false)));
        var answers = IntStream.range(0, 10)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> {
                            try (var visitor = new Visitor(traffic.port())) {
                                return visitor.ask("POST", "web.localhost", "/" + i, "x".repeat(40_000));
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        task -> Thread.ofVirtual().start(task)))
                .toList();
        await().atMost(SOON)
                .until(() -> answers.stream().filter(CompletableFuture::isDone).count() >= 6);

        done(traffic.apply(table(route("web", ready(one)))));

        var statuses = answers.stream().map(answer -> answer.join().status()).toList();
        assertThat(statuses).containsOnly(200, 503);
        assertThat(statuses.stream().filter(status -> status == 200)).hasSize(4);
    }

    @Test
    void aWaitHasAnEnd() throws Exception {
        begin(route("web"));
        long begun = System.nanoTime();

        var answer = Visitor.once(traffic.port(), "web.localhost", "/", "Accept: application/json");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.head()).contains("retry-after: 5").contains("application/problem+json");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofSeconds(2), SOON);
    }

    @Test
    void requestsWhoseOnlyInstanceDiedWaitForItsSuccessor() throws Exception {
        Backend dead = backend("dead");
        int port = dead.port();
        begin(SOON, route("web", ready(dead)));
        assertThat(text("web.localhost", "/")).startsWith("dead ");
        dead.close();
        var answer = CompletableFuture.supplyAsync(() -> {
            try (var visitor = new Visitor(traffic.port())) {
                return visitor.ask("POST", "web.localhost", "/x", "body");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        done(traffic.apply(table(route("web", new Target("dead", port, false)))));
        await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
        Backend successor = backend("successor");

        done(traffic.apply(table(route("web", ready(successor)))));

        assertThat(answer.get(SOON.toSeconds(), TimeUnit.SECONDS).body()).isEqualTo("successor /x body");
    }

    // drain

    @Test
    void aDrainWaitsForRequestsUnderWay() throws Exception {
        Backend first = backend("first");
        Backend second = backend("second");
        begin(route("web", ready(first)));
        try (var visitor = new Visitor(traffic.port())) {
            visitor.send("GET /slow HTTP/1.1\r\nHost: web.localhost\r\n\r\n");
            await().atMost(SOON).until(() -> !first.slow.isEmpty());
            done(traffic.apply(table(route("web", ready(second)))));
            Future<Drained> drained = traffic.drain(Set.of("first"), SOON);
            assertThat(text("web.localhost", "/")).startsWith("second ");
            assertThat(drained.isComplete()).isFalse();

            first.released.countDown();

            assertThat(visitor.answer().body()).startsWith("first ");
            assertThat(done(drained)).isEqualTo(new Drained(0));
        }
    }

    @Test
    void whatIsUnderWayAtTheEndOfADrainIsCutAndCounted() throws Exception {
        Backend first = backend("first");
        Backend second = backend("second");
        begin(route("web", ready(first)));
        try (var visitor = new Visitor(traffic.port())) {
            visitor.send("POST /slow HTTP/1.1\r\nHost: web.localhost\r\nContent-Length: 0\r\n\r\n");
            await().atMost(SOON).until(() -> !first.slow.isEmpty());
            done(traffic.apply(table(route("web", ready(second)))));

            assertThat(done(traffic.drain(Set.of("first"), Duration.ofMillis(300))))
                    .isEqualTo(new Drained(1));

            assertThat(visitor.answer().status()).isGreaterThanOrEqualTo(500);
        }
        assertThat(text("web.localhost", "/")).startsWith("second ");
    }

    @Test
    void figuresAreOfInstancesAndLastBeyondTheirSlots() throws Exception {
        Backend first = backend("first");
        Backend second = backend("second");
        begin(route("web", ready(first)));
        text("web.localhost", "/");
        text("web.localhost", "/fail");
        done(traffic.apply(table(route("web", ready(second)))));
        done(traffic.drain(Set.of("first"), SOON));
        text("web.localhost", "/");

        List<TrafficFigures> figures = done(traffic.figures());

        assertThat(figures)
                .extracting(
                        TrafficFigures::service,
                        TrafficFigures::instance,
                        TrafficFigures::requests,
                        TrafficFigures::failed)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("web", "first", 2L, 1L),
                        org.assertj.core.groups.Tuple.tuple("web", "second", 1L, 0L));
    }

    @Test
    void visitsAreOfServicesWithTheAnswersOfHaproxyItselfAndHeldRequestsOnce() throws Exception {
        Backend one = backend("one");
        begin(route("web", ready(one)), route("idle", ready(backend("two"))));
        assertThat(done(traffic.visits())).contains(new Visits("web", 0, 0), new Visits("idle", 0, 0));
        text("web.localhost", "/");
        text("web.localhost", "/fail");
        done(traffic.apply(table(route("web", new Target(one.name, one.port(), false)))));
        assertThat(Visitor.once(traffic.port(), "web.localhost", "/").status()).isEqualTo(503);
        try (var visitor = new Visitor(traffic.port())) {
            visitor.send("GET / HTTP/1.1\r\nHost: web.localhost\r\n\r\n");
            var worker = workers().getFirst();
            await().atMost(SOON)
                    .until(() -> new Master(directory.resolve("master.sock"))
                            .ask(worker, "show stat b0 4 -1")
                            .lines()
                            .anyMatch(line -> line.startsWith("b0,hold,0,0,1,")));
            done(traffic.apply(table(route("web", ready(one)))));
            assertThat(visitor.answer().body()).startsWith("one ");
        }

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(done(traffic.visits())).containsExactly(new Visits("web", 4, 2)));

        ProcessHandle.of(workers().getFirst().pid()).orElseThrow().destroyForcibly();
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> text("web.localhost", "/").startsWith("one "));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(done(traffic.visits())).containsExactly(new Visits("web", 5, 2)));
    }

    // life of the process

    @Test
    void aKilledWorkerAndAKilledMasterAreStartedAgainAtOnce() throws Exception {
        Backend one = backend("one");
        begin(route("web", ready(one)));
        for (boolean worker : List.of(true, false)) {
            long pid = worker
                    ? workers().getFirst().pid()
                    : parent(workers().getFirst().pid());

            ProcessHandle.of(pid).orElseThrow().destroyForcibly();

            await().atMost(SOON).until(() -> ProcessHandle.of(pid).isEmpty());
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> text("web.localhost", "/").startsWith("one "));
        }
    }

    private static long parent(long pid) {
        return ProcessHandle.of(pid).orElseThrow().parent().orElseThrow().pid();
    }

    @Test
    void theNextArgusTakesOverTheRunningHaproxyAndBringsItUpToDate() throws Exception {
        Backend first = backend("first");
        Backend second = backend("second");
        begin(route("web", ready(first)));
        int port = traffic.port();
        List<Master.Worker> before = workers();
        done(traffic.close());
        assertThat(Visitor.once(port, "web.localhost", "/").body()).startsWith("first ");

        traffic = made(HOLD);
        done(traffic.start(table(route("web", ready(second)), route("api", ready(first)))));

        assertThat(traffic.port()).isEqualTo(port);
        assertThat(workers()).isEqualTo(before);
        assertThat(text("web.localhost", "/")).startsWith("second ");
        assertThat(text("api.localhost", "/")).startsWith("first ");
        ProcessHandle.of(before.getFirst().pid()).orElseThrow().destroyForcibly();
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> text("web.localhost", "/").startsWith("second "));
    }

    @Test
    void otherSettingsAreTakenOverByAReload() throws Exception {
        Backend one = backend("one");
        begin(route("web", ready(one)));
        int port = traffic.port();
        List<Master.Worker> before = workers();
        done(traffic.close());

        traffic = new HaproxySwitch(
                vertx, HaproxySettings.on("127.0.0.1", 0, AddressLimit.besides(List.of())), directory);
        done(traffic.start(table(route("web", ready(one)))));

        assertThat(traffic.port()).isEqualTo(port);
        assertThat(workers().getFirst()).isNotEqualTo(before.getFirst());
        assertThat(text("web.localhost", "/")).startsWith("one ");
    }

    @Test
    void aDirectoryTooDeepForASocketIsReachedAllTheSame() throws Exception {
        Backend one = backend("one");
        directory = temporary.resolve("d".repeat(100)).resolve("haproxy");
        traffic = made(HOLD);

        done(traffic.start(table(route("web", ready(one)))));

        assertThat(text("web.localhost", "/")).startsWith("one ");
        assertThat(Arrays.stream(directory.toFile().list()).toList()).contains("master.sock");
    }
}
