package dev.argus.instance;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What outlives Argus of an instance's restarts. Times are those of the wall clock, since another process has another monotonic one; what a jump of
 * it makes of them is bounded where they are read.
 *
 * @param recent when it was started again within the policy's window, oldest first
 * @param nextStart until when it waits; null when it does not
 * @param reason why it waits, a sentence; empty when it does not
 */
record RestartMemory(
        int inRow,
        List<Instant> recent,
        boolean failed,
        @Nullable Instant nextStart,
        String reason) {
    private static final int MOST_RECENT = 16;

    /** Copies the times. */
    RestartMemory {
        recent = List.copyOf(recent);
    }

    /** What is so now. */
    static RestartMemory of(Situation situation, @Nullable Instant nextStart, Instant now, long nowNanos) {
        boolean waits = situation.state() == InstanceState.BACKOFF;
        return new RestartMemory(
                situation.restarts().inRow(),
                situation.restarts().recentNanos().stream()
                        .map(time -> now.minusNanos(nowNanos - time))
                        .toList(),
                situation.failed(),
                waits ? nextStart : null,
                waits ? situation.reason() : "");
    }

    /** For the restart policy of this process; what lies in the future is taken to have happened now. */
    Restarts restarts(Instant now, long nowNanos) {
        return new Restarts(
                inRow,
                recent.stream()
                        .map(time -> nowNanos
                                - Math.max(0, Duration.between(time, now).toNanos()))
                        .toList());
    }

    /** How long it is still to wait, at most {@code longest}; null when it did not wait, zero when the time has come meanwhile. */
    @Nullable
    Duration left(Instant now, Duration longest) {
        if (nextStart == null) {
            return null;
        }
        Duration left = Duration.between(now, nextStart);
        return left.isNegative() ? Duration.ZERO : left.compareTo(longest) < 0 ? left : longest;
    }

    JsonObject encode() {
        var times = new JsonArray();
        recent.forEach(time -> times.add(time.toEpochMilli()));
        var json = new JsonObject().put("inRow", inRow).put("recent", times).put("failed", failed);
        if (nextStart != null) {
            json.put("nextStart", nextStart.toEpochMilli()).put("reason", reason);
        }
        return json;
    }

    /** Of a store that was written before this was kept it is empty. */
    static RestartMemory decode(JsonObject json) {
        List<Instant> recent = new ArrayList<>();
        JsonArray times = json.getJsonArray("recent", new JsonArray());
        for (int i = Math.max(0, times.size() - MOST_RECENT); i < times.size(); i++) {
            recent.add(Instant.ofEpochMilli(times.getLong(i)));
        }
        Long nextStart = json.getLong("nextStart");
        return new RestartMemory(
                json.getInteger("inRow", 0),
                recent,
                json.getBoolean("failed", false),
                nextStart == null ? null : Instant.ofEpochMilli(nextStart),
                json.getString("reason", ""));
    }
}
