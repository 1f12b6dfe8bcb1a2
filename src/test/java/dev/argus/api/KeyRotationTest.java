package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.auth.Accounts;
import dev.argus.auth.Role;
import dev.argus.auth.SigningKeys;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New signing keys under a running server. */
final class KeyRotationTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void tokensOfTheFormerKeyStayGoodUntilTheNextRotation() {
        try (var argus = RunningArgus.start(directory.resolve("data"))) {
            Path keys = argus.dataDirectory().resolve("keys");
            String ofTheFirst = argus.token(Role.VIEWER);

            SigningKeys.rotate(keys, true);
            String ofTheSecond = argus.tokenOnTheHost("second", Role.VIEWER, Duration.ofHours(1));
            await().atMost(SOON).until(() -> status(argus, ofTheSecond) == 200);
            assertThat(status(argus, ofTheFirst)).isEqualTo(200);
            assertThat(status(argus, argus.token(Role.VIEWER)))
                    .as("signed by the server")
                    .isEqualTo(200);

            String ofTheServer = argus.token(Role.ADMIN);
            SigningKeys.rotate(keys, true);
            await().atMost(SOON).until(() -> status(argus, ofTheFirst) == 401);
            assertThat(status(argus, ofTheSecond)).isEqualTo(200);
            assertThat(status(argus, ofTheServer)).isEqualTo(200);

            SigningKeys.rotate(keys, false);
            argus.writeOnTheHost(Accounts.removeAllTokens());
            await().atMost(SOON).until(() -> status(argus, ofTheServer) == 401);
            assertThat(status(argus, ofTheSecond)).isEqualTo(401);
            String afresh = argus.tokenOnTheHost("afresh", Role.VIEWER, Duration.ofHours(1));
            assertThat(status(argus, afresh)).isEqualTo(200);

            argus.restart();
            assertThat(status(argus, afresh)).isEqualTo(200);
            assertThat(status(argus, ofTheFirst)).isEqualTo(401);
        }
    }

    private static int status(RunningArgus argus, String token) {
        return argus.call("GET", "/whoami", token, null).status();
    }
}
