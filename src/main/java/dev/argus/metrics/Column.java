package dev.argus.metrics;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One kind of figure.
 *
 * @param decimals how many of them are told
 */
record Column(String name, int decimals) {
    static final int CPU = 0;
    static final int MEMORY = 1;
    static final int PROBE = 2;
    static final int REQUESTS = 3;
    static final int ERRORS = 4;

    /** Percent of one core, bytes, milliseconds, and twice per second. */
    static final List<Column> OF_SERVICES = List.of(
            new Column("cpu", 2),
            new Column("memory", 0),
            new Column("probe", 2),
            new Column("requests", 3),
            new Column("errors", 3));

    static final int DISK = 2;
    static final int LOAD = 3;

    /** Percent of all cores together, bytes, bytes, and processes. */
    static final List<Column> OF_THE_NODE =
            List.of(new Column("cpu", 2), new Column("memory", 0), new Column("disk", 0), new Column("load", 2));

    /** As it is told; null where it is unknown. */
    @Nullable
    Number told(float figure) {
        if (Float.isNaN(figure)) {
            return null;
        }
        if (decimals == 0) {
            return Math.round((double) figure);
        }
        double factor = Math.pow(10, decimals);
        return Math.round(figure * factor) / factor;
    }

    List<@Nullable Number> told(float[] figures) {
        List<@Nullable Number> told = new ArrayList<>(figures.length);
        for (float figure : figures) {
            told.add(told(figure));
        }
        return told;
    }
}
