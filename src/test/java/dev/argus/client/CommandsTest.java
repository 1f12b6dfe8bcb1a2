package dev.argus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each command asks of the server, and what it shows. Deployments are in DeploymentTest. */
class CommandsTest {
    private static final String WEB = """
            {"name":"web","repository":"https://user:geheim@example.org/web.git","ref":"main","desired":"running","status":"running",
             "reason":"2 of 2 instances answer","release":{"number":3,"revision":"0123456789abcdef","builtAt":"2026-11-23T02:20:35.5Z"},
             "instances":[{"id":"web-1","pid":10,"port":20001,"state":"running","health":"healthy","restarts":2,
                           "startedAt":"2026-11-23T02:20:35Z","cpuPercent":1.25,"rssBytes":1572864},
                          {"id":"web-2","pid":null,"port":20002,"state":"backoff","health":"unknown","restarts":7}],
             "url":"http://127.0.0.1:8000","spec":{}}""";

    private static final String STATS = """
            {"node":"n1","version":"0.1.0","cpus":4,"load1":0.54,"cpuFree":3.25,"memoryTotal":8589934592,"memoryAvailable":4294967296,
             "diskTotal":107374182400,"diskAvailable":53687091200,"services":2,"instances":3}""";

    @TempDir
    Path directory;

    private FakeArgus argus = new FakeArgus();
    private Client client = new Client(Path.of(""));

    @BeforeEach
    void start() {
        client = new Client(directory).servers(argus.url()).with("ARGUS_TOKEN", "the-token");
    }

    @AfterEach
    void stop() {
        argus.close();
    }

    private String shown(String... args) {
        Client.Result result = client.run(args);
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        return result.out();
    }

    @Test
    void lsShowsATableWithOneRequestThatCarriesTheToken() {
        argus.on(
                "GET /services",
                "[" + WEB + ",{\"name\":\"a-much-longer-name\",\"status\":\"stopped\",\"instances\":[]}]");
        assertThat(shown("ls")).isEqualTo("""
                NAME                STATUS   INSTANCES  RELEASE  URL
                web                 running  1/2        3        http://127.0.0.1:8000
                a-much-longer-name  stopped  0/0
                """);
        assertThat(argus.asked()).containsExactly("GET /services");
        assertThat(argus.request("GET /services").token()).isEqualTo("the-token");
    }

    @Test
    void lsWithoutServicesSaysWhatToDoNext() {
        argus.on("GET /services", "[]");
        assertThat(shown("ls")).isEqualTo("No services yet. Deploy one: argus-client deploy NAME --repo URL\n");
    }

    @Test
    void jsonIsTheServersOwnAndAloneWhereverTheOptionStands() {
        argus.on("GET /services", "[ {\"name\" : \"web\"} ]");
        assertThat(shown("ls", "-o", "json")).isEqualTo("[ {\"name\" : \"web\"} ]\n");
        assertThat(shown("--output=json", "ls")).isEqualTo("[ {\"name\" : \"web\"} ]\n");
    }

    @Test
    void lsOfSeveralServersNamesThemAndSaysWhoDoesNotAnswer() {
        argus.on("GET /services", "[" + WEB + "]");
        client.servers(argus.url(), "http://127.0.0.1:1");
        Client.Result result = client.run("ls");
        assertThat(result.status()).isZero();
        assertThat(result.out()).isEqualTo("""
                SERVER  NAME  STATUS   INSTANCES  RELEASE  URL
                app1    web   running  1/2        3        http://127.0.0.1:8000
                """);
        assertThat(result.err()).isEqualTo("argus-client: app2: not reachable: connection refused\n");
        assertThat(client.run("ls", "-o", "json").out())
                .startsWith("[{\"server\":\"app1\",\"name\":\"web\",")
                .endsWith("]\n");
    }

    @Test
    void statusIsAPageWithoutThePasswordOfTheRepository() {
        argus.on("GET /services/web", WEB);
        String page = shown("status", "web");
        assertThat(page)
                .startsWith("""
                        service     web
                        status      running
                        because     2 of 2 instances answer
                        wanted      running
                        url         http://127.0.0.1:8000
                        repository  https://user:***@example.org/web.git (main)
                        release     3, 0123456789, built 2026-11-23 02:20:35

                        INSTANCE  STATE    HEALTH   PID  PORT   UP""")
                .containsPattern("web-1 +running +healthy +10 +20001 .* 2 +1\\.3 % +1\\.5 MiB\n")
                .containsPattern("web-2 +backoff +unknown +20002 +7\n");
    }

