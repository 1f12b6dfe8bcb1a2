package dev.argus.audit;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.ErrorCode;
import dev.argus.bus.Event;
import dev.argus.deploy.DeployEvent;
import dev.argus.deploy.StepName;
import dev.argus.deploy.StepState;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceEvent;
import dev.argus.service.CatalogEvent;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the audit: writes what others tell it, and what Argus does by itself, which it hears of. */
public final class AuditVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(AuditVerticle.class);
    private static final int MOST_UNDER_WAY = 1_000;
    private static final long STOP_WITHIN_SECONDS = 5;

    private final Bus bus;
    private final Clock clock;
    private final String version;
    private final Map<String, Integer> restarts = new HashMap<>();
    private int underWay;
    private long lost;
    private boolean failing;

    /**
     * The audit of a server.
     *
     * @param version of this Argus, which is told when it starts
     */
    public AuditVerticle(Bus bus, Clock clock, String version) {
        this.bus = bus;
        this.clock = clock;
        this.version = version;
    }

    @Override
    public Future<?> start() {
        bus.<AuditCommand<?>>serve(AuditCommand.ADDRESS, this::serve);
        bus.subscribe(this::hear);
        // services are to be watched also where nothing can be written
        return add(automatic("server-started", null, "done", "version " + version))
                .transform(written -> Future.succeededFuture());
    }

    @Override
    public Future<?> stop() {
        return add(automatic("server-stopped", null, "done", ""))
                .timeout(STOP_WITHIN_SECONDS, TimeUnit.SECONDS)
                .otherwiseEmpty();
    }

    private Future<?> serve(AuditCommand<?> command) {
        return switch (command) {
            case AuditCommand.Add c -> add(c.entry());
            case AuditCommand.RequireWritable _ -> requireWritable();
            case AuditCommand.Newest c ->
                bus.request(new StoreCommand.Read(AuditRecords.newest(c.before(), c.limit())))
                        .map(rows -> rows.stream().map(AuditRecords::record).toList());
            case AuditCommand.Verify _ ->
                bus.request(new StoreCommand.Read(AuditRecords.ends()))
                        .compose(ends -> follow(new Chain(ends.getFirst())));
        };
    }

    private Future<Verification> follow(Chain chain) {
        return bus.request(new StoreCommand.Read(AuditRecords.links(chain.position(), Chain.PAGE)))
                .compose(rows -> chain.follow(rows) ? follow(chain) : Future.succeededFuture(chain.verification()));
    }

    /** As long as all goes well this costs nothing. */
    private Future<Done> requireWritable() {
        if (!failing) {
            return Future.succeededFuture(Done.DONE);
        }
        String missing = lost + " records before this one could not be written";
        // what the store says why, and that nothing was changed, is what the caller has to know
        return add(automatic("audit-resumed", null, "done", missing));
    }

    private Future<Done> add(AuditEntry entry) {
        if (underWay >= MOST_UNDER_WAY) {
            missed(entry, "too many are under way");
            return Future.failedFuture(new ArgusException(
                    ErrorCode.BUSY, "Too much is to be recorded at once; nothing was changed, try again."));
        }
        underWay++;
        var write = new StoreCommand.Write(List.of(
                AuditRecords.append(entry),
                AuditRecords.anchor(AuditRecords.KEPT),
                AuditRecords.forget(AuditRecords.KEPT)));
        return bus.request(write)
                .onComplete(written -> underWay--)
                .map(rows -> {
                    failing = false;
                    lost = 0;
                    return Done.DONE;
                })
                .onFailure(failure -> missed(entry, String.valueOf(failure.getMessage())));
    }

    private void missed(AuditEntry entry, String why) {
        failing = true;
        lost++;
        log.error("{} by {} was not audited: {}", entry.action(), entry.actor(), why);
    }

    private void hear(Event event) {
        switch (event) {
            case DeployEvent.Finished e ->
                note(
                        "deployment-finished",
                        e.service(),
                        e.outcome().word(),
                        e.deployment() + (e.cause() == null ? "" : ": " + e.cause()));
            case DeployEvent.Progress e -> pruned(e);
            case InstanceEvent.Changed e -> changed(e.instance());
            case InstanceEvent.Removed e -> restarts.remove(e.instance());
            case InstanceEvent.Failed e -> note("failed", e.service(), "done", e.instance() + ": " + e.reason());
            case CatalogEvent.Removed e -> note("removed", e.name().value(), "done", "");
            default -> {
                // somebody asked for the rest, or it is no act
            }
        }
    }

    /** Nobody asked for the old releases to go. */
    private void pruned(DeployEvent.Progress event) {
        String what = event.detail();
        if (event.step() == StepName.PRUNE && event.state() == StepState.SUCCEEDED && what != null) {
            note("releases-removed", event.service(), "done", event.deployment() + ": " + what);
        }
    }

    private void changed(Instance instance) {
        Integer before = restarts.put(instance.id(), instance.restarts());
        if (before != null && instance.restarts() > before) {
            note("instance-restarted", instance.service(), "done", instance.id() + ": " + instance.reason());
        }
    }

    private void note(String action, @Nullable String service, String result, String detail) {
        // what goes wrong with it is in the log already
        add(automatic(action, service, result, detail));
    }

    private AuditEntry automatic(String action, @Nullable String service, String result, String detail) {
        return AuditEntry.automatic(clock.instant(), action, service, result, detail);
    }
}
