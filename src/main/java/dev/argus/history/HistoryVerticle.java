package dev.argus.history;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Event;
import dev.argus.control.LastWords;
import dev.argus.deploy.DeployCommand;
import dev.argus.deploy.DeployEvent;
import dev.argus.deploy.Deployment;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceEvent;
import dev.argus.instance.InstanceState;
import dev.argus.service.CatalogCommand;
import dev.argus.service.CatalogEvent;
import dev.argus.service.Service;
import dev.argus.store.Row;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Owns the timelines and incidents of services: hears what happens, keeps what is worth it, and tells it to those who ask. */
public final class HistoryVerticle extends VerticleBase {
    private static final long WRITE_WITHIN_SECONDS = 5;

    private final Bus bus;
    private final Clock clock;
    /** As they were when they were heard of last. */
    private final Map<String, Service> services = new HashMap<>();

    private final Map<String, Instance> instances = new HashMap<>();
    /** Those under way, empty until they were found. */
    private final Map<String, Optional<Deployment>> deployments = new HashMap<>();

    private long lastIncident;

    @SuppressWarnings("NullAway.Init")
    private Ledger ledger;

    /** A verticle that keeps what happens from its start on. */
    public HistoryVerticle(Bus bus, Clock clock) {
        this.bus = bus;
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        ledger = new Ledger(vertx, bus);
        return bus.request(new CatalogCommand.ListServices()).onSuccess(all -> {
            all.forEach(service -> services.put(service.name().value(), service));
            bus.subscribe(this::hear);
            bus.<HistoryCommand<?>>serve(HistoryCommand.ADDRESS, this::serve);
        });
    }

    @Override
    public Future<?> stop() {
        return ledger.flush().timeout(WRITE_WITHIN_SECONDS, TimeUnit.SECONDS);
    }

    /** What has happened before it was asked is in the answer; a store that takes nothing in may still give. */
    private Future<?> serve(HistoryCommand<?> command) {
        return ledger.flush().<Object>transform(written -> answer(command).map(found -> found));
    }

    private Future<?> answer(HistoryCommand<?> command) {
        return switch (command) {
            case HistoryCommand.Timeline c ->
                read(HistoryRecords.timeline(c.service(), c.before(), c.limit()))
                        .map(rows -> rows.stream().map(HistoryRecords::entry).toList());
            case HistoryCommand.Incidents c ->
                read(HistoryRecords.incidents(c.service(), HistoryRecords.INCIDENTS))
                        .map(rows -> rows.stream().map(HistoryRecords::incident).toList());
            case HistoryCommand.FindIncident c -> find(c);
            case HistoryCommand.Remember c -> remember(c.service());
            case HistoryCommand.Restarts c ->
                read(HistoryRecords.restarts(c.since()))
                        .map(rows -> rows.stream().collect(Collectors.toMap(row -> row.text("service"), row ->
                                (int) row.number("restarts"))));
        };
    }

    private Future<HistoryCommand.Case> find(HistoryCommand.FindIncident command) {
        return read(HistoryRecords.incident(command.service(), command.id())).map(rows -> {
            if (rows.isEmpty()) {
                throw ArgusException.notFound("The service " + command.service() + " has no incident " + command.id()
                        + " (any more); its newest " + HistoryRecords.INCIDENTS + " are kept.");
            }
            Row row = rows.getFirst();
            return new HistoryCommand.Case(HistoryRecords.incident(row), row.text("evidence"));
        });
    }

    private Future<HistoryCommand.Memory> remember(String service) {
        return read(HistoryRecords.incidents(service, 1))
                .compose(found -> read(HistoryRecords.lastOf(service, EntryType.STOPPED))
                        .map(stops -> new HistoryCommand.Memory(
                                found.isEmpty() ? null : HistoryRecords.incident(found.getFirst()),
                                stops.isEmpty()
                                        ? null
                                        : HistoryRecords.entry(stops.getFirst()).entry())));
    }

    private Future<List<Row>> read(Statement query) {
        return bus.request(new StoreCommand.Read(query));
    }

