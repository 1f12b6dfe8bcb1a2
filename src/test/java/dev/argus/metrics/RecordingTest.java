package dev.argus.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RecordingTest {
    private static final long NOON = Range.HOUR.slot(Instant.parse("2026-11-23T12:00:00Z"));
    private static final float GAP = Float.NaN;

    private final Recording recording = new Recording(1);

    private static Map<String, float[]> web(float value) {
        return Map.of("web", new float[] {value});
    }

    private float[] points(Range range, long end) {
        return recording.points("web", range, end).getFirst();
    }

    /** What a person would work out from a list of all that was measured. */
    private static double mean(Map<Long, Float> measured, Range range, long slot) {
        Range finer = range.finer();
        if (finer == null) {
            return measured.getOrDefault(slot, GAP);
        }
        double sum = 0;
        int known = 0;
        for (long under = slot * range.ratio(); under < (slot + 1) * range.ratio(); under++) {
            double value = mean(measured, finer, under);
            if (!Double.isNaN(value)) {
                sum += value;
                known++;
            }
        }
        return known == 0 ? Double.NaN : sum / known;
    }

    private void assertLike(Map<Long, Float> measured, long end) {
        for (Range range : Range.values()) {
            float[] points = points(range, end);
            assertThat(points).hasSize(range.points());
            long first = Recording.first(range, end);
            for (int i = 0; i < points.length; i++) {
                double expected = mean(measured, range, first + i);
                if (Double.isNaN(expected)) {
                    assertThat(points[i]).as("%s point %d", range, i).isNaN();
                } else {
                    assertThat((double) points[i])
                            .as("%s point %d", range, i)
                            .isCloseTo(expected, Offset.offset(1e-3 * Math.max(1, Math.abs(expected))));
                }
            }
        }
    }

    @RepeatedTest(8)
    void aWeekWithGapsHasTheMeansOfWhatWasMeasured(RepetitionInfo repetition) {
        var random = new Random(4711 + repetition.getCurrentRepetition());
        Map<Long, Float> measured = new TreeMap<>();
        long slot = NOON;
        for (int i = 0; i < 45_000; i++) {
            slot += random.nextInt(2_000) == 0 ? 1 + random.nextInt(1_500) : random.nextInt(40) == 0 ? 2 : 1;
            float value = random.nextInt(10) == 0 ? GAP : random.nextFloat() * 100;
            if (!Float.isNaN(value)) {
                measured.put(slot, value);
            }
            recording.record(slot, web(value));
            if (i % 9_000 == 0) {
                assertLike(measured, slot);
            }
        }
        assertLike(measured, slot);
    }

    @RepeatedTest(20)
    void howeverTheClockIsSetTheBoundIsKeptAndWhatWasMeasuredLastIsThere(RepetitionInfo repetition) {
        var random = new Random(815 + repetition.getCurrentRepetition());
        long slot = NOON;
        for (int i = 0; i < 3_000; i++) {
            slot += switch (random.nextInt(50)) {
                case 0 -> random.nextInt(4_000_000);
                case 1 -> -random.nextInt(4_000_000);
                case 2 -> -1;
                default -> 1;
            };
            recording.record(slot, Map.of("web", new float[] {i}, "other", new float[] {-i}));
            assertThat(recording.at("web", 0, slot)).isEqualTo(i);
            assertThat(recording.at("other", 0, slot)).isEqualTo(-i);
            if (random.nextInt(20) == 0) {
                int pages = recording.save(slot).size();
                assertThat(pages).isLessThanOrEqualTo(240 + 288 + 336);
            }
        }
        for (Range range : Range.values()) {
            float[] points = points(range, slot);
            assertThat(points).hasSize(range.points());
            assertThat(points[points.length - 1]).isNotNaN();
            for (float point : points) {
                assertThat(Float.isNaN(point) || (point >= 0 && point < 3_000)).isTrue();
            }
        }
    }

    @Test
    void aClockThatGoesBackDoesNotShowWhatWasMeasuredInTheFuture() {
        recording.record(NOON, web(1));
        recording.record(NOON + 1, web(2));
        recording.record(NOON + 100_000, web(99));
        recording.record(NOON + 2, web(3));

        float[] points = points(Range.HOUR, NOON + 2);

        assertThat(points[239]).isEqualTo(3);
        assertThat(points).doesNotContain(99);
    }

    @RepeatedTest(10)
    void whatWasSavedAndReadAgainIsWhatItWas(RepetitionInfo repetition) {
        var random = new Random(99 + repetition.getCurrentRepetition());
        Map<Range, Map<Integer, Recording.Page>> store = new HashMap<>();
        Map<Long, Float> measured = new TreeMap<>();
        Recording running = new Recording(1);
        long slot = NOON;
        for (int life = 0; life < 12; life++) {
            Map<Long, Float> notSaved = new TreeMap<>();
            int length = 1 + random.nextInt(400);
            for (int i = 0; i < length; i++) {
                slot++;
                running.record(slot, web(i));
                notSaved.put(slot, (float) i);
                if (i % 4 == 1) {
                    save(running, slot, store);
                    measured.putAll(notSaved);
                    notSaved.clear();
                }
            }
            if (random.nextBoolean()) {
                save(running, null, store);
                measured.putAll(notSaved);
            }
            running = restored(store);
            slot += random.nextInt(200);
        }
        recording.record(slot, web(1));
        Recording last = restored(store);
        for (Range range : Range.values()) {
            float[] points = last.points("web", range, slot).getFirst();
            long first = Recording.first(range, slot);
            for (int i = 0; i < points.length; i++) {
                double expected = mean(measured, range, first + i);
                assertThat(Double.isNaN(expected))
                        .as("%s point %d is %s, not %s", range, i, points[i], expected)
                        .isEqualTo(Float.isNaN(points[i]));
            }
        }
        store.forEach((range, pages) -> assertThat(pages).hasSizeLessThanOrEqualTo(range.points()));
    }

    private static void save(
            Recording running, @Nullable Long underWay, Map<Range, Map<Integer, Recording.Page>> store) {
        running.save(underWay)
                .forEach(page -> store.computeIfAbsent(page.range(), made -> new HashMap<>())
                        .put(page.cell(), page));
    }

    private static Recording restored(Map<Range, Map<Integer, Recording.Page>> store) {
        var next = new Recording(1);
        store.forEach(
                (range, pages) -> pages.values().forEach(page -> next.restore(range, page.slot(), page.figures())));
        next.complete();
        return next;
    }

    @Test
    void whatIsRecordedBeforeTheRestIsReadIsNotOverwritten() {
        recording.record(NOON, web(5));
        recording.restore(Range.HOUR, NOON, web(1));
        recording.restore(Range.HOUR, NOON - 1, web(2));
        recording.restore(Range.HOUR, NOON - 240, web(3));
        recording.complete();

        assertThat(points(Range.HOUR, NOON)).endsWith(2, 5);
        recording.record(NOON + 1, web(8));
        assertThat(recording.points("web", Range.DAY, NOON + 1).getFirst()).endsWith(6.5f);
    }

    @Test
    void theCoarserSlotUnderWayIsSavedWhenItIsOverOrNothingFollows() {
        recording.record(NOON, web(5));
        assertThat(recording.save(NOON)).extracting(Recording.Page::range).containsExactly(Range.HOUR);
        assertThat(recording.save(null))
                .extracting(Recording.Page::range)
                .containsExactlyInAnyOrder(Range.DAY, Range.WEEK);
        recording.record(NOON + 20, web(5));
        recording.save(NOON + 20);
        recording.record(NOON + 40, web(5));
        List<Recording.Page> pages = recording.save(NOON + 40);
        assertThat(pages).extracting(Recording.Page::range).containsExactly(Range.HOUR, Range.DAY);
        recording.notSaved(pages);
        assertThat(recording.save(NOON + 40)).hasSize(2);
        assertThat(recording.save(NOON + 40)).isEmpty();
    }

    @Test
    void whoIsForgottenIsInNoPageAndOthersStay() {
        recording.record(NOON, Map.of("web", new float[] {1}, "other", new float[] {2}));
        recording.forget("web");

        assertThat(recording.save(null))
                .allSatisfy(page -> assertThat(page.figures()).containsOnlyKeys("other"));
        assertThat(points(Range.HOUR, NOON)).containsOnly(GAP);
    }

    @Test
    void theSummaryHasTheMeansOfEqualParts() {
        for (int i = 0; i < 240; i++) {
            recording.record(NOON + i, web(i));
        }
        assertThat(recording.summary("web", 0, 30, NOON + 239))
                .hasSize(30)
                .startsWith(3.5f, 11.5f)
                .endsWith(235.5f);
    }

    @Test
    void aMeasurementBelongsToTheSlotThatHasJustEnded() {
        var noon = Instant.parse("2026-11-23T12:00:00Z");
        for (long late : List.of(-1_000L, 0L, 50L, 6_000L)) {
            assertThat(Range.measuredAt(noon.plusMillis(late))).isEqualTo(NOON - 1);
        }
    }
}
