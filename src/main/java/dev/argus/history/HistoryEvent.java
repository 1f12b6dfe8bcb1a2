package dev.argus.history;

import dev.argus.bus.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is kept of what happens. */
public sealed interface HistoryEvent extends Event {

    /** Something has gone wrong with a service, and its evidence can be looked at. */
    record IncidentKept(Incident incident) implements HistoryEvent {
        @Override
        public String type() {
            return "incident";
        }

        @Override
        public String subject() {
            return incident.service();
        }

        @Override
        public Map<String, @Nullable Object> details() {
            Map<String, @Nullable Object> details = new LinkedHashMap<>();
            details.put("incident", incident.id());
            details.put("kind", incident.kind());
            details.put("instance", incident.instance());
            details.put("reason", incident.reason());
            return details;
        }
    }
}
