package dev.argus.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartLineTest {
    private final List<String> started = new ArrayList<>();

    private void enter(StartLine line, String instance) {
        line.enter(instance, () -> started.add(instance));
    }

    @Test
    void whoFindsNoPlaceStartsInItsTurnWhenOneIsFree() {
        var line = new StartLine(2);
        for (String instance : List.of("a", "b", "c", "d")) {
            enter(line, instance);
        }
        assertThat(started).containsExactly("a", "b");
        line.leave("b");
        assertThat(started).containsExactly("a", "b", "c");
        line.leave("a");
        assertThat(started).containsExactly("a", "b", "c", "d");
    }

    @Test
    void whoLeavesTheLineIsNotStarted() {
        var line = new StartLine(1);
        enter(line, "a");
        enter(line, "b");
        enter(line, "c");
        line.leave("b");
        line.leave("a");
        assertThat(started).containsExactly("a", "c");
    }

    @Test
    void whoEntersAgainKeepsNoSecondPlace() {
        var line = new StartLine(1);
        enter(line, "a");
        enter(line, "b");
        enter(line, "a");
        assertThat(started).containsExactly("a", "b");
        line.leave("b");
        assertThat(started).containsExactly("a", "b", "a");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noMoreThanThereArePlacesStartAtOnceAndNobodyIsForgotten(long seed) {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var line = new StartLine(3);
        Set<String> starting = new HashSet<>();
        Set<String> asked = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            String instance = "i" + random.nextInt(12);
            if (random.nextBoolean()) {
                starting.remove(instance);
                asked.add(instance);
                line.enter(instance, () -> starting.add(instance));
            } else {
                starting.remove(instance);
                asked.remove(instance);
                line.leave(instance);
            }
            assertThat(starting).hasSize(Math.min(3, asked.size())).isSubsetOf(asked);
        }
    }
}
