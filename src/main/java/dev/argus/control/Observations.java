package dev.argus.control;

import dev.argus.process.ListeningPorts;
import dev.argus.process.Members;
import dev.argus.process.ProcessIdentity;
import dev.argus.process.ProcessTable;
import dev.argus.process.RunDirectory;
import dev.argus.process.UsageMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What can be seen of the processes of instances. Blocks; thread-safe. */
final class Observations {
    private final KnownInstances instances;
    private final Limits limits;
    private final Map<String, UsageMeter> meters = new ConcurrentHashMap<>();

    Observations(KnownInstances instances, Limits limits) {
        this.instances = instances;
        this.limits = limits;
    }

    List<Integer> ownedPorts(String instance) {
        RunDirectory run = instances.get(instance);
        return new ArrayList<>(ListeningPorts.of(Members.of(instance, run.shim())));
    }

    static String holderOf(int port) {
        return ListeningPorts.holderOf(port)
                .map(holder -> "pid " + holder.pid() + " (" + holder.command() + ")")
                .orElse("");
    }

    List<ProcessCommand.Usage> measure(List<String> asked) {
        var table = ProcessTable.read();
        List<ProcessCommand.Usage> usages = new ArrayList<>();
        for (String instance : asked) {
            RunDirectory run = instances.find(instance);
            List<ProcessIdentity> members = run == null ? List.of() : table.members(instance, run.shim());
            var meter = meters.computeIfAbsent(instance, made -> new UsageMeter());
            synchronized (meter) {
                var measured = meter.measure(members, table);
                String note = members.isEmpty() ? "" : limits.note(instance);
                usages.add(new ProcessCommand.Usage(
                        instance, measured.cpuPercent(), measured.rssBytes(), measured.cpuMillis(), note));
            }
        }
        return usages;
    }

    void forget(String instance) {
        meters.remove(instance);
    }
}
