package dev.argus.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokensTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final Vertx vertx = Vertx.vertx();

    @SuppressWarnings("NullAway.Init")
    private Tokens tokens;

    @BeforeEach
    void keys() {
        tokens = new Tokens(vertx, SigningKeys.in(directory), "node-1");
    }

    @AfterEach
    void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private String token(Duration validity) {
        return tokens.sign(tokens.record(TokenRecord.Kind.API, "ann", Role.ADMIN, null, Instant.now(), validity));
    }

    private boolean isGood(String token) {
        return tokens.verify(token)
                .transform(verified -> Future.succeededFuture(verified.succeeded()))
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void aTokenThatWasGoodBeforeIsRefusedOnceItHasEnded() {
        String token = token(Duration.ofSeconds(5));
        assertThat(isGood(token)).isTrue();
        assertThat(isGood(token)).isTrue();

        await("its end").atMost(Duration.ofSeconds(30)).until(() -> !isGood(token));
    }

    @Test
    void ofATokenThatWasGoodBeforeNoCharacterMayDiffer() {
        String token = token(Duration.ofHours(1));
        assertThat(isGood(token)).isTrue();

        int payload = token.indexOf('.') + 5;
        char other = token.charAt(payload) == 'A' ? 'B' : 'A';
        assertThat(isGood(token.substring(0, payload) + other + token.substring(payload + 1)))
                .isFalse();
        assertThat(isGood(token.substring(0, token.lastIndexOf('.')) + ".AAAA")).isFalse();
        assertThat(isGood(token)).isTrue();
    }

    @Test
    void moreTokensThanAreRememberedAreStillTold() {
        for (int i = 0; i < 1_100; i++) {
            assertThat(isGood(token(Duration.ofHours(1).plusSeconds(i)))).isTrue();
        }
    }
}
