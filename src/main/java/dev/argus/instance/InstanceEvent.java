package dev.argus.instance;

import dev.argus.bus.Event;
import dev.argus.bus.Signal;
import dev.argus.probe.Probed;
import dev.argus.process.Evidence;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happens to instances. */
public sealed interface InstanceEvent extends Event {

    /** It is in another state, of another health, or has another port. */
    record Changed(Instance instance) implements InstanceEvent {
        @Override
        public String type() {
            return "instance-changed";
        }

        @Override
        public String subject() {
            return instance.service();
        }

        @Override
        public Map<String, @Nullable Object> details() {
            Map<String, @Nullable Object> details = new LinkedHashMap<>();
            details.put("instance", instance.id());
            details.put("state", instance.state().word());
            details.put("health", instance.health().word());
            details.put("pid", instance.pid());
            details.put("port", instance.port());
            details.put("restarts", instance.restarts());
            details.put("reason", instance.reason());
            return details;
        }
    }

    /** It is gone for good. */
    record Removed(String instance) implements InstanceEvent, Signal {}
    /** The restart policy has called it failed: it needs somebody, and is tried on all the same. */
    record Failed(String service, String instance, String reason) implements InstanceEvent {
        @Override
        public String type() {
            return "service-failed";
        }

        @Override
        public String subject() {
            return service;
        }

        @Override
        public Map<String, @Nullable Object> details() {
            Map<String, @Nullable Object> details = new LinkedHashMap<>();
            details.put("instance", instance);
            details.put("reason", reason);
            return details;
        }
    }

    /**
     * Something has gone wrong with it, and this is what was found; people are told when it is kept.
     *
     * @param reason what happened, a sentence without its end
     * @param pid of its own process, where that was known
     * @param probes the last ones, oldest first
     */
    record Incident(
            String service,
            String instance,
            int release,
            Instant at,
            IncidentKind kind,
            String reason,
            @Nullable Long pid,
            List<Probed> probes,
            Evidence evidence)
            implements InstanceEvent {
        /** Copies the probes. */
        public Incident {
            probes = List.copyOf(probes);
        }

        @Override
        public String type() {
            return "incident-seen";
        }

        @Override
        public String subject() {
            return service;
        }

        @Override
        public Map<String, @Nullable Object> details() {
            return Map.of();
        }

        @Override
        public boolean isPublic() {
            return false;
        }
    }
}
