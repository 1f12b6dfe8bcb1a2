package dev.argus.control;

import dev.argus.process.ControlGroups;
import dev.argus.process.ProcessIdentity;
import dev.argus.process.ResourceLimits;
import dev.argus.service.ByteSize;
import dev.argus.service.Resources;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The limits of the instances: those that are asked for, and what is said of those that are not enforced. Blocks; thread-safe. */
final class Limits {
    private final ControlGroups groups;
    private final Map<String, ResourceLimits> asked = new ConcurrentHashMap<>();

    Limits(ControlGroups groups) {
        this.groups = groups;
    }

    /** Before the launch of an instance; gives where its processes join its control group, where there is one. */
    Optional<Path> prepare(String instance, Resources resources) {
        return groups.make(instance, ask(instance, resources));
    }

    /** For an instance that an earlier Argus launched. */
    void adopt(String instance, Resources resources, List<ProcessIdentity> processes) {
        groups.adopt(instance, ask(instance, resources), processes);
    }

    private ResourceLimits ask(String instance, Resources resources) {
        var limits = new ResourceLimits(
                Optional.ofNullable(resources.memory()).map(ByteSize::bytes),
                Optional.ofNullable(resources.cpus()),
                Optional.ofNullable(resources.tasks()));
        asked.put(instance, limits);
        return limits;
    }

    /** After everything of it has ended. */
    void ended(String instance) {
        groups.remove(instance);
    }

    void forget(String instance) {
        asked.remove(instance);
        groups.remove(instance);
    }

    /** What people should know of the limits of an instance that runs, one sentence; empty when they are as they asked. */
    String note(String instance) {
        ResourceLimits limits = asked.getOrDefault(instance, ResourceLimits.NONE);
        if (limits.equals(ResourceLimits.NONE)) {
            return "";
        }
        String notEnforced = groups.notEnforced(limits);
        return notEnforced.isEmpty() && !groups.holds(instance)
                ? "Its limits are not enforced because its processes could not join their control group; restart it."
                : notEnforced;
    }
}
