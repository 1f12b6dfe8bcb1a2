package dev.argus.api;

import dev.argus.bus.Event;
import dev.argus.deploy.DeployEvent;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keeps the last events with their ids and hands new ones to the open streams. Belongs to one event loop. */
final class EventHub {
    private static final int KEPT = 1_000;
    private static final int KEPT_OF_A_DEPLOYMENT = 2_000;
    private static final int KEPT_DEPLOYMENTS = 20;
    private static final long IDS_PER_MILLISECOND = 1_000;

    private final Clock clock;
    private final Deque<Entry> recent = new ArrayDeque<>();
    private final Map<String, Deque<Entry>> deployments = new HashMap<>();
    private final Deque<String> deploymentOrder = new ArrayDeque<>();
    private final Set<Listener> listeners = new LinkedHashSet<>();
    private long lastId;

    /** An event as it is sent. */
    record Entry(long id, Event event, JsonObject data) {}

    private record Listener(EventStream stream, Predicate<Event> wanted, Predicate<Event> last) {}

    /** A hub whose ids go on rising over restarts of Argus, so that a client may come back with an old one. */
    EventHub(Clock clock) {
        this.clock = clock;
        this.lastId = clock.millis() * IDS_PER_MILLISECOND;
    }

    /** Takes in an event. */
    void accept(Event event) {
        if (!event.isPublic()) {
            return;
        }
        var entry = new Entry(++lastId, event, data(event));
        if (event instanceof DeployEvent deployEvent) {
            keep(deploymentEntries(deployEvent.deployment()), entry, KEPT_OF_A_DEPLOYMENT);
        }
        if (!(event instanceof DeployEvent.Output)) {
            keep(recent, entry, KEPT);
        }
        for (Listener listener : Set.copyOf(listeners)) {
            deliver(listener, entry);
        }
    }

    private static void keep(Deque<Entry> entries, Entry entry, int most) {
        entries.add(entry);
        if (entries.size() > most) {
            entries.remove();
        }
    }

    private Deque<Entry> deploymentEntries(String id) {
        Deque<Entry> known = deployments.get(id);
        if (known != null) {
            return known;
        }
        deploymentOrder.add(id);
        if (deploymentOrder.size() > KEPT_DEPLOYMENTS) {
            deployments.remove(deploymentOrder.remove());
        }
        Deque<Entry> fresh = new ArrayDeque<>();
        deployments.put(id, fresh);
        return fresh;
    }

    private JsonObject data(Event event) {
        var data = new JsonObject()
                .put("type", event.type())
                .put("at", clock.instant().toString());
        String subject = event.subject();
        if (subject != null) {
            data.put("service", subject);
        }
        event.details().forEach(data::put);
        return data;
    }

    /** Sends the wanted events after {@code lastSeen} that are still kept, and then every new one. */
    void open(EventStream stream, @Nullable Long lastSeen, Predicate<Event> wanted) {
        Predicate<Event> told = event -> !(event instanceof DeployEvent.Output) && wanted.test(event);
        listen(new Listener(stream, told, event -> false));
        if (lastSeen != null) {
            recent.stream()
                    .filter(entry -> entry.id() > lastSeen && told.test(entry.event()))
                    .forEach(entry -> send(stream, entry));
        }
    }

    /** Sends all that is kept of a deployment after {@code lastSeen}, then every new event, and ends with its last one. */
    void openDeployment(EventStream stream, String id, @Nullable Long lastSeen) {
        Predicate<Event> wanted =
                event -> event instanceof DeployEvent of && of.deployment().equals(id);
        var listener = new Listener(stream, wanted, event -> event instanceof DeployEvent.Finished);
        listen(listener);
        for (Entry entry : deployments.getOrDefault(id, new ArrayDeque<>())) {
            if (lastSeen == null || entry.id() > lastSeen || listener.last().test(entry.event())) {
                deliver(listener, entry);
            }
        }
    }

    private void listen(Listener listener) {
        listeners.add(listener);
        listener.stream().onClose(() -> listeners.remove(listener));
    }

    private static void deliver(Listener listener, Entry entry) {
        if (listener.wanted().test(entry.event())) {
            send(listener.stream(), entry);
            if (listener.last().test(entry.event())) {
                listener.stream().finish();
            }
        }
    }

    private static void send(EventStream stream, Entry entry) {
        stream.send(Long.toString(entry.id()), entry.event().type(), entry.data());
    }
}
