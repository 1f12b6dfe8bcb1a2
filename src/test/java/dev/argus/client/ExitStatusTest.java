package dev.argus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every exit status and the sentence that comes with it. */
class ExitStatusTest {
    @TempDir
    Path directory;

    private FakeArgus argus = new FakeArgus();
    private Client client = new Client(Path.of(""));

    @BeforeEach
    void start() {
        client = new Client(directory).servers(argus.url());
    }

    @AfterEach
    void stop() {
        argus.close();
    }

    @Test
    void anOperationThatFailsIsOneWithTheServersSentenceAlone() {
        argus.on("GET /services/web", 404, FakeArgus.problem("not-found", "There is no service web."));
        assertThat(client.run("status", "web"))
                .isEqualTo(new Client.Result(1, "", "argus-client: There is no service web.\n"));
    }

    @Test
    void allFieldsThatAreWrongAreTold() {
        argus.on("POST /services/Web/start", 400, """
                {"type":"urn:argus:problem:invalid","title":"Invalid","status":400,"detail":"Two fields are wrong.",
                 "errors":[{"field":"name","detail":"No capitals."},{"field":"ref","detail":"No spaces."}]}""");
        assertThat(client.run("start", "Web"))
                .isEqualTo(new Client.Result(
                        1, "", "argus-client: Two fields are wrong.\n  name: No capitals.\n  ref: No spaces.\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "lss",
                "--nonsense",
                "status",
                "status a b",
                "ls --nonsense",
                "ls -o xml",
                "-o",
                "deploy web --port x",
                "deploy web --env A",
                "deploy web --memory much",
                "deploy web --instances -1",
                "env web change A=1",
                "env web set",
                "secret web get K",
                "token",
                "token create",
                "token make",
                "token revoke",
                "completion tcsh",
                "scale web many",
                "rollback web x",
                "logs web -n x",
                "--server nobody ls",
                "--server ftp://x ls",
                "status ..",
                "what is this nonsense"
            })
    void wrongUsageIsTwoWithASentenceThatSaysWhereHelpIs(String line) {
        Client.Result result = client.run(line.isEmpty() ? new String[0] : line.split(" "));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).containsAnyOf("--help", "usage: argus-client");
        assertThat(argus.asked()).isEmpty();
    }

    @Test
    void aServerThatIsNotThereIsThreeAndTheSentenceSaysWhatToDo() {
        Client.Result result = new Client(directory).run("--server", "http://127.0.0.1:1", "ls");
        assertThat(result)
                .isEqualTo(new Client.Result(
                        3,
                        "",
                        "argus-client: No Argus answers at http://127.0.0.1:1 (connection refused): start it there"
                                + " (argus-server serve), or name another one with --server URL.\n"));
    }

    @Test
    void noneOfSeveralServersIsThree() {
        client.servers("http://127.0.0.1:1", "http://127.0.0.1:2");
        for (String command : new String[] {"ls", "stats", "status web", "deploy web --repo x", "servers"}) {
            assertThat(client.run(command.split(" ")).status()).as(command).isEqualTo(3);
        }
    }

    @Test
    void whoeverIsNotSignedInGetsFourAndIsToldHowTo() {
        argus.on("GET /services", 401, FakeArgus.problem("unauthenticated", "You are not signed in."));
        assertThat(client.run("ls"))
                .isEqualTo(new Client.Result(
                        4,
                        "",
                        "argus-client: You are not signed in. Sign in with argus-client login, or give a token with"
                                + " --token or $ARGUS_TOKEN.\n"));
    }

    @Test
    void whoeverMayNotGetsFourToo() {
        argus.on("POST /services/web/start", 403, FakeArgus.problem("forbidden", "A viewer may not start services."));
        assertThat(client.run("start", "web"))
                .isEqualTo(new Client.Result(4, "", "argus-client: A viewer may not start services.\n"));
    }

    @Test
    void aServerWithTooLittleIsFiveWithFigures() {
        argus.on(
                "GET /getserverstats",
                "{\"memoryAvailable\":104857600,\"diskAvailable\":53687091200,\"cpuFree\":0.05,\"cpus\":2}");
        Client.Result result = client.run("deploy", "web", "--repo", "https://example.org/web.git");
        assertThat(result.status()).isEqualTo(5);
        assertThat(result.err())
                .startsWith("argus-client: app1: has not enough memory (100.0 MiB free, 256.0 MiB needed),"
                        + " CPU (0.05 free, 0.10 cores needed)\nargus-client: No server has enough resources: ");
        assertThat(argus.asked()).doesNotContain("POST /services/web/deploy");
    }

    @Test
    void anAnswerThatIsNoJsonIsAnOperationThatFailed() {
        argus.on("GET /services", "<html>");
        assertThat(client.run("ls").status()).isEqualTo(1);
        argus.on("GET /services/web", 502, "<html>Bad gateway</html>");
        assertThat(client.run("status", "web"))
                .isEqualTo(new Client.Result(
                        1, "", "argus-client: " + argus.url() + " answered 502: its log says why.\n"));
    }

    @Test
    void aFileIsNeverReadForWordsOfTheCommandLine() throws Exception {
        Path words = Files.writeString(directory.resolve("words"), "ls");
        assertThat(client.run("@" + words).status()).isEqualTo(2);
    }
}
