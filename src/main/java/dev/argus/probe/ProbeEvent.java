package dev.argus.probe;

import dev.argus.bus.Signal;

/** What probes find out; people are told by the instance's owner. */
public sealed interface ProbeEvent extends Signal {

    /** The instance. */
    String instance();

    /** The start of the instance that it concerns. */
    int generation();

    /**
     * It is healthy.
     *
     * @param port where it listens
     * @param note what is special about its probes; empty when nothing is
     */
    record BecameHealthy(String instance, int generation, int port, String note) implements ProbeEvent {}

    /** It failed too often in a row. */
    record BecameUnhealthy(String instance, int generation, String reason) implements ProbeEvent {}

    /** It has failed a probe and is not judged yet; for those who wait for it and want to say why. */
    record Failing(String instance, int generation, String reason) implements ProbeEvent {}

    /** It was answered again after it had failed. */
    record Answered(String instance, int generation) implements ProbeEvent {}
}