    @Test
    void whyShowsTheReasonAndItsDetails() {
        argus.on(
                "GET /services/web/why",
                "{\"service\":\"web\",\"status\":\"backoff\",\"reason\":\"it exits with 1\",\"details\":[\"one\",\"two\"]}");
        assertThat(shown("why", "web")).isEqualTo("web is backoff: it exits with 1\n  one\n  two\n");
    }

    @Test
    void whyNamesTheNewestIncident() {
        argus.on(
                "GET /services/web/why",
                "{\"service\":\"web\",\"status\":\"running\",\"reason\":null,\"details\":[],\"incident\":{\"id\":\"i1\"}}");
        assertThat(shown("why", "web")).isEqualTo("web is running.\n  Its evidence: argus-client incidents web i1\n");
    }

    @Test
    void theTimelineIsShownOldestFirstAndForgesNoLines() {
        argus.on("GET /services/web/timeline?limit=2&before=9", """
                [{"id":8,"at":"2026-11-23T02:20:35Z","type":"incident","text":"Instance web-1: \\u001b[2Jexit\\nstatus 1.","incident":"i1"},
                 {"id":7,"at":"2026-11-23T02:20:30Z","type":"stopped","text":"Stopped by ann."}]""");
        assertThat(shown("timeline", "web", "-n", "2", "--before", "9")).isEqualTo("""
                2026-11-23 02:20:30  Stopped by ann.
                2026-11-23 02:20:35  Instance web-1: \\x1b[2Jexit\\nstatus 1. (i1)
                """);
        argus.on("GET /services/web/timeline?limit=50", "[]");
        assertThat(shown("timeline", "web")).isEqualTo("Nothing has happened yet that was kept.\n");
    }

    @Test
    void incidentsAreListedAndOneIsShownWithItsEvidence() {
        argus.on("GET /services/web/incidents", """
                [{"id":"i1","at":"2026-11-23T02:20:35Z","kind":"crash","instance":"web-1","release":1,"reason":"exit status 2 after 0.3 s"}]""");
        assertThat(shown("incidents", "web")).isEqualTo("""
                INCIDENT  TIME                 KIND   INSTANCE  REASON
                i1        2026-11-23 02:20:35  crash  web-1     exit status 2 after 0.3 s
                """);
        argus.on("GET /services/web/incidents/i1", """
                {"id":"i1","at":"2026-11-23T02:20:35Z","kind":"unhealthy","instance":"web-1","reason":"the probe was late",
                 "findings":["It was computing."],
                 "evidence":{"pid":7,"probes":[{"at":"2026-11-23T02:20:34Z","tookMillis":3,"failure":null},
                   {"at":"2026-11-23T02:20:35Z","tookMillis":500,"failure":"did not answer"}],
                  "processes":[{"pid":7,"command":"./app","state":"running","threads":2,"waits":{"running":2},"rssBytes":1572864,
                    "openFiles":5,"mostFiles":1024,"sockets":[{"protocol":"tcp","state":"LISTEN","local":"127.0.0.1:80","remote":"0.0.0.0:0",
                    "receiveQueue":3,"sendQueue":0}]}],
                  "log":["one","\\u001b]0;x\\u0007"],"dump":[],"notes":[]}}""");
        assertThat(shown("incidents", "web", "i1")).isEqualTo("""
                2026-11-23 02:20:35  unhealthy of web-1: the probe was late
                findings:
                  It was computing.
                probes:
                  2026-11-23 02:20:34  3 ms  answered
                  2026-11-23 02:20:35  500 ms  did not answer
                processes:
                  7 ./app
                    running, 2 threads, 1.5 MiB, 5 open files of at most 1024
                    2 running
                    tcp 127.0.0.1:80 0.0.0.0:0 LISTEN, to read 3, to send 0
                log:
                  one
                  \\x1b]0;x\\x07
                """);
    }

    @Test
    void releasesAreListedWithWhatBecomesOfThem() {
        argus.on("GET /services/web/releases", """
                [{"number":2,"revision":"bbbbbbbbbbbbbbbb","subject":"Second","by":"ann","builtAt":"2026-11-23T02:20:35Z","state":"live","live":true},
                 {"number":1,"revision":"aaaaaaaaaaaaaaaa","subject":"First","by":null,"builtAt":"2026-11-22T02:20:35Z","state":"warm","live":false}]""");
        assertThat(shown("releases", "web")).isEqualTo("""
                RELEASE  STATE  REVISION    BUILT                BY   SUBJECT
                2        live   bbbbbbbbbb  2026-11-23 02:20:35  ann  Second
                1        warm   aaaaaaaaaa  2026-11-22 02:20:35       First
                """);
    }

