package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.auth.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a form for deployments is offered, from real repositories. */
final class RefsTest {
    private static final String SECRET = "s3cret-t0ken";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    @SuppressWarnings("NullAway.Init")
    private static ServiceRepository repository;

    @BeforeAll
    static void start() {
        argus = RunningArgus.start(directory.resolve("data"));
        repository = ServiceRepository.healthy(directory, "web");
    }

    @AfterAll
    static void end() {
        argus.close();
        repository.close();
    }

    private static Answer refs(JsonObject body) {
        return argus.post("/refs", body);
    }

    private static Answer refs(String url) {
        return refs(new JsonObject().put("repository", url));
    }

    @Test
    void aRepositoryOfFilesTellsItsBranches() {
        Answer answer = refs(repository.url());

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json())
                .isEqualTo(new JsonObject()
                        .put("default", "main")
                        .put("branches", new JsonArray().add("main"))
                        .put("tags", new JsonArray()));
    }

    @Test
    void overHttpTheCredentialsOfTheUrlAreUsedOrThoseOfTheServiceForItsOwnRepositoryAlone() throws Exception {
        try (var git = new GitOverHttp(directory.resolve("web.git"), "us3r", SECRET);
                var other = new GitOverHttp(directory.resolve("web.git"), "bob", SECRET)) {
            String withSecret = git.url("us3r:" + SECRET + "@");
            Answer answer = refs(withSecret);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.json().getString("default")).isEqualTo("main");
            argus.deployed("web", new JsonObject().put("repository", withSecret));

            JsonObject plain = new JsonObject().put("repository", git.url(""));
            Answer asService = refs(plain.copy().put("service", "web"));
            assertThat(asService.status()).as(asService.body()).isEqualTo(200);
            assertThat(asService.json().getJsonArray("branches")).containsExactly("main");

            assertProblem(refs(plain), 400, "wants a user and a password");
            assertProblem(refs(plain.copy().put("service", "not-yet")), 400, "wants a user and a password");
            assertProblem(refs(git.url("us3r:wr0ng@")), 400, "does not accept");
            assertProblem(
                    refs(new JsonObject().put("repository", other.url("")).put("service", "web")),
                    400,
                    "wants a user and a password");
            String limited = argus.token(Role.OPERATOR, "elsewhere");
            Answer foreign = argus.call(
                    "POST", "/refs", limited, plain.copy().put("service", "web").encode());
            assertThat(foreign.status()).isEqualTo(404);
            assertThat(foreign.body()).contains("There is no service web.");
        }
    }

    private static void assertProblem(Answer answer, int status, String part) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.detail()).contains(part).endsWith(".");
        assertThat(answer.body()).doesNotContain(SECRET).doesNotContain("wr0ng").doesNotContain("us3r");
        assertThat(answer.json().getString("field")).isEqualTo("repository");
    }

    @Test
    void whatIsNoRepositoryOrNotAllowedIsSaidInASentenceOfItsField() {
        assertProblem(refs("file://" + directory.resolve("nothing")), 400, "holds no git repository");
        assertProblem(refs("ftp://example.org/a.git"), 400, "cannot be used");
        assertProblem(refs("--upload-pack=id"), 400, "hyphen");
        assertProblem(refs("http://169.254.169.254/a.git"), 400, "link-local");
        assertProblem(refs("http://us3r:" + SECRET + "@nothing.invalid/a.git"), 400, "host is not known");
    }

    @Test
    void aRemoteThatSaysNothingIsGivenUpAndTooManyQuestionsAreRefused() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort() + "/a.git";
            long begun = System.nanoTime();
            var answers = java.util.stream.IntStream.range(0, 6)
                    .mapToObj(i -> java.util.concurrent.CompletableFuture.supplyAsync(
                            () -> refs(url), task -> Thread.ofVirtual().start(task)))
                    .toList();

            var statuses =
                    answers.stream().map(answer -> answer.join().status()).toList();

            assertThat(statuses).containsOnly(503);
            assertThat(answers.stream().filter(answer -> answer.join().body().contains("did not tell")))
                    .hasSize(4);
            assertThat(answers.stream().filter(answer -> answer.join().body().contains("already")))
                    .hasSize(2);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(20));
        }
        assertThat(refs(repository.url()).status()).isEqualTo(200);
    }

    @Test
    void aViewerMayNotAskAndNothingOfAQuestionIsRecorded() {
        Answer refused = argus.call(
                "POST",
                "/refs",
                argus.token(Role.VIEWER),
                new JsonObject().put("repository", repository.url()).encode());
        assertThat(refused.status()).isEqualTo(403);
        refs("http://us3r:" + SECRET + "@127.0.0.1:1/a.git");

        String audit = argus.get("/audit").body();

        assertThat(audit).contains("\"listRefs\"").doesNotContain(SECRET);
        assertThat(audit.split("listRefs", -1)).hasSize(2);
    }
}
