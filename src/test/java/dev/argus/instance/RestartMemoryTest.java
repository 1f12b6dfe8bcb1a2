package dev.argus.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RestartMemoryTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_000_000_000);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final long SECOND = 1_000_000_000L;

    private static RestartMemory keptAndRead(RestartMemory memory) {
        return RestartMemory.decode(new JsonObject(memory.encode().encode()));
    }

    @Test
    void theTimesOfAnotherProcessBecomeTimesOfThisOne() {
        Situation so = Situation.NEW
                .with(InstanceState.BACKOFF)
                .counting(new Restarts(4, List.of(70 * SECOND, 90 * SECOND)), true)
                .because("exit status 7");

        RestartMemory memory = keptAndRead(RestartMemory.of(so, NOW.plusSeconds(9), NOW, 100 * SECOND));

        Restarts later = memory.restarts(NOW.plusSeconds(5), SECOND);
        assertThat(later.inRow()).isEqualTo(4);
        assertThat(later.recentNanos()).containsExactly(SECOND - 35 * SECOND, SECOND - 15 * SECOND);
        assertThat(memory.failed()).isTrue();
        assertThat(memory.reason()).isEqualTo("exit status 7");
        assertThat(memory.left(NOW.plusSeconds(5), LONGEST)).isEqualTo(Duration.ofSeconds(4));
        assertThat(memory.left(NOW.plusSeconds(50), LONGEST)).isEqualTo(Duration.ZERO);
    }

    @Test
    void aClockThatWasSetBackMakesNobodyWaitLongerThanTheLongestDelay() {
        RestartMemory memory = new RestartMemory(1, List.of(NOW), false, NOW.plusSeconds(5), "x");

        Instant yesterday = NOW.minusSeconds(86_400);
        assertThat(memory.left(yesterday, LONGEST)).isEqualTo(LONGEST);
        assertThat(memory.restarts(yesterday, SECOND).recentNanos()).containsExactly(SECOND);
    }

    @Test
    void whoDoesNotWaitHasNothingLeft() {
        RestartMemory memory = keptAndRead(RestartMemory.of(Situation.NEW, NOW, NOW, 0));

        assertThat(memory.left(NOW, LONGEST)).isNull();
        assertThat(RestartMemory.decode(new JsonObject())).isEqualTo(memory);
    }
}
