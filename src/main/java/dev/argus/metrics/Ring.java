package dev.argus.metrics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The figures of one range, of any number of subjects: as many cells as the range has points, each for the slot that was begun in it last. So there
 * are never more figures of a subject than fit in, whatever the clock does. {@code NaN} is unknown.
 */
final class Ring {
    private static final long NONE = Long.MIN_VALUE;

    private final int columns;
    private final long[] slots;
    private final Map<String, float[]> figures = new HashMap<>();

    Ring(int points, int columns) {
        this.columns = columns;
        slots = new long[points];
        Arrays.fill(slots, NONE);
    }

    int cell(long slot) {
        return Math.floorMod(slot, slots.length);
    }

    boolean has(long slot) {
        return slots[cell(slot)] == slot;
    }

    boolean isFree(long slot) {
        return slots[cell(slot)] == NONE;
    }

    /** Makes place for a slot where there is none: what was in its cell is forgotten. */
    void begin(long slot) {
        int cell = cell(slot);
        if (slots[cell] != slot) {
            slots[cell] = slot;
            figures.values().forEach(of -> Arrays.fill(of, cell * columns, (cell + 1) * columns, Float.NaN));
        }
    }

    /** Puts the figures of a subject into a slot that has begun. */
    void put(long slot, String subject, float[] values) {
        if (!has(slot)) {
            throw new IllegalStateException("slot " + slot + " has not begun");
        }
        System.arraycopy(values, 0, figures.computeIfAbsent(subject, this::unknown), cell(slot) * columns, columns);
    }

    private float[] unknown(String subject) {
        var made = new float[slots.length * columns];
        Arrays.fill(made, Float.NaN);
        return made;
    }

    float get(long slot, String subject, int column) {
        float[] of = figures.get(subject);
        return of == null || !has(slot) ? Float.NaN : of[cell(slot) * columns + column];
    }

    float[] get(long slot, String subject) {
        var values = new float[columns];
        for (int column = 0; column < columns; column++) {
            values[column] = get(slot, subject, column);
        }
        return values;
    }

    /** The mean of what is known from one slot on, of so many. */
    float mean(long from, int count, String subject, int column) {
        double sum = 0;
        int known = 0;
        for (long slot = from; slot < from + count; slot++) {
            float value = get(slot, subject, column);
            if (!Float.isNaN(value)) {
                sum += value;
                known++;
            }
        }
        return known == 0 ? Float.NaN : (float) (sum / known);
    }

    Set<String> subjects() {
        return figures.keySet();
    }

    /** All slots that are there, also those outside of any range, ascending. */
    Set<Long> slots() {
        var all = new TreeSet<Long>();
        for (long slot : slots) {
            if (slot != NONE) {
                all.add(slot);
            }
        }
        return all;
    }

    void forget(String subject) {
        figures.remove(subject);
    }
}
