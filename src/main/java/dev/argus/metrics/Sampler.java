package dev.argus.metrics;

import dev.argus.bus.Bus;
import dev.argus.bus.Command;
import dev.argus.control.ProcessCommand;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import dev.argus.metrics.Measurement.Answered;
import dev.argus.metrics.Measurement.Used;
import dev.argus.metrics.Measurement.Visited;
import dev.argus.node.NodeCommand;
import dev.argus.probe.ProbeCommand;
import dev.argus.traffic.TrafficCommand;
import dev.argus.traffic.TrafficSwitch.Visits;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the owners of the counters for them, all at once; who does not answer leaves a gap. */
final class Sampler {
    private static final Logger log = LoggerFactory.getLogger(Sampler.class);

    private final Bus bus;

    Sampler(Bus bus) {
        this.bus = bus;
    }

    /** Never fails. */
    Future<Measurement> measure() {
        var instances = ask(new InstanceCommand.ListInstances(null));
        var usages = ask(new InstanceCommand.Usages(null));
        var answers = ask(new ProbeCommand.Times());
        var visits = ask(new TrafficCommand.AllVisits());
        var node = ask(new NodeCommand.Sample());
        return Future.all(List.of(instances, usages, answers, visits, node))
                .map(all -> new Measurement(
                        System.nanoTime(),
                        used(instances.result(), usages.result()),
                        answered(answers.result()),
                        visited(visits.result()),
                        node.result()));
    }

    private <T> Future<@Nullable T> ask(Command<T> command) {
        Future<T> asked = bus.request(command);
        return asked.<@Nullable T>map(answer -> answer).otherwise(failure -> {
            log.debug("a gap in the metrics: {}", failure.getMessage());
            return null;
        });
    }

    private static @Nullable Map<String, Used> used(
            @Nullable List<Instance> instances, @Nullable List<ProcessCommand.Usage> usages) {
        if (instances == null || usages == null) {
            return null;
        }
        Map<String, String> services = new HashMap<>();
        instances.forEach(instance -> services.put(instance.id(), instance.service()));
        Map<String, Used> used = new HashMap<>();
        usages.forEach(usage -> {
            String service = services.get(usage.id());
            if (service != null) {
                used.put(usage.id(), new Used(service, usage.cpuMillis(), usage.rssBytes()));
            }
        });
        return used;
    }

    private static @Nullable Map<String, Answered> answered(@Nullable List<ProbeCommand.AnswerTimes> times) {
        if (times == null) {
            return null;
        }
        Map<String, Answered> answered = new HashMap<>();
        times.forEach(each -> answered.put(each.instance(), new Answered(each.answers(), each.nanos())));
        return answered;
    }

    private static @Nullable Map<String, Visited> visited(@Nullable List<Visits> visits) {
        if (visits == null) {
            return null;
        }
        Map<String, Visited> visited = new HashMap<>();
        visits.forEach(each -> visited.put(each.service(), new Visited(each.requests(), each.failed())));
        return visited;
    }
}
