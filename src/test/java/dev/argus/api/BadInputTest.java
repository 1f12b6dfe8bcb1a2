package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is malformed is refused with the field named, and nothing comes of it. */
final class BadInputTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    private static final String GOOD = "https://git.example.invalid/a/b.git";

    @BeforeAll
    static void start() {
        argus = RunningArgus.start(directory.resolve("data"));
    }

    @AfterAll
    static void end() {
        argus.close();
    }

    @AfterEach
    void nothingCameOfIt() throws IOException {
        assertThat(argus.get("/services").array()).isEmpty();
        assertThat(argus.get("/deployments").array()).isEmpty();
        Path services = argus.dataDirectory().resolve("services");
        if (Files.exists(services)) {
            try (Stream<Path> made = Files.list(services)) {
                assertThat(made).isEmpty();
            }
        }
        assertThat(directory.resolve("p")).doesNotExist();
    }

    static List<String> badNames() {
        return List.of(
                "a;touch " + directory.resolve("p"),
                "$(id)",
                "`id`",
                "a|b",
                "a&b",
                "a\nb",
                "..",
                "a/../b",
                "..\\b",
                "a\0b",
                "a".repeat(64),
                "a".repeat(300),
                "CON",
                "Web",
                "-a",
                "a-",
                "a_b",
                "a.b",
                "a b",
                "\u2025",
                "\u0430bc",
                "%2e%2e",
                "*");
    }

    @ParameterizedTest
    @MethodSource("badNames")
    void aBadNameIsRefusedOnEveryRouteAndNamed(String name) {
        String path = "/services/"
                + URLEncoder.encode(name, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace(".", "%2e");
        String deploy = new JsonObject().put("repository", GOOD).encode();
        for (Answer answer : List.of(
                argus.call("POST", path + "/deploy", argus.adminToken(), deploy),
                argus.get(path),
                argus.get(path + "/logs"),
                argus.get(path + "/why"),
                argus.get(path + "/env"),
                argus.get(path + "/releases"),
                argus.post(path + "/start"),
                argus.delete(path))) {
            if (List.of("..", "a/../b").contains(name) && answer.status() > 400) {
                // such an address is another one, where there is nothing or nothing for this method
                assertThat(answer.status()).isIn(404, 405);
                continue;
            }
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("invalid");
            assertThat(answer.field()).isEqualTo("name");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main; curl x|sh",
                "main$(id)",
                "--exec=touch p",
                "-h",
                "--upload-pack=id",
                "--output=/etc/x",
                "a..b",
                "a~1",
                "a^{}",
                "a:b",
                "refs/heads/",
                "a.lock",
                "@{-1}",
                "a b",
                "a\nb",
                "a\\b",
                "",
                "/x"
            })
    void aBadRefIsRefusedAndNamed(String ref) {
        Answer answer = deploy(new JsonObject().put("repository", GOOD).put("ref", ref));
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.field()).isEqualTo("ref");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh://-oProxyCommand=touch%20p/x",
                "--upload-pack=touch p",
                "-u./x",
                "ext::sh -c 'touch p'",
                "EXT::sh -c id",
                "fd::3",
                "hg::https://x/y",
                "git://example.org/x.git",
                "ftp://example.org/x.git",
                "/etc",
                "../other",
                "file://other/x",
                "https://",
                "https://example.org",
                "https://exa mple.org/x",
                "https://example.org/x\n.git",
                "https://example.org:99999/x.git",
                "-x@example.org:y"
            })
    void aBadRepositoryIsRefusedAndNamed(String repository) {
        Answer answer = deploy(new JsonObject().put("repository", repository));
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.field()).isEqualTo("repository");
    }

    @Test
    void aFirstDeployWithoutARepositoryIsToldToGiveOne() {
        Answer answer = argus.post("/services/web/deploy");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.detail()).contains("repository");
    }

    @Test
    void credentialsOfABadAddressAreNotRepeatedInTheAnswer() {
        for (String repository : List.of(
                "https://joe:s3cr3t-canary@exa_mple.org:99999/x.git",
                "https://joe:s3cr3t-canary@example.org/x.git?y=z",
                "gopher://joe:s3cr3t-canary@example.org/x.git",
                "https://joe:s3cr3t-canary%zz@example.org/x.git",
                "https://joe:s3cr3t-canary@/x.git")) {
            Answer answer = deploy(new JsonObject().put("repository", repository));
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).doesNotContain("s3cr3t");
        }
    }

    @WrongFields
    void aWrongFieldIsRefusedAndNamed(String body, String field) {
        var json = new JsonObject().put("repository", GOOD);
        new JsonObject(body.replace('\'', '"')).forEach(entry -> json.put(entry.getKey(), entry.getValue()));
        Answer answer = deploy(json);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.field()).as(answer.body()).isEqualTo(field);
        assertThat(answer.detail()).as("one sentence for people").endsWith(".").contains(" ");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "5", "\"x\"", "true", "{", "{\"repository\":}", "nonsense", "{\"a\":1}}", "\0"})
    void whatIsNoJsonObjectIsRefused(String body) {
        Answer answer = argus.call("POST", "/services/web/deploy", argus.adminToken(), body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.field()).isEqualTo("body");
    }

    @Test
    void aKeyThatIsThereTwiceIsRefused() {
        Answer answer = argus.call(
                "POST",
                "/services/web/deploy",
                argus.adminToken(),
                "{\"repository\":\"" + GOOD + "\",\"ref\":\"main\",\"ref\":\"other\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    }

    @Test
    void jsonThatIsNestedWithoutEndIsRefused() {
        Answer answer = argus.call("POST", "/services/web/deploy", argus.adminToken(), "{\"env\":".repeat(100_000));
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    }

    @Test
    void aBodyOfAnotherTypeIsRefused() {
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data")) {
            Answer answer = argus.send(argus.request("/api/v1/services/web/deploy")
                    .header("Authorization", "Bearer " + argus.adminToken())
                    .header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofString("{\"repository\":\"" + GOOD + "\"}")));
            assertThat(answer.status()).as(type + ": " + answer.body()).isEqualTo(400);
        }
        Answer untyped = argus.send(argus.request("/api/v1/services/web/deploy")
                .header("Authorization", "Bearer " + argus.adminToken())
                .POST(HttpRequest.BodyPublishers.ofString("{\"repository\":\"" + GOOD + "\"}")));
        assertThat(untyped.status()).as(untyped.body()).isEqualTo(400);
    }

    @Test
    void aHugeBodyIsRefusedAsTooLarge() {
        Answer answer = argus.call(
                "POST", "/services/web/deploy", argus.adminToken(), "{\"repository\":\"" + "x".repeat(2 << 20) + "\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("too-large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/deployments?limit=0",
                "/deployments?limit=201",
                "/deployments?limit=x",
                "/deployments?limit=1.5",
                "/deployments?limit=1e1",
                "/deployments?limit=99999999999999999999",
                "/audit?limit=-1",
                "/services/web/logs?tail=-1",
                "/services/web/logs?tail=x",
                "/services/web/logs?tail=5.0",
                "/services/web/logs?follow=maybe",
                "/services/web?keepData=maybe"
            })
    void aBadQueryIsRefused(String path) {
        Answer answer = path.contains("keepData") ? argus.delete(path) : argus.get(path);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.field()).as(answer.body()).isIn("limit", "tail", "follow", "keepData");
    }

    private static Answer deploy(JsonObject body) {
        return argus.post("/services/web/deploy", body);
    }
}
