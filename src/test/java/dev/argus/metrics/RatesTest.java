package dev.argus.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.metrics.Measurement.Answered;
import dev.argus.metrics.Measurement.Used;
import dev.argus.metrics.Measurement.Visited;
import dev.argus.node.NodeSample;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static final long STEP = 15_000_000_000L;
    private static final float NONE = Float.NaN;

    private static Measurement at(
            long step,
            @Nullable Map<String, Used> instances,
            @Nullable Map<String, Answered> answers,
            @Nullable Map<String, Visited> visits) {
        return new Measurement(step * STEP, instances, answers, visits, null);
    }

    private static float[] web(@Nullable Measurement before, Measurement now) {
        return Objects.requireNonNull(
                new Rates(before, now, 4).services(Set.of("web")).get("web"));
    }

    @Test
    void whatIsUsedIsTheSumOfTheInstancesAndLatencyTheirMean() {
        var before = at(
                0,
                Map.of("a", new Used("web", 1_000, 5)),
                Map.of("a", new Answered(10, 10_000_000)),
                Map.of("web", new Visited(100, 1)));
        var now = at(
                1,
                Map.of("a", new Used("web", 2_500, 100), "b", new Used("web", 3_000, 200), "c", new Used("x", 1, 1)),
                Map.of("a", new Answered(13, 16_000_000), "b", new Answered(1, 10_000_000)),
                Map.of("web", new Visited(130, 4)));

        assertThat(web(before, now)).containsExactly(30, 300, 4, 2, 0.2f);
    }

    @Test
    void atFirstOnlyMemoryIsKnown() {
        var now = at(
                0,
                Map.of("a", new Used("web", 5, 7)),
                Map.of("a", new Answered(1, 1)),
                Map.of("web", new Visited(1, 0)));

        assertThat(web(null, now)).containsExactly(NONE, 7, NONE, NONE, NONE);
    }

    @Test
    void countersThatFellOrAreNewBeganAtZero() {
        var before = at(
                0,
                Map.of("a", new Used("web", 9_000, 5)),
                Map.of("a", new Answered(10, 10_000_000)),
                Map.of("web", new Visited(100, 9)));
        var now = at(
                1,
                Map.of("a", new Used("web", 150, 5)),
                Map.of("a", new Answered(2, 4_000_000)),
                Map.of("web", new Visited(30, 0)));

        assertThat(web(before, now)).containsExactly(1, 5, 2, 2, 0);
        assertThat(web(at(0, Map.of(), Map.of(), Map.of()), now)).containsExactly(1, 5, 2, 2, 0);
    }

    @Test
    void whoDidNotAnswerOnEitherSideLeavesAGap() {
        var all = at(
                0,
                Map.of("a", new Used("web", 5, 7)),
                Map.of("a", new Answered(1, 1)),
                Map.of("web", new Visited(1, 0)));
        var more = at(
                1,
                Map.of("a", new Used("web", 5, 7)),
                Map.of("a", new Answered(1, 1)),
                Map.of("web", new Visited(1, 0)));

        assertThat(web(at(0, null, null, null), more)).containsExactly(NONE, 7, NONE, NONE, NONE);
        assertThat(web(all, at(1, null, null, null))).containsOnly(NONE);
        assertThat(web(all, more)).containsExactly(0, 7, NONE, 0, 0);
    }

    @Test
    void aServiceWithoutProcessesUsesNothingThatIsKnown() {
        var before = at(0, Map.of(), Map.of(), Map.of("web", new Visited(0, 0)));
        var now = at(1, Map.of("a", new Used("web", 0, 0)), Map.of(), Map.of("web", new Visited(3, 3)));

        assertThat(web(before, now)).containsExactly(NONE, NONE, NONE, 0.2f, 0.2f);
    }

    @Test
    void nobodyUsesMoreThanTheMachineHas() {
        var before = at(0, Map.of(), Map.of(), Map.of());
        var now = at(1, Map.of("a", new Used("web", 900_000_000, 5)), Map.of(), Map.of());

        assertThat(web(before, now)[Column.CPU]).isEqualTo(400);
    }

    @Test
    void theMachineIsTheShareOfItsTicks() {
        var before = new Measurement(0, null, null, null, new NodeSample(100, 1_000, 1, 2, 3));
        var now = new Measurement(STEP, null, null, null, new NodeSample(150, 1_200, 10, 20, 0.5));

        assertThat(new Rates(before, now, 4).node()).containsExactly(25, 10, 20, 0.5f);
        assertThat(new Rates(null, now, 4).node()).containsExactly(NONE, 10, 20, 0.5f);
        assertThat(new Rates(now, before, 4).node()[Column.CPU]).isNaN();
        assertThat(new Rates(before, at(1, null, null, null), 4).node()).containsOnly(NONE);
    }

    @Test
    void noSequenceOfCountersEverGivesAFigureBelowZero() {
        var random = new Random(4711);
        Measurement before = null;
        for (int i = 0; i < 20_000; i++) {
            Measurement now = random(random, i);
            for (float figure : web(before, now)) {
                assertThat(Float.isNaN(figure) || (figure >= 0 && Float.isFinite(figure)))
                        .isTrue();
            }
            before = random.nextInt(20) == 0 ? null : now;
        }
    }

    private static Measurement random(Random random, long step) {
        Map<String, Used> used = new HashMap<>();
        Map<String, Answered> answers = new HashMap<>();
        Map<String, Visited> visits = new HashMap<>();
        for (String id : new String[] {"a", "b", "c"}) {
            if (random.nextBoolean()) {
                used.put(id, new Used(random.nextInt(3) == 0 ? "x" : "web", random.nextInt(1_000), random.nextInt(3)));
            }
            if (random.nextBoolean()) {
                int count = random.nextInt(9);
                answers.put(id, new Answered(count, count * 5L));
            }
        }
        if (random.nextBoolean()) {
            visits.put("web", new Visited(random.nextInt(100), random.nextInt(100)));
        }
        return at(
                step,
                random.nextInt(5) == 0 ? null : used,
                random.nextInt(5) == 0 ? null : answers,
                random.nextInt(5) == 0 ? null : visits);
    }
}
