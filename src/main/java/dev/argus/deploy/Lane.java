package dev.argus.deploy;

import org.jspecify.annotations.Nullable;

/** The deployments of one service: one that runs, and at most one that waits, which is always the newest. */
final class Lane {
    @Nullable
    Running current;

    @Nullable
    Running next;

    boolean isEmpty() {
        return current == null && next == null;
    }
}
