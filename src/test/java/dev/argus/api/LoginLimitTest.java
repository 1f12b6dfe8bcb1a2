package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.config.AddressRange;
import dev.argus.config.ServerConfig;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guessing passwords, at a server behind a proxy that it trusts. */
final class LoginLimitTest {
    private static final String PASSWORD = "correct horse battery";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    @BeforeAll
    static void start() {
        argus = RunningArgus.start(
                directory.resolve("data"),
                config -> config.entering(new ServerConfig.EntranceConfig(
                        List.of(AddressRange.parse("127.0.0.1").orElseThrow()), null, false)));
    }

    @AfterAll
    static void end() {
        argus.close();
    }

    private static void user(String name) {
        argus.post(
                "/users",
                new JsonObject().put("name", name).put("role", "admin").put("password", PASSWORD));
    }

    private static Answer login(String user, String password, String from) {
        return argus.send(argus.request("/api/v1/login")
                .header("Content-Type", "application/json")
                .header("X-Forwarded-For", "8.8.8.8, " + from)
                .POST(HttpRequest.BodyPublishers.ofString(new JsonObject()
                        .put("user", user)
                        .put("password", password)
                        .encode())));
    }

    @Test
    void whoGuessesHasToWaitAndIsToldHowLong() {
        user("ann");
        Answer last = login("ann", "wrong password", "203.0.113.1");
        for (int i = 2; i < 10 && last.status() == 401; i++) {
            last = login("ann", "wrong password", "203.0.113." + i);
        }
        assertThat(last.status()).as(last.body()).isEqualTo(429);
        assertThat(last.code()).isEqualTo("too-many-requests");
        assertThat(Integer.parseInt(last.header("Retry-After"))).isBetween(1, 30);
        assertThat(last.detail()).contains("login-link");
        assertThat(login("nobody-there", "wrong password", "203.0.113.1").status())
                .as("another account")
                .isEqualTo(401);
    }

    @Test
    void theOwnerGetsInFromItsOwnAddressWhileOthersGuess() {
        user("boss");
        assertThat(login("boss", PASSWORD, "198.51.100.7").status()).isEqualTo(200);
        for (int i = 0; i < 8; i++) {
            login("boss", "wrong password", "203.0.114." + i);
        }
        assertThat(login("boss", PASSWORD, "203.0.115.1").status()).isEqualTo(429);
        assertThat(login("boss", PASSWORD, "198.51.100.7").status()).isEqualTo(200);
    }

    @Test
    void anAddressThatTriesManyAccountsHasToWait() {
        int status = 401;
        int attempts = 0;
        while (status == 401 && attempts < 40) {
            status = login("user" + attempts++, "wrong password", "192.0.2.44").status();
        }
        assertThat(status).isEqualTo(429);
        assertThat(attempts).isBetween(20, 22);
        assertThat(login("user1", "wrong password", "192.0.2.45").status()).isEqualTo(401);
    }
}