    @Test
    void logsAsksForTheLastLinesAndNamesInstancesOnlyWhereThereAreSeveral() {
        argus.on("GET /services/web/logs?tail=100", "{\"lines\":[{\"instance\":\"web-1\",\"text\":\"hello\"}]}");
        argus.on(
                "GET /services/web/logs?tail=7&since=2026-11-23T02%3A20%3A35%2B01%3A00",
                "{\"lines\":[{\"instance\":\"web-1\",\"text\":\"one\"},{\"instance\":\"web-2\",\"text\":\"two\"}]}");
        assertThat(shown("logs", "web")).isEqualTo("hello\n");
        assertThat(shown("logs", "web", "-n", "7", "--since", "2026-11-23T02:20:35+01:00"))
                .isEqualTo("web-1 | one\nweb-2 | two\n");
    }

    @Test
    void logsSinceATimeAsksForAllOfThemAndSaysWhenThereIsMore() {
        argus.on(
                "GET /services/web/logs?since=10m",
                "{\"lines\":[{\"instance\":\"web-1\",\"text\":\"hello\"}],\"cut\":true}");
        Client.Result result = client.run("logs", "web", "--since", "10m");
        assertThat(result.out()).isEqualTo("hello\n");
        assertThat(result.err()).isEqualTo("argus-client: There is more since 10m: only the end of it is shown.\n");
    }

    @Test
    void whatServicesWriteCannotTouchTheTerminal() {
        argus.on(
                "GET /services/web/logs?tail=100",
                "{\"lines\":[{\"instance\":\"web-1\",\"text\":\"\\u001b]0;owned\\u0007\\u001b[2J\\u009b1m\\b\\r\\u0000\\u202e\\u200f\\u061cend\\ttab\"}]}");
        Client.Result result = client.run("logs", "web");
        assertThat(result.out())
                .isEqualTo("\\x1b]0;owned\\x07\\x1b[2J\\x9b1m\\x08\\r\\x00\\u202e\\u200f\\u061cend\ttab\n");
        assertThat(client.run("logs", "web", "--raw").out()).contains("\u001b]0;owned\u0007");
    }

    @Test
    void aLogThatIsEmptyIsToldOnStandardError() {
        argus.on("GET /services/web/logs?tail=100", "{\"lines\":[]}");
        Client.Result result = client.run("logs", "web");
        assertThat(result).isEqualTo(new Client.Result(0, "", "argus-client: web has written nothing yet.\n"));
    }

    @Test
    void eventsAreShownOneALineUpToTheSilence() {
        argus.on(
                "GET /events",
                FakeArgus.events(
                        FakeArgus.event(
                                1,
                                "service-changed",
                                "{\"type\":\"service-changed\",\"at\":\"2026-11-23T02:20:35Z\",\"service\":\"web\",\"status\":\"running\"}")));
        assertThat(shown("events")).isEqualTo("2026-11-23 02:20:35  web  service-changed status=running\n");
        assertThat(argus.request("GET /events").lastEventId()).isEqualTo("0");
    }

    @Test
    void statsShowsFreeOfTotal() {
        argus.on("GET /getserverstats", STATS);
        assertThat(shown("stats")).isEqualTo("""
                SERVER  NODE  VERSION  CPUS  LOAD  CPU FREE  MEMORY FREE         DISK FREE              SERVICES  INSTANCES
                app1    n1    0.1.0    4     0.5   3.3       4.0 GiB of 8.0 GiB  50.0 GiB of 100.0 GiB  2         3
                """);
    }

    @Test
    void serversShowsWhoAnswersAndWhatIsFree() {
        argus.on("GET /getserverstats", STATS);
        client.servers(argus.url(), "http://127.0.0.1:1");
        assertThat(shown("servers"))
                .containsPattern("app1 +http://127.0.0.1:\\d+ +reachable +3\\.3 +4\\.0 GiB +50\\.0 GiB\n")
                .containsPattern("app2 +http://127.0.0.1:1 +not reachable: connection refused\n");
    }

    @Test
    void undeployDeletesOnceAndSaysWhetherDataIsKept() {
        argus.on("DELETE /services/web", "{\"service\":\"web\",\"removed\":true,\"dataKept\":false}");
        argus.on("DELETE /services/web?keepData=true", "{\"service\":\"web\",\"removed\":true,\"dataKept\":true}");
        assertThat(shown("undeploy", "web")).isEqualTo("Undeployed web.\n");
        assertThat(shown("undeploy", "web", "--keep-data")).isEqualTo("Undeployed web; its data is kept.\n");
        assertThat(argus.asked()).containsExactly("DELETE /services/web", "DELETE /services/web?keepData=true");
    }

