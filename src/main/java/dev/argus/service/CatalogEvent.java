package dev.argus.service;

import dev.argus.bus.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happens to services as such. */
public sealed interface CatalogEvent extends Event {

    /** What is wanted of a service, or what is live of it, has changed. */
    record Changed(Service service) implements CatalogEvent {
        @Override
        public String type() {
            return "service-changed";
        }

        @Override
        public String subject() {
            return service.name().value();
        }

        @Override
        public Map<String, @Nullable Object> details() {
            Map<String, @Nullable Object> details = new LinkedHashMap<>();
            details.put("desired", service.desired().word());
            details.put("release", service.liveRelease());
            return details;
        }
    }

    /** A service is gone. */
    record Removed(ServiceName name) implements CatalogEvent {
        @Override
        public String type() {
            return "service-removed";
        }

        @Override
        public String subject() {
            return name.value();
        }

        @Override
        public Map<String, @Nullable Object> details() {
            return Map.of();
        }
    }

    /** Somebody has set or removed a secret; follows {@link Changed}. For verticles only. */
    record SecretChanged(ServiceName service, String key, boolean set, String by) implements CatalogEvent {
        @Override
        public String type() {
            return "secret-changed";
        }

        @Override
        public String subject() {
            return service.value();
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
