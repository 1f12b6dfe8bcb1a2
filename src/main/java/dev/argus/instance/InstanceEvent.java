package dev.argus.instance;

import dev.argus.bus.Event;
import dev.argus.bus.Signal;
import java.util.LinkedHashMap;
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
}