    @Test
    void startWaitsUntilTheServiceRuns() {
        argus.on("POST /services/web/start", 202, "{\"name\":\"web\",\"status\":\"starting\"}");
        argus.on("GET /services/web", "{\"name\":\"web\",\"status\":\"starting\"}");
        argus.on("GET /services/web", "{\"name\":\"web\",\"status\":\"running\",\"url\":\"http://127.0.0.1:8000\"}");
        assertThat(shown("start", "web")).isEqualTo("web is running: http://127.0.0.1:8000\n");
        assertThat(argus.asked()).containsExactly("POST /services/web/start", "GET /services/web", "GET /services/web");
    }

    @Test
    void stopWaitsUntilItIsStopped() {
        argus.on("POST /services/web/stop", 202, "{}");
        argus.on("GET /services/web", "{\"name\":\"web\",\"status\":\"running\"}");
        argus.on("GET /services/web", "{\"name\":\"web\",\"status\":\"stopped\"}");
        assertThat(shown("stop", "web")).isEqualTo("web is stopped.\n");
    }

    @Test
    void restartWaitsUntilNoProcessOfBeforeIsLeft() {
        argus.on("GET /services/web", "{\"status\":\"running\",\"instances\":[{\"pid\":10}]}");
        argus.on("POST /services/web/restart", 202, "{}");
        argus.on("GET /services/web", "{\"status\":\"running\",\"instances\":[{\"pid\":10}]}");
        argus.on("GET /services/web", "{\"status\":\"running\",\"instances\":[{\"pid\":11}]}");
        assertThat(shown("restart", "web")).isEqualTo("web is running.\n");
        assertThat(argus.asked()).hasSize(4);
    }

    @Test
    void withNoWaitNothingIsAskedAfterTheOrder() {
        argus.on("POST /services/web/stop", 202, "{}");
        assertThat(shown("stop", "web", "--no-wait")).isEqualTo("web is being stopped.\n");
        assertThat(argus.asked()).containsExactly("POST /services/web/stop");
    }

    @Test
    void aServiceThatFailsToStartIsToldWithItsReason() {
        argus.on("POST /services/web/start", 202, "{}");
        argus.on("GET /services/web", "{\"status\":\"failed\",\"reason\":\"It exited 5 times.\"}");
        Client.Result result = client.run("start", "web");
        assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(result.err())
                .isEqualTo("argus-client: web is failed, not running: It exited 5 times. See argus-client why web.\n");
    }

    @Test
    void scaleSendsTheNumberAndShowsTheServersSentenceIfItCannot() {
        argus.on("POST /services/web/scale", 202, "{\"deployment\":{\"id\":\"d1\"}}");
        assertThat(shown("scale", "web", "3", "--no-wait"))
                .isEqualTo("Deployment d1 of web goes on: argus-client status web\n");
        assertThat(argus.request("POST /services/web/scale").body()).isEqualTo("{\"instances\":3}");
        argus.on("POST /services/api/scale", 501, FakeArgus.problem("internal", "This Argus cannot scale yet."));
        Client.Result result = client.run("scale", "api", "3");
        assertThat(result).isEqualTo(new Client.Result(1, "", "argus-client: This Argus cannot scale yet.\n"));
    }

    @Test
    void envListsSetsAndRemoves() {
        argus.on("GET /services/web/env", "{\"A\":\"1\",\"B\":\"two words\"}");
        argus.on("PATCH /services/web/env", "{\"A\":\"1\"}");
        argus.on("GET /services/api/env", "{}");
        assertThat(shown("env", "web", "list")).isEqualTo("A=1\nB=two words\n");
        assertThat(shown("env", "api", "list")).isEqualTo("No variables yet. Set one: argus-client env api set K=V\n");
        assertThat(shown("env", "web", "set", "A=1", "B=x=y", "C=")).startsWith("Set A, B, C. What runs already");
        assertThat(argus.request("PATCH /services/web/env").body()).isEqualTo("{\"A\":\"1\",\"B\":\"x=y\",\"C\":\"\"}");
        argus.requests().clear();
        assertThat(shown("env", "web", "unset", "A")).startsWith("Removed A.");
        assertThat(argus.request("PATCH /services/web/env").body()).isEqualTo("{\"A\":null}");
    }

