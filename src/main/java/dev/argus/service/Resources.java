package dev.argus.service;

import org.jspecify.annotations.Nullable;

/**
 * What an instance may use at most; null where there is no limit.
 *
 * @param memory at least 4 MiB
 * @param cpus cores, may be a fraction
 * @param tasks processes and threads together
 */
public record Resources(
        @Nullable ByteSize memory,
        @Nullable Double cpus,
        @Nullable Integer tasks) {
    /** No limits. */
    public static final Resources NONE = new Resources(null, null, null);

    /** These, and where there is no limit that of {@code other}. */
    public Resources orElse(Resources other) {
        return new Resources(
                memory != null ? memory : other.memory,
                cpus != null ? cpus : other.cpus,
                tasks != null ? tasks : other.tasks);
    }
}
