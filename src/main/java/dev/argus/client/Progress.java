package dev.argus.client;

import org.jspecify.annotations.Nullable;

/** Shows a deployment on its way. */
interface Progress {
    /** A phase began. */
    void began(String phase);

    /**
     * A phase ended.
     *
     * @param state succeeded, failed, skipped or cancelled
     * @param millis how long it took, null if that is not known
     * @param detail a few words, null for none
     */
    void ended(String phase, String state, @Nullable Long millis, @Nullable String detail);

    /** A line of the build. */
    void output(String line);

    /** Time passed. */
    void tick();

    /** Leaves the terminal in order; nothing follows. May be called by another thread, and twice. */
    void close();

    /** Shows nothing. */
    Progress QUIET = new Progress() {
        @Override
        public void began(String phase) {}

        @Override
        public void ended(String phase, String state, @Nullable Long millis, @Nullable String detail) {}

        @Override
        public void output(String line) {}

        @Override
        public void tick() {}

        @Override
        public void close() {}
    };

    /** One line for one phase. */
    static String line(String phase, String state, @Nullable Long millis, @Nullable String detail) {
        StringBuilder line = new StringBuilder(phase);
        pad(line, 10);
        line.append(state);
        pad(line, 22);
        if (millis != null) {
            line.append(Units.duration(millis));
        }
        if (detail != null && !detail.isEmpty()) {
            pad(line, 34);
            line.append(detail);
        }
        return line.toString().stripTrailing();
    }

    private static void pad(StringBuilder line, int width) {
        do {
            line.append(' ');
        } while (line.length() < width);
    }
}
