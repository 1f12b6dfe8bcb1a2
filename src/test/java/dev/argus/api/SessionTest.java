package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.auth.Accounts;
import dev.argus.auth.Role;
import dev.argus.auth.TokenRecord;
import dev.argus.auth.Tokens;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in by password and by link, and what the cookie of a session may do. */
final class SessionTest {
    private static final String PASSWORD = "correct horse battery";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    @BeforeAll
    static void start() {
        argus = RunningArgus.start(directory.resolve("data"));
        addUser("ann", Role.OPERATOR);
    }

    @AfterAll
    static void end() {
        argus.close();
    }

    private static void addUser(String name, Role role) {
        Answer made = argus.post(
                "/users",
                new JsonObject().put("name", name).put("password", PASSWORD).put("role", role.word()));
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        assertThat(made.body()).doesNotContain(PASSWORD);
    }

    private static Answer login(String user, String password) {
        return argus.call(
                "POST",
                "/login",
                "",
                new JsonObject().put("user", user).put("password", password).encode());
    }

    private static Answer redeem(String code) {
        return argus.call(
                "POST", "/login", "", new JsonObject().put("code", code).encode());
    }

    private static String cookie(Answer login) {
        return login.header("Set-Cookie").split(";", 2)[0];
    }

    private static Answer byCookie(String method, String path, String cookie, String... headers) {
        HttpRequest.Builder request = argus.request("/api/v1" + path)
                .header("Cookie", cookie)
                .method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return argus.send(request);
    }

    @Test
    void aUserSignsInAndIsWhoTheySay() {
        Answer signedIn = login("ann", PASSWORD);
        assertThat(signedIn.status()).as(signedIn.body()).isEqualTo(200);
        assertThat(signedIn.header("Set-Cookie"))
                .startsWith("argus_session=")
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict")
                .contains("Path=/");
        JsonObject who = argus.call("GET", "/whoami", signedIn.json().getString("token"), null)
                .json();
        assertThat(who.getString("name")).isEqualTo("ann");
        assertThat(who.getString("role")).isEqualTo("operator");
        assertThat(Instant.parse(who.getString("expiresAt"))).isAfter(Instant.now());
        assertThat(argus.get("/tokens").body()).as("a session is no token").doesNotContain("\"ann\"");
    }

    @Test
    void aWrongPasswordAndAnUnknownUserGetTheSameAnswer() {
        Answer wrong = login("ann", "not the password");
        Answer unknown = login("zoe", "not the password");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(wrong.body()).isEqualTo(unknown.body());
        assertThat(wrong.header("Set-Cookie")).isEmpty();
        assertThat(login("ann", "x".repeat(1_024)).body()).isEqualTo(wrong.body());
    }

