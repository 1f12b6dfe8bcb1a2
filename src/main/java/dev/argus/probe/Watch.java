package dev.argus.probe;

import dev.argus.service.ProbeSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the {@link ProbeVerticle} knows of one instance it watches. */
final class Watch {
    private static final long SLACK_NANOS = 500_000_000;
    private static final int KEPT = 20;

    final String instance;
    final int generation;
    final ProbeSettings settings;
    final long startedNanos;
    final int expectedPort;
    HealthTracker tracker;
    /** Where it is probed. */
    int port;
    /** Whether the port was seen to belong to the instance. */
    boolean portConfirmed;
    /** Which path works; null for an open port being all there is. */
    @Nullable
    String path;
    /** How the probing differs from what was asked for, for people. */
    String note = "";
    /** Whether its processes listened on no port at all when that was last looked at. */
    boolean listensNowhere;
    /** Whether its last probe could not be made. */
    boolean unasked;
    /** Whether the usual paths were tried. */
    boolean looked;

    long timer = -1;
    long nextPortLookNanos;
    String lastReason = "";
    /** When the first of the failures came that have not ended yet; only of use while there is a last reason. */
    long failingSinceNanos;

    private final Deque<Probed> recent = new ArrayDeque<>();
    private long answers;
    private long answerNanos;

    Watch(ProbeCommand.Watch command, long nowNanos) {
        this.instance = command.instance();
        this.generation = command.generation();
        this.settings = command.settings();
        this.startedNanos = nowNanos;
        this.expectedPort = command.port() == null ? 0 : command.port();
        this.port = expectedPort;
        this.path = settings.path();
        this.tracker = HealthTracker.starting(settings.interval(), settings.failures(), settings.grace());
    }

    /**
     * Whether Argus itself stood still during a probe that was late, as in a suspended machine: its time-out was noticed long after it was
     * over, and an answer may have come meanwhile. Such a probe says nothing of the service.
     */
    boolean sleptSince(long begunNanos, long nowNanos) {
        return nowNanos - begunNanos > 2 * settings.timeout().toNanos() + SLACK_NANOS;
    }

    /** Keeps what a probe found, the last 20, and counts how long answers took. */
    void remember(Probed probed) {
        if (probed.failure() == null) {
            answers++;
            answerNanos += probed.took().toNanos();
        }
        recent.add(probed);
        if (recent.size() > KEPT) {
            recent.remove();
        }
    }

    ProbeCommand.AnswerTimes answerTimes() {
        return new ProbeCommand.AnswerTimes(instance, answers, answerNanos);
    }

    List<Probed> recent() {
        return List.copyOf(recent);
    }

    Duration sinceStart(long nowNanos) {
        return Duration.ofNanos(nowNanos - startedNanos);
    }
}
