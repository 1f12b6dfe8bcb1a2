package dev.argus.history;

import dev.argus.instance.Health;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceState;
import dev.argus.service.Desired;
import dev.argus.service.Service;
import dev.argus.service.ServiceSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is worth an entry in what has changed of an instance or a service. Pure. */
final class Changes {
    private Changes() {}

    /**
     * Of an instance.
     *
     * @param before null when it was not heard of since Argus started
     */
    static List<Entry> of(@Nullable Instance before, Instance after, Instant at) {
        List<Entry> entries = new ArrayList<>();
        String name = "Instance " + after.id();
        boolean startedAgain = before == null
                // gone while Argus was away
                ? after.state() == InstanceState.STARTING && !after.reason().isEmpty()
                : after.restarts() > before.restarts();
        if (startedAgain) {
            entries.add(entry(
                    at,
                    EntryType.RESTARTED,
                    name + " was started again (restart " + after.restarts() + ")" + because(after),
                    after,
                    Map.of("restarts", after.restarts())));
        }
        if (before == null) {
            return entries;
        }
        if (after.health() != before.health() && after.health() == Health.HEALTHY) {
            entries.add(entry(at, EntryType.HEALTHY, name + " is healthy.", after, Map.of()));
        }
        if (after.health() != before.health() && after.health() == Health.UNHEALTHY) {
            entries.add(entry(at, EntryType.UNHEALTHY, name + " is unhealthy" + because(after), after, Map.of()));
        }
        if (after.failed() && !before.failed()) {
            entries.add(entry(at, EntryType.FAILED, name + " has failed" + because(after), after, Map.of()));
        }
        return entries;
    }

    private static Entry entry(Instant at, EntryType type, String text, Instance instance, Map<String, Object> more) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("instance", instance.id());
        details.put("release", instance.release());
        if (type != EntryType.HEALTHY && !instance.reason().isEmpty()) {
            details.put("reason", instance.reason());
        }
        details.putAll(more);
        return new Entry(at, type, text, details);
    }

    private static String because(Instance instance) {
        String reason = instance.reason();
        return reason.isEmpty() ? "." : ": " + sentence(reason);
    }

    static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    /**
     * Of a service; values of variables are never told.
     *
     * @param before null when it is new
     */
    static List<Entry> of(@Nullable Service before, Service after, Instant at) {
        String by = after.changedBy();
        if (before == null) {
            return List.of(new Entry(
                    at, EntryType.CREATED, "The service was made by " + by + ".", Map.<String, Object>of("by", by)));
        }
        List<Entry> entries = new ArrayList<>();
        List<String> fields = fields(before, after);
        if (!fields.isEmpty()) {
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("by", by);
            details.put("fields", fields);
            entries.add(
                    new Entry(at, EntryType.CONFIGURED, by + " changed " + String.join(", ", fields) + ".", details));
        }
        if (before.desired() == Desired.RUNNING && after.desired() == Desired.STOPPED) {
            entries.add(new Entry(at, EntryType.STOPPED, "Stopped by " + by + ".", Map.<String, Object>of("by", by)));
        }
        if (before.desired() == Desired.STOPPED && after.desired() == Desired.RUNNING) {
            entries.add(new Entry(at, EntryType.STARTED, "Started by " + by + ".", Map.<String, Object>of("by", by)));
        }
        return entries;
    }

    /** The names of what differs, those of variables as {@code env.NAME}. */
    private static List<String> fields(Service before, Service after) {
        List<String> fields = new ArrayList<>();
        add(fields, "repository", before.repository(), after.repository());
        add(fields, "ref", before.ref(), after.ref());
        ServiceSpec old = before.spec();
        ServiceSpec now = after.spec();
        add(fields, "build", old.build(), now.build());
        add(fields, "start", old.start(), now.start());
        add(fields, "stop", old.stop(), now.stop());
        add(fields, "port", old.port(), now.port());
        add(fields, "instances", old.instances(), now.instances());
        add(fields, "isalive", old.isalive(), now.isalive());
        add(fields, "resources", old.resources(), now.resources());
        add(fields, "hosts", old.hosts(), now.hosts());
        add(fields, "data", old.data(), now.data());
        add(fields, "stopTimeout", old.stopTimeout(), now.stopTimeout());
        var variables = new TreeSet<>(old.env().keySet());
        variables.addAll(now.env().keySet());
        variables.forEach(name ->
                add(fields, "env." + name, old.env().get(name), now.env().get(name)));
        return fields;
    }

    private static void add(List<String> fields, String name, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            fields.add(name);
        }
    }
}