    @Test
    void halfASignInIsRefusedAndNamed() {
        for (String body : List.of("{\"user\":\"ann\"}", "{\"password\":\"x\"}", "{}")) {
            Answer answer = argus.call("POST", "/login", "", body);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.field()).isIn("user", "password");
        }
        assertThat(argus.call("POST", "/login", "", null).status()).isEqualTo(400);
    }

    @Test
    void aShortPasswordAndAStrangeNameAreRefused() {
        Answer weak = argus.post(
                "/users",
                new JsonObject().put("name", "bob").put("password", "short").put("role", "viewer"));
        assertThat(weak.status()).isEqualTo(400);
        assertThat(weak.field()).isEqualTo("password");
        Answer strange = argus.post(
                "/users",
                new JsonObject().put("name", "a\nb").put("password", PASSWORD).put("role", "viewer"));
        assertThat(strange.status()).isEqualTo(400);
        assertThat(strange.field()).isEqualTo("name");
        Answer role = argus.post(
                "/users",
                new JsonObject().put("name", "bob").put("password", PASSWORD).put("role", "god"));
        assertThat(role.status()).isEqualTo(400);
        assertThat(role.field()).isEqualTo("role");
    }

    @Test
    void aLinkSignsInOnceAlsoWhenTwoComeTogether() throws Exception {
        String code = link(Tokens.LINK_VALIDITY);
        Callable<Integer> attempt = () -> redeem(code).status();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Integer> statuses = threads.invokeAll(List.of(attempt, attempt, attempt, attempt)).stream()
                    .map(done -> done.resultNow())
                    .toList();
            assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 401);
        }
        assertThat(redeem(code).status()).isEqualTo(401);
        assertThat(redeem(code).detail()).contains("login-link");
    }

    @Test
    void aLinkThatHasEndedAndTheCodeAsATokenAreRefused() {
        assertThat(redeem(link(Duration.ofMillis(-1))).status()).isEqualTo(401);
        String code = link(Tokens.LINK_VALIDITY);
        assertThat(argus.call("GET", "/services", code, null).status()).isEqualTo(401);
        assertThat(redeem(Tokens.hash(code)).status())
                .as("what the store holds")
                .isEqualTo(401);
    }

    private static String link(Duration validity) {
        String code = Tokens.newCode();
        Instant now = Instant.now();
        argus.writeOnTheHost(Accounts.add(new TokenRecord(
                Tokens.hash(code), TokenRecord.Kind.LINK, "host", Role.ADMIN, null, now, now.plus(validity), null)));
        return code;
    }

    @Test
    void aCookieReadsAndChangesOnlyFromTheDashboardItself() {
        String cookie = cookie(login("ann", PASSWORD));
        assertThat(byCookie("GET", "/services", cookie).status()).isEqualTo(200);

        String path = "/services/none/stop";
        String own = argus.url();
        assertThat(byCookie("POST", path, cookie).status()).as("no header").isEqualTo(403);
        assertThat(byCookie("POST", path, cookie, "Origin", own).status()).isEqualTo(403);
        for (String origin : List.of(
                "http://evil.example",
                "null",
                "http://evil.example/127.0.0.1:" + argus.port(),
                "http://evil.example://127.0.0.1:" + argus.port(),
                "http://127.0.0.1:1",
                "")) {
            assertThat(byCookie("POST", path, cookie, "X-Argus-Request", "1", "Origin", origin)
                            .status())
                    .as(origin)
                    .isEqualTo(403);
        }
        assertThat(byCookie("POST", path, cookie, "X-Argus-Request", "1", "Origin", own)
                        .status())
                .as("passes, and there is no such service")
                .isEqualTo(404);
        assertThat(byCookie("POST", path, cookie, "X-Argus-Request", "1").status())
                .isEqualTo(404);
        assertThat(byCookie("DELETE", "/services/none", cookie).status()).isEqualTo(403);
    }

    @Test
    void signingOutEndsTheSession() {
        String cookie = cookie(login("ann", PASSWORD));
        Answer out = byCookie("POST", "/logout", cookie, "X-Argus-Request", "1");
        assertThat(out.status()).isEqualTo(204);
        assertThat(out.header("Set-Cookie")).contains("Max-Age=0");
        assertThat(byCookie("GET", "/services", cookie).status()).isEqualTo(401);
    }

    @Test
    void sessionsEndWhenTheUserIsChangedOrRemoved() {
        addUser("eve", Role.ADMIN);
        String first = login("eve", PASSWORD).json().getString("token");
        addUser("eve", Role.VIEWER);
        assertThat(argus.call("GET", "/whoami", first, null).status()).isEqualTo(401);
        String second = login("eve", PASSWORD).json().getString("token");
        assertThat(argus.call("GET", "/whoami", second, null).json().getString("role"))
                .isEqualTo("viewer");
        assertThat(argus.delete("/users/eve").status()).isEqualTo(204);
        assertThat(argus.call("GET", "/whoami", second, null).status()).isEqualTo(401);
        assertThat(login("eve", PASSWORD).status()).isEqualTo(401);
        assertThat(argus.delete("/users/eve").status()).isEqualTo(404);
    }
}
