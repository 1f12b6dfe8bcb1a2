package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.auth.Accounts;
import dev.argus.auth.Role;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream that is open when its token ends. */
final class RevokedStreamTest {
    private static final String PASSWORD = "long enough for all";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    @BeforeAll
    static void start() {
        argus = RunningArgus.start(directory.resolve("data"));
        argus.deploy("web", new JsonObject().put("repository", "file://" + directory.resolve("nowhere.git")));
    }

    @AfterAll
    static void end() {
        argus.close();
    }

    /** An open stream, read until it ends. */
    private static final class Followed {
        private final AtomicBoolean ended = new AtomicBoolean();

        static Followed open(String path, String token, String accept) {
            HttpRequest request = argus.request("/api/v1" + path)
                    .header("Authorization", "Bearer " + token)
                    .header("Accept", accept)
                    .build();
            try {
                var response = argus.http().send(request, BodyHandlers.ofInputStream());
                assertThat(response.statusCode()).isEqualTo(200);
                var followed = new Followed();
                Thread.ofVirtual().start(() -> followed.read(response.body()));
                return followed;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        private void read(InputStream body) {
            try (body) {
                body.transferTo(java.io.OutputStream.nullOutputStream());
                // an end that was announced, and no broken connection
                ended.set(true);
            } catch (IOException _) {
                // cut off with the server when the tests are over, which is no such end
            }
        }

        void ends() {
            await().atMost(RunningArgus.PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .untilTrue(ended);
        }
    }

    private record Token(String id, String jwt) {
        static Token make() {
            JsonObject made = argus.post(
                            "/tokens", new JsonObject().put("name", "t").put("role", "viewer"))
                    .json();
            return new Token(made.getString("id"), made.getString("token"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/events", "/services/web/logs?follow=true"})
    void aStreamEndsWithItsTokenAndNoOtherDoes(String path) {
        Token token = Token.make();
        List<Followed> streams = List.of(
                Followed.open(path, token.jwt(), "text/event-stream"),
                Followed.open(path, token.jwt(), "text/event-stream"));
        var other = Followed.open(path, argus.adminToken(), "text/event-stream");
        assertThat(argus.delete("/tokens/" + token.id()).status()).isEqualTo(204);
        streams.forEach(Followed::ends);
        assertThat(other.ended).isFalse();
        assertThat(argus.call("GET", path, token.jwt(), null).status()).isEqualTo(401);
    }

    @Test
    void aStreamOfTextEndsToo() {
        Token token = Token.make();
        var stream = Followed.open("/services/web/logs?follow=true", token.jwt(), "text/plain");
        argus.delete("/tokens/" + token.id());
        stream.ends();
    }

    @Test
    void aTokenRevokedOnTheHostEndsItsStreams() {
        Token token = Token.make();
        var stream = Followed.open("/events", token.jwt(), "text/event-stream");
        argus.writeOnTheHost(Accounts.removeToken(token.id()));
        stream.ends();
    }

    @Test
    void aTokenThatHasEndedEndsItsStreams() {
        String token = argus.tokenOnTheHost("brief", Role.VIEWER, Duration.ofSeconds(10));
        var stream = Followed.open("/events", token, "text/event-stream");
        await().atMost(Duration.ofSeconds(30)).untilTrue(stream.ended);
    }

    @Test
    void theStreamsOfAUserEndWhenItIsRemoved() {
        var user = new JsonObject().put("name", "eve").put("role", "viewer").put("password", PASSWORD);
        argus.post("/users", user);
        String session = argus.call(
                        "POST",
                        "/login",
                        "",
                        new JsonObject()
                                .put("user", "eve")
                                .put("password", PASSWORD)
                                .encode())
                .json()
                .getString("token");
        var stream = Followed.open("/events", session, "text/event-stream");
        assertThat(argus.delete("/users/eve").status()).isEqualTo(204);
        stream.ends();
    }
}
