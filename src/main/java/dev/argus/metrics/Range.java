package dev.argus.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A stretch of time up to now for which figures are kept, in steps that suit its length. Time is cut into slots of one step, counted from 1970. */
public enum Range {
    /** The last hour, as it was measured. */
    HOUR("1h", 15, 240, null),
    /** The last day, in means over 5 minutes. */
    DAY("24h", 300, 288, HOUR),
    /** The last week, in means over half an hour. */
    WEEK("7d", 1_800, 336, DAY);

    private final String word;
    private final int step;
    private final int points;
    private final @Nullable Range finer;

    Range(String word, int step, int points, @Nullable Range finer) {
        this.word = word;
        this.step = step;
        this.points = points;
        this.finer = finer;
    }

    /** What clients call it. */
    public String word() {
        return word;
    }

    /** The range of that word. */
    public static Optional<Range> of(String word) {
        return Arrays.stream(values()).filter(range -> range.word.equals(word)).findFirst();
    }

    /** From one point to the next. */
    public Duration step() {
        return Duration.ofSeconds(step);
    }

    /** How many points there are. */
    public int points() {
        return points;
    }

    /** The one of whose points the means are made; null for what is measured. */
    @Nullable
    Range finer() {
        return finer;
    }

    /** How many slots of the finer range make one of this. */
    int ratio() {
        return finer == null ? 1 : step / finer.step;
    }

    /** How many slots of {@link #HOUR} make one of this. */
    int measured() {
        return step / HOUR.step;
    }

    Instant at(long slot) {
        return Instant.ofEpochSecond(slot * step);
    }

    long slot(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), step);
    }

    /** The slot that has just ended when a measurement is made at this time, a little late or early. */
    static long measuredAt(Instant at) {
        return HOUR.slot(at.minusMillis(HOUR.step * 500L));
    }
}
