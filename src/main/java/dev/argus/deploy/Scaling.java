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

/** Changes how many instances of the live release run. More: START, VERIFY, SWITCH. Fewer: SWITCH, DRAIN, STOP. */
final class Scaling {
    private final Asking asking;
    private final ServerConfig.DeployConfig config;
    private final Journal journal;
    private final ServiceName name;
    private final String by;

    Scaling(Asking asking, ServerConfig.DeployConfig config, Journal journal, ServiceName name, String by) {
        this.asking = asking;
        this.config = config;
        this.journal = journal;
        this.name = name;
        this.by = by;
    }

    void run(Release live, int wanted) {
        journal.skip("release " + live.number() + " is live", StepName.CHECKOUT, StepName.BUILD);
        List<String> running = asking.ask(new InstanceCommand.ListInstances(name.value())).stream()
                .filter(instance -> instance.release() == live.number())
                .sorted(Comparator.comparing(Instance::id))
                .map(Instance::id)
                .toList();
        List<String> surplus = running.size() > wanted ? running.subList(wanted, running.size()) : List.of();
        if (running.size() < wanted) {
            grow(live, wanted - running.size());
        } else {
            journal.skip("enough are running", StepName.START, StepName.VERIFY);
        }
        journal.step(StepName.SWITCH, () -> keep(live, wanted), count -> count + " instances are wanted");
        if (surplus.isEmpty()) {
            journal.skip("none is to be stopped", StepName.DRAIN, StepName.BAKE, StepName.STOP);
        } else {
            journal.afterwards(StepName.DRAIN, () -> drain(surplus));
            journal.skip("nothing to go back to", StepName.BAKE);
            journal.afterwards(StepName.STOP, () -> stop(surplus));
        }
    }

    private void grow(Release live, int more) {
        List<String> fresh = List.of();
        try {
            fresh = journal.step(
                    StepName.START,
                    () -> asking.ask(new InstanceCommand.Launch(name, live.number(), live.plan(), more)),
                    ids -> String.join(", ", ids));
            List<String> started = fresh;
            journal.step(
                    StepName.VERIFY,
                    () -> asking.ask(new InstanceCommand.AwaitHealthy(started, config.healthyTimeout())),
                    done -> "healthy");
        } catch (RuntimeException e) {
            asking.patiently(new InstanceCommand.Retire(fresh, "it did not become healthy"));
            throw e;
        }
    }

    private int keep(Release live, int wanted) {
        asking.patiently(new CatalogCommand.Scale(name, wanted, by));
        asking.patiently(new TrafficCommand.Settle(name.value(), live.number()));
        return wanted;
    }

    private @Nullable String drain(List<String> surplus) {
        int cut = asking.patiently(new TrafficCommand.Drain(Set.copyOf(surplus), config.drainTimeout()))
                .cut();
        return cut == 0 ? "every request was answered" : cut + " requests took too long and were cut";
    }

    private String stop(List<String> surplus) {
        asking.patiently(new InstanceCommand.Retire(surplus, "fewer instances are wanted"));
        return String.join(", ", surplus);
    }
}
