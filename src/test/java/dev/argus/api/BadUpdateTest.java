package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused of a new service is refused of one that is there, by whatever way it comes, and nothing of it is changed. */
final class BadUpdateTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    private static JsonObject before = new JsonObject();
    private static long pid;

    @BeforeAll
    static void start() throws IOException {
        argus = RunningArgus.start(directory.resolve("data"));
        argus.deployed("web", ServiceRepository.healthy(directory, "web"));
        before = settings();
        pid = argus.pid("web");
    }

    @AfterAll
    static void end() {
        argus.close();
    }

    @AfterEach
    void nothingCameOfIt() {
        assertThat(settings()).isEqualTo(before);
        assertThat(argus.pid("web")).isEqualTo(pid);
        assertThat(argus.get("/deployments").array()).hasSize(1);
    }

    @WrongFields
    void aWrongFieldOfALaterDeployIsRefusedAndNamedAsInTheFirst(String body, String field) {
        Answer answer = argus.post("/services/web/deploy", new JsonObject(body.replace('\'', '"')));
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.field()).as(answer.body()).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext::sh -c id", "file://other/x", "--upload-pack=id", "https://exa mple.org/x"})
    void aBadRepositoryIsRefusedOfALaterDeployAndOfTheQuestionForItsBranches(String repository) {
        var body = new JsonObject().put("repository", repository);
        for (String path : new String[] {"/services/web/deploy", "/refs"}) {
            Answer answer = argus.post(path, body);
            assertThat(answer.status()).as(path + ": " + answer.body()).isEqualTo(400);
            assertThat(answer.field()).as(path).isEqualTo("repository");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'1A': 'x'}|1A",
                "{'A-B': 'x'}|A-B",
                "{'PORT': '1'}|PORT",
                "{'ARGUS_INSTANCE': 'x'}|ARGUS_INSTANCE",
                "{'GOOD': 'x', 'A': 'x\\u0000y'}|A",
                "{'A': 5}|A"
            })
    void aVariableThatADeployMayNotSetIsNotSetByItself(String change, String variable) {
        var body = new JsonObject(change.replace('\'', '"'));
        Answer together = argus.post("/services/web/deploy", new JsonObject().put("env", body));
        assertThat(together.status()).as(together.body()).isEqualTo(400);
        assertThat(together.field()).isEqualTo("env." + variable);
        Answer alone = argus.call("PATCH", "/services/web/env", argus.adminToken(), body.encode());
        assertThat(alone.status()).as(alone.body()).isEqualTo(400);
        assertThat(alone.field()).endsWith(variable);
        if (body.getValue(variable) instanceof String value) {
            Answer secret = argus.call(
                    "PUT",
                    "/services/web/secrets/" + variable,
                    argus.adminToken(),
                    new JsonObject().put("value", value).encode());
            assertThat(secret.status()).as(secret.body()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "65", "1.5", "true", "\"2\"", "null", "1e300"})
    void aNumberOfInstancesThatADeployMayNotHaveIsNotScaledTo(String instances) {
        String body = "{\"instances\": " + instances + "}";
        for (String path : new String[] {"/services/web/scale", "/services/web/deploy"}) {
            Answer answer = argus.call("POST", path, argus.adminToken(), body);
            assertThat(answer.status()).as(path + ": " + answer.body()).isEqualTo(400);
            assertThat(answer.field()).as(path).isEqualTo("instances");
        }
    }

    /** What can be set of it. */
    private static JsonObject settings() {
        JsonObject service = argus.service("web");
        return new JsonObject()
                .put("repository", service.getValue("repository"))
                .put("ref", service.getValue("ref"))
                .put("spec", service.getValue("spec"))
                .put("env", argus.get("/services/web/env").json())
                .put("secrets", argus.get("/services/web/secrets").array());
    }
}