    @Test
    void aSecretIsReadFromStandardInputWithoutItsLastLineEnd() {
        argus.on("PUT /services/web/secrets/API_KEY", 204, "");
        client.input("top secret\nsecond line\n");
        assertThat(shown("secret", "web", "set", "API_KEY"))
                .startsWith("Set API_KEY.")
                .doesNotContain("top");
        assertThat(argus.request("PUT /services/web/secrets/API_KEY").body())
                .isEqualTo("{\"value\":\"top secret\\nsecond line\"}");
        argus.on("DELETE /services/web/secrets/API_KEY", 204, "");
        assertThat(shown("secret", "web", "unset", "API_KEY")).startsWith("Removed API_KEY.");
    }

    @Test
    void aSecretOnTheCommandLineIsRefusedAndNotRepeated() {
        Client.Result result = client.run("secret", "web", "set", "API_KEY", "top-secret");
        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        Client.Result other = client.run("secret", "web", "set", "API_KEY=top-secret");
        assertThat(other.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.err() + other.err() + result.out() + other.out()).doesNotContain("top-secret");
        assertThat(argus.asked()).isEmpty();
    }

    @Test
    void aNewTokenIsPrintedAlone() {
        argus.on(
                "POST /tokens",
                201,
                "{\"id\":\"t1\",\"token\":\"eyJhbGciOiJFZERTQSJ9.e30.c2ln\",\"expiresAt\":\"2026-12-23T00:00:00Z\"}");
        assertThat(shown(
                        "token",
                        "create",
                        "--name",
                        "ci",
                        "--role",
                        "operator",
                        "--service",
                        "web",
                        "--service",
                        "api",
                        "--expires",
                        "30d"))
                .isEqualTo("eyJhbGciOiJFZERTQSJ9.e30.c2ln\n");
        assertThat(argus.request("POST /tokens").body())
                .isEqualTo(
                        "{\"name\":\"ci\",\"role\":\"operator\",\"services\":[\"web\",\"api\"],\"expires\":\"30d\"}");
    }

    @Test
    void tokensAreListedAndRevoked() {
        argus.on("GET /tokens", """
                [{"id":"t1","name":"ci","role":"operator","services":["web","api"],"createdAt":"2026-11-23T00:00:00Z",
                  "expiresAt":"2026-12-23T00:00:00Z","lastUsedAt":null}]""");
        argus.on("DELETE /tokens/t1", 204, "");
        assertThat(shown("token", "list")).isEqualTo("""
                ID  NAME  ROLE      SERVICES  CREATED              EXPIRES              LAST USED
                t1  ci    operator  web,api   2026-11-23 00:00:00  2026-12-23 00:00:00  never
                """);
        assertThat(shown("token", "revoke", "t1")).isEqualTo("Revoked t1.\n");
    }

    @Test
    void auditShowsWhoDidWhat() {
        argus.on("GET /audit", """
                [{"at":"2026-11-23T02:20:35.123Z","actor":"ci","action":"deploy","service":"web","result":"202",
                  "detail":"","address":"10.0.0.7"},
                 {"at":"2026-11-23T02:20:34.123Z","actor":"ann","action":"removeUser","service":null,"result":"204","detail":"bob","address":"10.0.0.8"}]""");
        assertThat(shown("audit")).isEqualTo("""
                TIME                 WHO  WHAT        SERVICE  RESULT  ABOUT  FROM
                2026-11-23 02:20:35  ci   deploy      web      202            10.0.0.7
                2026-11-23 02:20:34  ann  removeUser           204     bob    10.0.0.8
                """);
    }

    @Test
    void auditSaysWhetherItIsWhole() {
        argus.on("GET /audit/verification", """
                {"whole":true,"records":7,"first":1,"last":7,"head":"abc","unchained":0,"finding":null}""");
        assertThat(shown("audit", "--verify")).isEqualTo("The audit is whole up to record 7, its head is 7:abc.\n");
    }

    @Test
    void auditSaysWhatIsWrongWithIt() {
        argus.on("GET /audit/verification", """
                {"whole":false,"records":2,"first":1,"last":2,"head":"abc","unchained":0,"finding":"Record 3 was changed."}""");
        Client.Result broken = client.run("audit", "--verify");
        assertThat(broken.status()).isEqualTo(1);
        assertThat(broken.out()).contains("not whole", "Record 3 was changed.");
    }

    @Test
    void everyCommandHasHelpThatNamesIt() {
        String whole = shown("--help");
        for (String[] command : Commands.ALL) {
            assertThat(whole).contains("\n  " + command[0]);
            assertThat(shown(command[0], "--help")).startsWith("Usage: argus-client " + command[0] + " ");
            assertThat(shown("help", command[0])).startsWith("Usage: argus-client " + command[0] + " ");
        }
        assertThat(argus.asked()).isEmpty();
    }

    @Test
    void theVersionIsShown() {
        assertThat(shown("--version")).startsWith("argus-client ").hasLineCount(1);
    }
}
