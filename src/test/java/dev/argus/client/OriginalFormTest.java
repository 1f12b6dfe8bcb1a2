package dev.argus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command lines of the first days, unchanged. */
class OriginalFormTest {
    private static final String TOKEN = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJjaSJ9.c2lnbmF0dXJl";
    private static final String BASE = "https://example.org/team";
    private static final String DONE =
            "{\"id\":\"d1\",\"service\":\"web\",\"outcome\":\"succeeded\",\"release\":1,\"steps\":[]}";

    @TempDir
    Path directory;

    private FakeArgus argus = new FakeArgus();
    private Client client = new Client(Path.of(""));

    @BeforeEach
    void start() {
        client = new Client(directory).servers(argus.url());
        argus.on("GET /deployments/d1", DONE);
        argus.on("GET /deployments/d1/events", FakeArgus.events(FakeArgus.event(1, "deployment-finished", "{}")));
        argus.on("GET /services/web", "{\"name\":\"web\",\"status\":\"running\",\"url\":\"http://127.0.0.1:8000\"}");
    }

    @AfterEach
    void stop() {
        argus.close();
    }

    private Client.Result run(String... args) {
        Client.Result result = client.run(args);
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(argus.requests()).allMatch(request -> TOKEN.equals(request.token()));
        return result;
    }

    @Test
    void deployDeploysTheRepositoryBelowItsBase() {
        argus.on("POST /services/web/deploy", 202, "{\"deployment\":{\"id\":\"d1\"}}");
        assertThat(run(TOKEN, "web", "deploy", "deploy", BASE).out()).endsWith("\nhttp://127.0.0.1:8000\n");
        assertThat(argus.request("POST /services/web/deploy").body())
                .isEqualTo("{\"repository\":\"https://example.org/team/web\"}");
    }

    @Test
    void aBaseThatEndsWithASlashIsTheSame() {
        argus.on("POST /services/web/deploy", 202, "{\"deployment\":{\"id\":\"d1\"}}");
        run(TOKEN, "web", "deploy", "deploy", "file:///srv/git/");
        assertThat(argus.request("POST /services/web/deploy").body())
                .isEqualTo("{\"repository\":\"file:///srv/git/web\"}");
    }

    @Test
    void undeployRemovesTheService() {
        argus.on("DELETE /services/web", "{\"service\":\"web\",\"removed\":true,\"dataKept\":false}");
        assertThat(run(TOKEN, "web", "deploy", "undeploy", BASE).out()).isEqualTo("Undeployed web.\n");
    }

    @Test
    void buildBuilds() {
        argus.on("POST /services/web/build", 202, "{\"deployment\":{\"id\":\"d1\"}}");
        assertThat(run(TOKEN, "web", "deploy", "build", BASE).out()).isEqualTo("Built web, release 1.\n");
    }

    @Test
    void startStarts() {
        argus.on("POST /services/web/start", 202, "{}");
        assertThat(run(TOKEN, "web", "appexecute", "start", BASE).out())
                .isEqualTo("web is running: http://127.0.0.1:8000\n");
    }

    @Test
    void stopStops() {
        argus.on("POST /services/api/stop", 202, "{}");
        argus.on("GET /services/api", "{\"name\":\"api\",\"status\":\"stopped\"}");
        assertThat(run(TOKEN, "api", "appexecute", "stop", BASE).out()).isEqualTo("api is stopped.\n");
    }

    @Test
    void startOfWhatIsNotDeployedShowsTheServersSentence() {
        argus.on("POST /services/gone/start", 404, FakeArgus.problem("not-found", "There is no service gone."));
        assertThat(client.run(TOKEN, "gone", "appexecute", "start", BASE))
                .isEqualTo(new Client.Result(1, "", "argus-client: There is no service gone.\n"));
    }

    @Test
    void optionsMayStandBeforeAndBehindIt() {
        argus.on("DELETE /services/web", "{\"removed\":true}");
        assertThat(run("--server", argus.url(), TOKEN, "web", "deploy", "undeploy", BASE, "-o", "json")
                        .out())
                .isEqualTo("{\"removed\":true}\n");
    }

    @Test
    void aModernCommandWhoseSecondWordIsDeployIsNotTakenForIt() {
        argus.on("POST /services/deploy/stop", 202, "{}");
        assertThat(client.run("stop", "deploy", "--no-wait").status()).isZero();
        assertThat(client.run("status", "web", "deploy").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(argus.asked()).containsExactly("POST /services/deploy/stop");
    }

    @Test
    void whateverIsWrongTheTokenIsNotRepeated() {
        List<String[]> wrong = List.of(
                new String[] {TOKEN},
                new String[] {TOKEN, "web", "deplyo", "deploy", BASE},
                new String[] {TOKEN, "web", "deploy"},
                new String[] {TOKEN, "web", "deploy", "destroy", BASE},
                new String[] {TOKEN, "web", "appexecute", "restart", BASE},
                new String[] {TOKEN, "web", "deploy", "deploy", BASE, "more"},
                new String[] {"--tokne=" + TOKEN, "ls"},
                new String[] {"ls", TOKEN},
                new String[] {"ls", "--tokne=" + TOKEN},
                new String[] {"--token", TOKEN, "--server", TOKEN, "ls"});
        for (String[] words : wrong) {
            Client.Result result = client.run(words);
            assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
            assertThat(result.err()).isNotEmpty().doesNotContain(TOKEN);
            assertThat(result.out()).isEmpty();
        }
        assertThat(argus.asked()).isEmpty();
    }
}
