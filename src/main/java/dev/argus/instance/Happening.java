package dev.argus.instance;

import java.time.Duration;

/** What can happen to an instance. Those with a generation are ignored when it is not the current one. */
public sealed interface Happening {

    /** It is to run. */
    record Wanted() implements Happening {}

    /** It is to be stopped and stay so. */
    record Unwanted(String reason) implements Happening {}

    /** It is to be stopped and started anew. */
    record RestartAsked(String reason) implements Happening {}

    /** The launch succeeded. */
    record Spawned(int generation) implements Happening {}

    /** The launch failed. */
    record SpawnFailed(int generation, String reason) implements Happening {}

    /** Its last process is gone without Argus having stopped it. */
    record Exited(int generation, String reason) implements Happening {}

    /** The same, but it was started again in that moment, as {@link Effect.AllowRestart} allowed. */
    record Restarted(int generation, String reason) implements Happening {}

    /** The probes found it healthy. */
    record BecameHealthy(int generation) implements Happening {}

    /** The probes failed too often in a row. */
    record BecameUnhealthy(int generation, String reason) implements Happening {}

    /** The probes failed too often in a row, and what would be started in its place could not be started now. */
    record CannotBeReplaced(int generation, String reason) implements Happening {}

    /** Everything that belonged to it was stopped. */
    record Stopped(int generation) implements Happening {}

    /** Something of it does not end; the stop goes on. */
    record StopFailed(int generation, String reason) implements Happening {}

    /** The wait before the next start is over. */
    record DelayOver(int generation) implements Happening {}

    /** It has been healthy long enough for old restarts to be forgotten. */
    record HealthyForLong(int generation) implements Happening {}

    /** Argus came back and found it running. */
    record Adopted() implements Happening {}

    /** Argus came back and found it gone. */
    record FoundGone(String reason) implements Happening {}

    /** Argus came back while it was in a back-off, of which this much is left. */
    record FoundWaiting(String reason, Duration left) implements Happening {}
}
