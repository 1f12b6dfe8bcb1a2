package dev.argus.metrics;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The figures of all ranges, of any number of subjects that have the same columns. What is recorded is measured; the points of a coarser range are
 * the means of the finer, that of the slot under way too. Knows which slots have changed since they were saved. Pure; for one thread.
 */
final class Recording {
    private final int columns;
    private final Map<Range, Ring> rings = new EnumMap<>(Range.class);
    private final Map<Range, Set<Long>> unsaved = new EnumMap<>(Range.class);

    Recording(int columns) {
        this.columns = columns;
        for (Range range : Range.values()) {
            rings.put(range, new Ring(range.points(), columns));
            unsaved.put(range, new TreeSet<>());
        }
    }

    private Ring ring(Range range) {
        Ring ring = rings.get(range);
        if (ring == null) {
            throw new IllegalStateException("no ring for " + range);
        }
        return ring;
    }

    private Set<Long> unsaved(Range range) {
        return unsaved.computeIfAbsent(range, _ -> new TreeSet<>());
    }

    /**
     * Takes up what was measured, also when the clock was set and the slot was there already.
     *
     * @param measured a slot of {@link Range#HOUR}
     */
    void record(long measured, Map<String, float[]> figures) {
        for (Range range : Range.values()) {
            Ring ring = ring(range);
            long slot = Math.floorDiv(measured, (long) range.measured());
            ring.begin(slot);
            figures.forEach((subject, values) ->
                    ring.put(slot, subject, range == Range.HOUR ? values : means(range, slot, subject)));
            unsaved(range).add(slot);
        }
    }

    private float[] means(Range range, long slot, String subject) {
        Range finer = range.finer();
        if (finer == null) {
            throw new IllegalArgumentException("nothing is finer than " + range);
        }
        var means = new float[columns];
        for (int column = 0; column < columns; column++) {
            means[column] = ring(finer).mean(slot * range.ratio(), range.ratio(), subject, column);
        }
        return means;
    }

    /** Takes up what was saved, unless something was recorded in its cell meanwhile. To be followed by {@link #complete}. */
    void restore(Range range, long slot, Map<String, float[]> figures) {
        Ring ring = ring(range);
        if (ring.isFree(slot)) {
            ring.begin(slot);
            figures.forEach((subject, values) -> ring.put(slot, subject, values));
        }
    }

    /** Makes the means that were not saved, because their slot was under way when Argus ended. */
    void complete() {
        for (Range range : Range.values()) {
            Range finer = range.finer();
            if (finer != null) {
                for (long under : ring(finer).slots()) {
                    long slot = Math.floorDiv(under, (long) range.ratio());
                    if (ring(range).isFree(slot)) {
                        ring(range).begin(slot);
                        ring(finer)
                                .subjects()
                                .forEach(subject -> ring(range).put(slot, subject, means(range, slot, subject)));
                        unsaved(range).add(slot);
                    }
                }
            }
        }
    }

    /** Forgets a subject; nothing of it is saved any more. */
    void forget(String subject) {
        rings.values().forEach(ring -> ring.forget(subject));
    }

    Set<String> subjects() {
        var all = new TreeSet<String>();
        rings.values().forEach(ring -> all.addAll(ring.subjects()));
        return all;
    }

    // asking

    /**
     * The points of a subject, oldest first, {@code NaN} where nothing was known.
     *
     * @param measured the slot of {@link Range#HOUR} with which they end
     */
    List<float[]> points(String subject, Range range, long measured) {
        Ring ring = ring(range);
        long first = first(range, measured);
        List<float[]> all = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            var points = new float[range.points()];
            for (int i = 0; i < points.length; i++) {
                points[i] = ring.get(first + i, subject, column);
            }
            all.add(points);
        }
        return all;
    }

    /** The slot of the first point of a range that ends with this one. */
    static long first(Range range, long measured) {
        return Math.floorDiv(measured, (long) range.measured()) - range.points() + 1;
    }

    /** The means over equal parts of the last hour. */
    float[] summary(String subject, int column, int parts, long measured) {
        int each = Range.HOUR.points() / parts;
        long first = first(Range.HOUR, measured);
        var means = new float[parts];
        for (int i = 0; i < parts; i++) {
            means[i] = ring(Range.HOUR).mean(first + (long) i * each, each, subject, column);
        }
        return means;
    }

    float at(String subject, int column, long measured) {
        return ring(Range.HOUR).get(measured, subject, column);
    }

    // saving

    /**
     * A slot of a range with all that is known in it.
     *
     * @param cell where it is kept, instead of what was there
     */
    record Page(Range range, int cell, long slot, Map<String, float[]> figures) {}

    /**
     * The slots that have changed since they were saved, and counts them as saved.
     *
     * @param underWay the slot of {@link Range#HOUR} whose coarser ones are left for later, because they will still change; null for all
     */
    List<Page> save(@Nullable Long underWay) {
        List<Page> pages = new ArrayList<>();
        unsaved.forEach((range, slots) -> slots.removeIf(slot -> {
            boolean later =
                    underWay != null && range != Range.HOUR && Math.floorDiv(underWay, (long) range.measured()) == slot;
            if (!later && ring(range).has(slot)) {
                pages.add(page(range, slot));
            }
            return !later;
        }));
        return pages;
    }

    private Page page(Range range, long slot) {
        Ring ring = ring(range);
        Map<String, float[]> figures = new TreeMap<>();
        for (String subject : ring.subjects()) {
            float[] values = ring.get(slot, subject);
            for (float value : values) {
                if (!Float.isNaN(value)) {
                    figures.put(subject, values);
                    break;
                }
            }
        }
        return new Page(range, ring.cell(slot), slot, figures);
    }

    /** These could not be saved. */
    void notSaved(List<Page> pages) {
        pages.forEach(page -> unsaved(page.range()).add(page.slot()));
    }
}
