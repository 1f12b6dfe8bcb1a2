package dev.argus.deploy;

import dev.argus.bus.Bus;
import dev.argus.config.ServerConfig;
import dev.argus.instance.Health;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.instance.InstanceState;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Desired;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import dev.argus.traffic.TrafficCommand;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restarts a service without losing a request. What serves nobody is restarted at once; of the others one after the other is taken out of the
 * traffic, finishes what it does, is restarted and gets requests again when it is healthy. One that does not become so is the last: the rest
 * goes on serving. On a thread of its own.
 */
final class Restarting implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Restarting.class);

    private final Asking asking;
    private final ServerConfig.DeployConfig config;
    private final ServiceName name;
    private final String reason;
    private final Runnable over;

    /** @param over is run when it has ended */
    Restarting(Bus bus, ServerConfig.DeployConfig config, ServiceName name, String by, Runnable over) {
        this.asking = new Asking(bus, new Waits(new CancelToken()));
        this.config = config;
        this.name = name;
        this.reason = "restarted by " + by;
        this.over = over;
    }

    @Override
    public void run() {
        try {
            List<Instance> all = asking.ask(new InstanceCommand.ListInstances(name.value()));
            List<String> idle = live(all, instance -> !serves(instance));
            if (!idle.isEmpty()) {
                asking.ask(new InstanceCommand.Restart(idle, reason));
            }
            for (String id : live(all, Restarting::serves)) {
                if (!isWanted()) {
                    return;
                }
                restart(id);
            }
        } catch (RuntimeException e) {
            log.warn("the restart of {} was not finished: {}", name.value(), Journal.words(e));
        } finally {
            over.run();
        }
    }

    private List<String> live(List<Instance> all, Predicate<Instance> which) {
        Service service = asking.ask(new CatalogCommand.Find(name));
        return all.stream()
                .filter(instance -> service.liveRelease() != null && instance.release() == service.liveRelease())
                .filter(which)
                .map(Instance::id)
                .toList();
    }

    private static boolean serves(Instance instance) {
        return instance.state() == InstanceState.RUNNING && instance.health() == Health.HEALTHY;
    }

    private boolean isWanted() {
        return asking.ask(new CatalogCommand.Find(name)).desired() == Desired.RUNNING;
    }

    private void restart(String id) {
        try {
            asking.ask(new TrafficCommand.Drain(Set.of(id), config.drainTimeout()));
            if (isWanted()) {
                asking.ask(new InstanceCommand.Restart(List.of(id), reason));
                asking.ask(new InstanceCommand.AwaitHealthy(List.of(id), config.healthyTimeout()));
            }
        } finally {
            asking.ask(new TrafficCommand.Undrain(Set.of(id)));
        }
    }
}
