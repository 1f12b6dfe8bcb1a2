package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.auth.Role;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events and logs as streams. */
final class StreamsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    @BeforeAll
    static void start() {
        argus = RunningArgus.start(directory.resolve("data"));
    }

    @AfterAll
    static void end() {
        argus.close();
    }

    /** An event as it came. */
    record Received(String id, String type, JsonObject data) {}

    /** An open stream that is read until it ends. */
    private static final class Stream implements AutoCloseable {
        final List<Received> events = new CopyOnWriteArrayList<>();
        final List<String> lines = new CopyOnWriteArrayList<>();
        private final InputStream body;
        private final Thread reader;
        final String contentType;

        Stream(String path, String token, String accept, String lastEventId) {
            try {
                var request = argus.request("/api/v1" + path)
                        .header("Authorization", "Bearer " + token)
                        .header("Accept", accept);
                if (!lastEventId.isEmpty()) {
                    request.header("Last-Event-ID", lastEventId);
                }
                var response = argus.http().send(request.build(), BodyHandlers.ofInputStream());
                assertThat(response.statusCode()).isEqualTo(200);
                contentType = response.headers().firstValue("Content-Type").orElse("");
                body = response.body();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            reader = Thread.ofVirtual().start(this::read);
        }

        static Stream ofEvents(String path, String token) {
            return new Stream(path, token, "text/event-stream", "");
        }

        private void read() {
            String id = "";
            String type = "";
            try (var in = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    lines.add(line);
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("event: ")) {
                        type = line.substring(7);
                    } else if (line.startsWith("data: ")) {
                        events.add(new Received(id, type, new JsonObject(line.substring(6))));
                    }
                }
            } catch (IOException closed) {
                // the test has seen enough
            }
        }

        void awaitEnd() throws InterruptedException {
            assertThat(reader.join(RunningArgus.PATIENCE)).as("the stream ends").isTrue();
        }

        List<String> types() {
            return events.stream().map(Received::type).toList();
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    @Test
    void aDeploymentIsToldUntilItHasEnded() throws Exception {
        ServiceRepository repository = ServiceRepository.healthy(directory, "told")
                .file("build.sh", "#!/bin/sh\necho line one\nsleep 0.3\necho line two\n")
                .manifestWith("build", "./build.sh")
                .commit("with a build");
        String id = argus.beginDeploy("told", repository.body());
        try (var stream = Stream.ofEvents("/deployments/" + id + "/events", argus.adminToken())) {
            assertThat(stream.contentType).startsWith("text/event-stream");
            stream.awaitEnd();
            Received last = stream.events.getLast();
            assertThat(last.type()).isEqualTo("deployment-finished");
            assertThat(last.data().getString("outcome")).isEqualTo("succeeded");
            assertThat(last.data().getInteger("release")).isEqualTo(1);
            assertThat(stream.events.stream()
                            .filter(event -> event.type().equals("deployment-output"))
                            .map(event -> event.data().getString("line")))
                    .containsSubsequence("line one", "line two");
            assertThat(stream.events.stream()
                            .filter(event -> event.type().equals("deployment-progress")
                                    && "succeeded".equals(event.data().getString("state")))
                            .map(event -> event.data().getString("step")))
                    .containsSubsequence("checkout", "build", "start", "verify", "switch");
            assertThat(stream.events)
                    .allSatisfy(event ->
                            assertThat(event.data().getString("deployment")).isEqualTo(id));
            List<Long> ids = stream.events.stream()
                    .map(event -> Long.valueOf(event.id()))
                    .toList();
            assertThat(ids).isSorted().doesNotHaveDuplicates();
        }
        // and again, of what has ended
        try (var again = Stream.ofEvents("/deployments/" + id + "/events", argus.adminToken())) {
            again.awaitEnd();
            assertThat(again.types()).contains("deployment-output").endsWith("deployment-finished");
        }
    }

    @Test
    void manyDeploymentsOneAfterTheOtherAreAllTold() throws Exception {
        var nowhere = new JsonObject().put("repository", "file://" + directory.resolve("nowhere.git"));
        for (int i = 0; i < 24; i++) {
            String id = argus.beginDeploy("many-" + i, nowhere);
            try (var stream = Stream.ofEvents("/deployments/" + id + "/events", argus.adminToken())) {
                stream.awaitEnd();
                assertThat(stream.types()).contains("deployment-progress").endsWith("deployment-finished");
            }
        }
    }

    @Test
    void eventsComeWithIdsAndAreReplayedAfterTheLastSeen() throws Exception {
        try (var first = Stream.ofEvents("/events", argus.adminToken())) {
            argus.deployed("replayed", ServiceRepository.healthy(directory, "replayed"));
            await().atMost(RunningArgus.PATIENCE).until(() -> first.types().contains("deployment-finished"));
            assertThat(first.types())
                    .contains("service-changed", "instance-changed", "deployment-progress")
                    .doesNotContain("deployment-output");
            Received middle = first.events.get(first.events.size() / 2);
            try (var second = new Stream("/events", argus.adminToken(), "text/event-stream", middle.id())) {
                await().atMost(RunningArgus.PATIENCE).until(() -> second.types().contains("deployment-finished"));
                assertThat(Long.parseLong(second.events.getFirst().id())).isGreaterThan(Long.parseLong(middle.id()));
                assertThat(second.events).contains(first.events.get(first.events.size() / 2 + 1));
            }
        }
        try (var strange = new Stream("/events", argus.adminToken(), "text/event-stream", "no number")) {
            assertThat(strange.contentType).startsWith("text/event-stream");
        }
    }

    @Test
    void aLimitedTokenIsToldOnlyOfItsServices() throws Exception {
        String token = argus.token(Role.VIEWER, "mine");
        try (var limited = Stream.ofEvents("/events", token);
                var all = Stream.ofEvents("/events", argus.adminToken())) {
            argus.deployed("theirs", ServiceRepository.healthy(directory, "theirs"));
            argus.deployed("mine", ServiceRepository.healthy(directory, "mine"));
            await().atMost(RunningArgus.PATIENCE).until(() -> limited.types().contains("deployment-finished"));
            assertThat(all.events)
                    .anySatisfy(event ->
                            assertThat(event.data().getString("service")).isEqualTo("theirs"));
            assertThat(limited.events)
                    .allSatisfy(event ->
                            assertThat(event.data().getString("service")).isEqualTo("mine"));
        }
    }

    @Test
    void aServiceThatIsRemovedIsTold() throws Exception {
        argus.deployed("brief", ServiceRepository.healthy(directory, "brief"));
        try (var stream = Stream.ofEvents("/events", argus.adminToken())) {
            argus.delete("/services/brief");
            await().atMost(RunningArgus.PATIENCE)
                    .until(() -> stream.events.stream()
                            .anyMatch(event -> event.type().equals("service-removed")
                                    && "brief".equals(event.data().getString("service"))));
        }
    }

    @Test
    void logsAreToldAsJsonAsTextAndAsAStreamThatFollows() throws Exception {
        argus.deployed(
                "chatty",
                ServiceRepository.healthy(directory, "chatty")
                        .file(
                                "run.sh",
                                "#!/bin/sh\nfor i in 1 2 3 4 5; do echo line $i; done\nprintf '<b>\\033[31m\\n'\n(while :; do"
                                        + " echo tick; sleep 0.2; done) &\nexec "
                                        + ServiceRepository.start("\"$PORT\"") + "\n")
                        .manifestWith("start", "./run.sh")
                        .commit("chatty"));
        String path = "/services/chatty/logs";

        JsonObject json = argus.get(path + "?tail=10000").json();
        assertThat(json.getJsonArray("lines").stream().map(line -> ((JsonObject) line).getString("text")))
                .containsSubsequence("line 1", "line 5", "<b>\u001b[31m");
        assertThat(json.getJsonArray("lines").getJsonObject(0).getString("instance"))
                .isEqualTo(argus.instance("chatty").getString("id"));
        assertThat(argus.get(path + "?tail=2").json().getJsonArray("lines")).hasSize(2);
        assertThat(argus.get(path + "?tail=0").json().getJsonArray("lines")).isEmpty();

        Answer text = argus.send(argus.request("/api/v1" + path + "?tail=10000")
                .header("Authorization", "Bearer " + argus.adminToken())
                .header("Accept", "text/plain"));
        assertThat(text.header("Content-Type")).startsWith("text/plain");
        assertThat(text.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(text.body()).contains("line 1\nline 2\n");

        try (var follow = Stream.ofEvents(path + "?follow=true&tail=0", argus.adminToken())) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> follow.events.stream()
                                    .filter(event -> event.type().equals("log"))
                                    .filter(event ->
                                            event.data().getString("text").equals("tick"))
                                    .count()
                            >= 3);
        }
        try (var follow = new Stream(path + "?follow=true&tail=0", argus.adminToken(), "text/plain", "")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> follow.lines.size() >= 3);
            assertThat(follow.lines).containsOnly("tick");
        }
    }

    @Test
    void aStreamFollowsAServiceIntoItsNextInstance() throws Exception {
        ServiceRepository repository = ServiceRepository.healthy(directory, "followed");
        argus.deployed("followed", repository);
        try (var follow = Stream.ofEvents("/services/followed/logs?follow=true&tail=0", argus.adminToken())) {
            repository.file("version.txt", "2").commit("second");
            argus.deployed("followed", repository);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> follow.events.stream()
                            .anyMatch(event -> event.data().getString("text").equals("version 2 listens")));
        }
    }
}
