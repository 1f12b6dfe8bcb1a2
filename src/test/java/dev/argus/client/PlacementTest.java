package dev.argus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which server a command talks to. */
class PlacementTest {
    private static final String MAYBE_TWICE =
            "argus-client: app2: takes \"web\" as new; if it lives on app1 already, undeploy it on one"
                    + " of them (--server NAME)\n";
    private static final String PLENTY =
            "{\"memoryAvailable\":8589934592,\"diskAvailable\":53687091200,\"cpuFree\":1.5}";
    private static final String LITTLE = "{\"memoryAvailable\":1048576,\"diskAvailable\":1024,\"cpuFree\":0}";
    private static final String DEPLOY = "POST /services/web/deploy";

    @TempDir
    Path directory;

    private final FakeArgus first = new FakeArgus();
    private final FakeArgus second = new FakeArgus();
    private Client client = new Client(Path.of(""));

    @BeforeEach
    void start() {
        client = new Client(directory).servers(first.url(), second.url());
        for (FakeArgus argus : new FakeArgus[] {first, second}) {
            argus.on(DEPLOY, 202, "{\"deployment\":{\"id\":\"d1\"}}");
        }
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private Client.Result deploy(String... more) {
        String[] words = {"deploy", "web", "--repo", "https://example.org/web", "--no-wait"};
        String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return client.run(all);
    }

    @Test
    void aNewServiceGoesToTheFirstServerWithEnough() {
        first.on("GET /getserverstats", PLENTY);
        second.on("GET /getserverstats", PLENTY);
        assertThat(deploy())
                .extracting(Client.Result::status, Client.Result::err)
                .containsExactly(0, "");
        assertThat(first.asked()).containsExactly("GET /services/web", "GET /getserverstats", DEPLOY);
        assertThat(second.asked()).containsExactly("GET /services/web");
    }

    @Test
    void aServerWithTooLittleIsPassedOverWithItsFigures() {
        first.on("GET /getserverstats", LITTLE);
        second.on("GET /getserverstats", PLENTY);
        Client.Result result = deploy();
        assertThat(result.status()).isZero();
        assertThat(result.err())
                .isEqualTo("argus-client: app1: has not enough memory (1.0 MiB free, 256.0 MiB needed), disk (1.0 KiB"
                        + " free, 1.0 GiB needed), CPU (0.00 free, 0.10 cores needed)\n");
        assertThat(second.asked()).contains(DEPLOY);
    }

    @Test
    void aServerThatIsNotThereIsPassedOverWithOneLine() {
        client.servers("http://127.0.0.1:1", second.url());
        second.on("GET /getserverstats", PLENTY);
        Client.Result result = deploy();
        assertThat(result.status()).isZero();
        assertThat(result.err()).isEqualTo("argus-client: app1: not reachable: connection refused\n" + MAYBE_TWICE);
    }

    @Test
    void aServerThatHangsIsPassedOverWithinItsLimit() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            client.servers("http://127.0.0.1:" + silent.getLocalPort(), second.url());
            second.on("GET /getserverstats", PLENTY);
            long begun = System.nanoTime();
            Client.Result result = deploy();
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(30));
            assertThat(result.status()).isZero();
            assertThat(result.err())
                    .isEqualTo("argus-client: app1: not reachable: nothing came within 3 s\n" + MAYBE_TWICE);
            assertThat(second.asked()).contains(DEPLOY);
        }
    }

    @Test
    void aServerThatRefusesTheTokenIsPassedOver() {
        first.on("GET /services/web", 401, FakeArgus.problem("unauthenticated", "Not here."));
        second.on("GET /getserverstats", PLENTY);
        Client.Result result = deploy();
        assertThat(result.status()).isZero();
        assertThat(result.err())
                .startsWith("argus-client: app1: Not here. Sign in")
                .endsWith(MAYBE_TWICE);
        assertThat(first.asked()).containsExactly("GET /services/web");
    }

    @Test
    void whenAllRefuseTheTokenItIsFour() {
        for (FakeArgus argus : new FakeArgus[] {first, second}) {
            argus.on("GET /services/web", 401, FakeArgus.problem("unauthenticated", "Not here."));
        }
        assertThat(deploy().status()).isEqualTo(ExitStatus.NOT_ALLOWED);
    }

    @Test
    void whenNoneHasEnoughItIsFive() {
        first.on("GET /getserverstats", LITTLE);
        second.on("GET /getserverstats", LITTLE);
        Client.Result result = deploy();
        assertThat(result.status()).isEqualTo(ExitStatus.NO_RESOURCES);
        assertThat(result.err()).hasLineCount(3).contains("app1: has not", "app2: has not", "No server has enough");
    }

    @Test
    void memoryOfTheDeploymentCountsForEveryInstance() {
        first.on("GET /getserverstats", PLENTY);
        second.on("GET /getserverstats", PLENTY);
        assertThat(deploy("--memory", "4GiB", "--instances", "2").status()).isZero();
        Client.Result result = deploy("--memory", "4GiB", "--instances", "3");
        assertThat(result.status()).isEqualTo(ExitStatus.NO_RESOURCES);
        assertThat(result.err()).contains("memory (8.0 GiB free, 12.0 GiB needed)");
    }

    @Test
    void requirementsOfTheConfigurationCount() {
        first.on("GET /getserverstats", PLENTY);
        client.configuration("{\"client\":{\"servers\":[{\"name\":\"a\",\"url\":\"" + first.url()
                + "\"}],\"requirements\":{\"disk\":\"1TiB\"}}}");
        assertThat(deploy().err()).contains("a: has not enough disk (50.0 GiB free, 1.0 TiB needed)\n");
    }

    @Test
    void aServiceThatLivesSomewhereIsDeployedThereWhateverIsFree() {
        first.on("GET /getserverstats", PLENTY);
        second.on("GET /services/web", "{\"name\":\"web\"}").on("GET /getserverstats", LITTLE);
        assertThat(deploy().err()).isEmpty();
        assertThat(second.asked()).containsExactly("GET /services/web", DEPLOY);
        assertThat(first.asked()).doesNotContain(DEPLOY);
    }

    @Test
    void aServerThatIsNamedIsTakenWithoutQuestions() {
        assertThat(deploy("--server", "app2").status()).isZero();
        assertThat(second.asked()).containsExactly(DEPLOY);
        assertThat(first.asked()).isEmpty();
        assertThat(deploy("--server", first.url()).status()).isZero();
        assertThat(first.asked()).containsExactly(DEPLOY);
    }

    @Test
    void otherCommandsGoWhereTheServiceLives() {
        second.on("GET /services/web", "{\"name\":\"web\"}").on("GET /services/web/why", "{\"status\":\"running\"}");
        assertThat(client.run("why", "web").status()).isZero();
        assertThat(second.asked()).containsExactly("GET /services/web", "GET /services/web/why");
    }

    @Test
    void withOneServerNobodyIsAskedWhereTheServiceLives() {
        client.servers(first.url());
        first.on("GET /services/web/why", "{\"status\":\"running\"}");
        assertThat(client.run("why", "web").status()).isZero();
        assertThat(first.asked()).containsExactly("GET /services/web/why");
    }

    @Test
    void aServiceThatIsOnNoneOfThemIsToldInOneSentence() {
        first.on("GET /services/web", 404, FakeArgus.problem("not-found", "There is no service web."));
        second.on("GET /services/web", 404, FakeArgus.problem("not-found", "There is no service web."));
        assertThat(client.run("why", "web"))
                .isEqualTo(new Client.Result(1, "", "argus-client: There is no service web.\n"));
        client.servers(first.url(), "http://127.0.0.1:1");
        assertThat(client.run("why", "web").err())
                .isEqualTo("argus-client: app2: not reachable: connection refused\n"
                        + "argus-client: The service \"web\" is on none of the servers that answered; not all of them"
                        + " did.\n");
    }

    @Test
    void whatConcernsNoServiceWantsAServerToBeNamed() {
        Client.Result result = client.run("audit");
        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.err()).contains("There are several servers: say which one with --server (app1, app2).");
    }
}