    private void hear(Event event) {
        switch (event) {
            case CatalogEvent.Changed e -> changed(e.service());
            case CatalogEvent.SecretChanged e -> keep(e.service().value(), List.of(entryOf(e)));
            case CatalogEvent.Removed e -> removed(e.name().value());
            case InstanceEvent.Changed e -> changed(e.instance());
            case InstanceEvent.Incident e -> incident(e);
            case DeployEvent.Progress e -> begun(e);
            case DeployEvent.Finished e -> finished(e);
            default -> {
                // the rest is in these, or only for verticles
            }
        }
    }

    private void changed(Service service) {
        String name = service.name().value();
        keep(name, Changes.of(services.put(name, service), service, clock.instant()));
    }

    private Entry entryOf(CatalogEvent.SecretChanged event) {
        return new Entry(
                clock.instant(),
                EntryType.SECRET_CHANGED,
                event.by() + (event.set() ? " set" : " removed") + " the secret " + event.key() + ".",
                Map.of("by", event.by(), "key", event.key()));
    }

    private void removed(String service) {
        services.remove(service);
        instances.values().removeIf(instance -> instance.service().equals(service));
        ledger.add(HistoryRecords.forget(service));
    }

    private void changed(Instance instance) {
        keep(instance.service(), Changes.of(instances.get(instance.id()), instance, clock.instant()));
        if (instance.state() == InstanceState.STOPPED) {
            // for good, or until it is heard of again
            instances.remove(instance.id());
        } else {
            instances.put(instance.id(), instance);
        }
    }

    private void begun(DeployEvent.Progress event) {
        if (deployments.putIfAbsent(event.deployment(), Optional.empty()) == null) {
            var at = clock.instant();
            bus.request(new DeployCommand.Find(event.deployment())).onSuccess(found -> {
                deployments.replace(found.id(), Optional.of(found));
                keep(found.service(), List.of(Deployments.begun(found, at)));
            });
        }
    }

    private void finished(DeployEvent.Finished event) {
        Optional<Deployment> known = deployments.getOrDefault(event.deployment(), Optional.empty());
        deployments.remove(event.deployment());
        var at = clock.instant();
        bus.request(new DeployCommand.Find(event.deployment()))
                .map(Optional::of)
                // its owner ends with Argus, and then what is known must do
                .otherwise(known)
                .onSuccess(found -> found.ifPresent(
                        deployment -> keep(event.service(), List.of(Deployments.finished(deployment, event, at)))));
    }

    private void incident(InstanceEvent.Incident event) {
        if (!services.containsKey(event.service())) {
            return;
        }
        lastIncident = Math.max(lastIncident + 1, clock.millis());
        var incident = new Incident(
                "i" + Long.toString(lastIncident, 36),
                event.service(),
                event.at(),
                event.kind().word(),
                event.instance(),
                event.release(),
                event.reason(),
                LastWords.of(event.evidence().log()).orElse(""),
                Findings.of(event.probes(), event.evidence()));
        Map<String, Object> details = new HashMap<>();
        details.put("incident", incident.id());
        details.put("kind", incident.kind());
        details.put("instance", incident.instance());
        details.put("release", incident.release());
        var entry = new Entry(
                event.at(),
                EntryType.INCIDENT,
                "Instance " + incident.instance() + ": " + Changes.sentence(incident.reason()),
                details);
        ledger.add(List.of(
                HistoryRecords.insert(incident, EvidenceCodec.encode(event.pid(), event.probes(), event.evidence())),
                HistoryRecords.trimIncidents(event.service()),
                HistoryRecords.insert(event.service(), entry),
                HistoryRecords.trimEntries(event.service())));
        bus.publish(new HistoryEvent.IncidentKept(incident));
    }

    private void keep(String service, List<Entry> entries) {
        if (entries.isEmpty() || !services.containsKey(service)) {
            return;
        }
        List<Statement> statements = new ArrayList<>();
        entries.forEach(entry -> statements.add(HistoryRecords.insert(service, entry)));
        statements.add(HistoryRecords.trimEntries(service));
        ledger.add(statements);
    }
}
