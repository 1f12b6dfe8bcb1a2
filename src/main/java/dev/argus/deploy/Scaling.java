package dev.argus.deploy;

import dev.argus.config.ServerConfig;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.service.CatalogCommand;
import dev.argus.service.ServiceName;
import dev.argus.traffic.TrafficCommand;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes how many instances of the live release run. More: START, VERIFY, SWITCH. Fewer: SWITCH, DRAIN, STOP. Until STOP a failure or a
 * cancellation leaves as many as there were.
 */
final class Scaling {
    private static final Logger log = LoggerFactory.getLogger(Scaling.class);

    private final Asking asking;
    private final ServerConfig.DeployConfig config;
    private final Running running;
    private final Journal journal;
    private final ServiceName name;

    private List<String> fresh = List.of();
    private List<String> surplus = List.of();
    private boolean switched;

    Scaling(Asking asking, ServerConfig.DeployConfig config, Running running, Journal journal, ServiceName name) {
        this.asking = asking;
        this.config = config;
        this.running = running;
        this.journal = journal;
        this.name = name;
    }

    void run(Release live, int wanted) {
        journal.skip("release " + live.number() + " is live", StepName.CHECKOUT, StepName.BUILD);
        List<String> present = asking.ask(new InstanceCommand.ListInstances(name.value())).stream()
                .filter(instance -> instance.release() == live.number())
                .sorted(Comparator.comparing(Instance::id))
                .map(Instance::id)
                .toList();
        surplus = present.size() > wanted ? present.subList(wanted, present.size()) : List.of();
        try {
            change(live, wanted, present.size());
        } catch (RuntimeException e) {
            undo(live, present.size());
            throw e;
        }
        if (!surplus.isEmpty()) {
            journal.afterwards(StepName.STOP, this::stop);
        }
    }

    private void change(Release live, int wanted, int present) {
        if (present < wanted) {
            grow(live, wanted - present);
        } else {
            journal.skip("enough are running", StepName.START, StepName.VERIFY);
        }
        running.cancel.throwIfCancelled();
        journal.step(StepName.SWITCH, () -> keep(live, wanted), count -> count + " instances are wanted");
        if (surplus.isEmpty()) {
            journal.skip("none is to be stopped", StepName.DRAIN, StepName.BAKE, StepName.STOP);
        } else {
            journal.afterwards(StepName.DRAIN, this::drain);
            journal.skip("nothing to go back to", StepName.BAKE);
        }
        running.cancel.commit();
    }

    private void grow(Release live, int more) {
        journal.step(
                StepName.START,
                () -> {
                    // is quick and therefore not interrupted: what was begun must be known
                    fresh = asking.patiently(new InstanceCommand.Launch(name, live.number(), live.plan(), more));
                    return fresh;
                },
                ids -> String.join(", ", ids));
        journal.step(
                StepName.VERIFY,
                () -> asking.ask(new InstanceCommand.AwaitHealthy(fresh, config.healthyTimeout())),
                done -> "healthy");
    }

    private int keep(Release live, int wanted) {
        switched = true;
        asking.patiently(new CatalogCommand.Scale(name, wanted, running.by.name()));
        journal.pass(StepName.SWITCH, Checkpoint.Moment.COMMITTED);
        asking.patiently(new TrafficCommand.Settle(name.value(), live.number()));
        return wanted;
    }

    private @Nullable String drain() {
        int cut = asking.ask(new TrafficCommand.Drain(Set.copyOf(surplus), config.drainTimeout()))
                .cut();
        return cut == 0 ? "every request was answered" : cut + " requests took too long and were cut";
    }

    private String stop() {
        asking.patiently(new InstanceCommand.Retire(surplus, "fewer instances are wanted"));
        return String.join(", ", surplus);
    }

    private void undo(Release live, int present) {
        var pace = Pace.of(running.cancel, config);
        try {
            if (switched) {
                asking.patiently(new CatalogCommand.Scale(name, Math.max(1, present), running.by.name()));
                asking.patiently(new TrafficCommand.Undrain(Set.copyOf(surplus)));
            }
            if (!fresh.isEmpty()) {
                asking.patiently(new TrafficCommand.Drain(Set.copyOf(fresh), pace.drain()));
                asking.patiently(pace.retire(fresh, "as many instances as before are wanted"));
            }
        } catch (RuntimeException e) {
            log.error(
                    "what deployment {} began with release {} was not undone",
                    journal.deployment().id(),
                    live.number(),
                    e);
        }
    }
}
