package dev.argus.instance;

import dev.argus.bus.Event;
import dev.argus.process.Exit;
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

    /** It was launched and this is its own process; a signal between verticles. */
    record PidKnown(String instance, int generation, long pid) implements InstanceEvent {
        @Override
        public String type() {
            return "instance-pid";
        }

        @Override
        public @Nullable String subject() {
            return null;
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

    /**
     * Its last process has gone by itself; a signal between verticles.
     *
     * @param restarted whether it was started again in that moment, as the next generation
     */
    record Exited(String instance, int generation, Exit exit, boolean restarted) implements InstanceEvent {
        @Override
        public String type() {
            return "instance-exited";
        }

        @Override
        public @Nullable String subject() {
            return null;
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
