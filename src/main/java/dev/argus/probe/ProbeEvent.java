package dev.argus.probe;

import dev.argus.bus.Event;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What probes find out; signals between verticles, clients are told by the instance's owner. */
public sealed interface ProbeEvent extends Event {

    /** The instance. */
    String instance();

    /** The start of the instance that it concerns. */
    int generation();

    @Override
    default @Nullable String subject() {
        return null;
    }

    @Override
    default Map<String, @Nullable Object> details() {
        return Map.of();
    }

    @Override
    default boolean isPublic() {
        return false;
    }

    /**
     * It is healthy.
     *
     * @param port where it listens
     * @param note what is special about its probes; empty when nothing is
     */
    record BecameHealthy(String instance, int generation, int port, String note) implements ProbeEvent {
        @Override
        public String type() {
            return "probe-healthy";
        }
    }

    /** It failed too often in a row. */
    record BecameUnhealthy(String instance, int generation, String reason) implements ProbeEvent {
        @Override
        public String type() {
            return "probe-unhealthy";
        }
    }

    /** It has failed a probe and is not judged yet; for those who wait for it and want to say why. */
    record Failing(String instance, int generation, String reason) implements ProbeEvent {
        @Override
        public String type() {
            return "probe-failing";
        }
    }
}
