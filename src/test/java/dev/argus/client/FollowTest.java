package dev.argus.client;

import static dev.argus.client.FakeArgus.event;
import static dev.argus.client.FakeArgus.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs and events that are followed; they end here because the token is taken away. */
class FollowTest {
    private static final String LOGS = "GET /services/web/logs?tail=5&follow=true";
    private static final String MORE_LOGS = "GET /services/web/logs?tail=0&follow=true";

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

    private static String log(int id, String instance, String text) {
        return event(id, "log", "{\"instance\":\"" + instance + "\",\"text\":\"" + text + "\"}");
    }

    @Test
    void logsAreFollowedAndTakenUpAgainWithoutWhatWasShown() {
        argus.on(LOGS, events(log(1, "web-1", "one"), ": heartbeat\n\n", log(2, "web-1", "two")));
        argus.on(MORE_LOGS, events(log(3, "web-2", "three\\u001b[2J")));
        argus.on(MORE_LOGS, 401, FakeArgus.problem("unauthenticated", "The token has expired."));
        Client.Result result = client.run("logs", "web", "-f", "-n", "5");
        assertThat(result.out()).isEqualTo("one\ntwo\nweb-2 | three\\x1b[2J\n");
        assertThat(result.status()).isEqualTo(ExitStatus.NOT_ALLOWED);
        assertThat(argus.requests()).extracting(FakeArgus.Request::lastEventId).containsExactly(null, "2", "3");
    }

    @Test
    void linesThatWereLeftOutAreCounted() {
        argus.on(
                LOGS, events(log(1, "web-1", "one"), event(2, "skipped", "{\"skipped\":12}"), log(3, "web-1", "last")));
        argus.on(MORE_LOGS, 401, FakeArgus.problem("unauthenticated", "The token has expired."));
        Client.Result result = client.run("logs", "web", "-f", "-n", "5");
        assertThat(result.out()).isEqualTo("one\nlast\n");
        assertThat(result.err()).contains("argus-client: 12 lines are left out: they came faster than they were read.");
    }

    @Test
    void followedLogsAsJsonAreOneObjectALine() {
        argus.on(LOGS, events(log(1, "web-1", "one"), log(2, "web-1", "two")));
        argus.on(MORE_LOGS, 401, FakeArgus.problem("unauthenticated", "The token has expired."));
        assertThat(client.run("logs", "web", "-f", "-n", "5", "-o", "json").out())
                .isEqualTo("{\"instance\":\"web-1\",\"text\":\"one\"}\n{\"instance\":\"web-1\",\"text\":\"two\"}\n");
    }

    @Test
    void eventsAreFollowedFromWhereTheyBroke() {
        argus.on("GET /events", events(event(7, "service-removed", "{\"service\":\"web\"}")));
        argus.on("GET /events", 401, FakeArgus.problem("unauthenticated", "The token has expired."));
        Client.Result result = client.run("events", "-f");
        assertThat(result.out()).isEqualTo("  web  service-removed\n");
        assertThat(argus.requests()).extracting(FakeArgus.Request::lastEventId).isEqualTo(List.of("0", "7"));
    }

    @Test
    void aQuietStreamMayBreakAgainWhenTheServerWasHeardInBetween() {
        argus.on("GET /events", events(": heartbeat\n\n"));
        argus.on("GET /events", events(": heartbeat\n\n"));
        argus.on("GET /events", events(event(7, "service-removed", "{}")));
        argus.on("GET /events", 401, FakeArgus.problem("unauthenticated", "The token has expired."));
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var session = new Session(
                new Globals(),
                new Surroundings(InputStream.nullInputStream(), nowhere, nowhere, Map.of(), directory, Terminal.NONE));
        var api = new Api(Server.of("app1", argus.url()), null, warning -> {});
        List<String> shown = new ArrayList<>();

        // not away for any time at all
        var follower = new StreamFollower(session, 0);

        assertThatThrownBy(() -> follower.follow(last -> api.events("/events", "0"), event -> shown.add(event.type())))
                .isInstanceOf(Refused.class);
        assertThat(shown).containsExactly("service-removed");
    }

    @Test
    void aLogThatCannotBeFollowedIsAnErrorAtOnce() {
        Client.Result result = client.run("logs", "web", "-f");
        assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(result.err()).startsWith("argus-client: There is no /services/web/logs");
    }
}
