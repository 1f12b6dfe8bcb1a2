package dev.argus.instance;

import java.time.Duration;

/** What is to be done because of a transition; done by the InstanceVerticle, in this order. */
public sealed interface Effect {

    /** Launch its processes. */
    record Spawn(int generation) implements Effect {}

    /** Let it be started again in the moment in which it ends, as the next generation; what {@link Happening.Restarted} tells. */
    record AllowRestart(int generation) implements Effect {}

    /** Stop everything that belongs to it. */
    record Stop(int generation) implements Effect {}

    /** Begin to probe it. */
    record Watch(int generation) implements Effect {}

    /** Probe it no more. */
    record Unwatch() implements Effect {}

    /** Say {@link Happening.DelayOver} later. */
    record Wait(int generation, Duration delay) implements Effect {}

    /** Say {@link Happening.HealthyForLong} later, if it is healthy until then. */
    record WaitForReset(int generation, Duration delay) implements Effect {}

    /** Count one restart, durably. */
    record CountRestart() implements Effect {}
}
