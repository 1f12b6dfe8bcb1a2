package dev.argus.api;

import dev.argus.deploy.Deployment;
import dev.argus.history.HistoryCommand;
import dev.argus.instance.Instance;
import dev.argus.instance.Outlook;
import dev.argus.service.Service;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that decides why a service is as it is, at one moment.
 *
 * @param newest its newest deployment, if it had any
 * @param strangers who holds the port of an instance and does not belong to it, in words, by the id of the instance
 * @param notes what people should know besides
 */
record Snapshot(
        Service service,
        ServiceStatus status,
        List<Instance> instances,
        List<Outlook> outlooks,
        @Nullable Deployment newest,
        HistoryCommand.Memory memory,
        Map<String, String> strangers,
        List<String> notes,
        Instant now) {
    Snapshot {
        instances = List.copyOf(instances);
        outlooks = List.copyOf(outlooks);
        strangers = Map.copyOf(strangers);
        notes = List.copyOf(notes);
    }
}
