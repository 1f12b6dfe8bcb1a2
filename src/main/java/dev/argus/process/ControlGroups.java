package dev.argus.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control groups of the instances, where cgroup v2 is delegated to Argus: they hold what belongs to an instance together, and limit what it
 * uses. Where nothing is delegated, or not all of it, services run as well and it is said which limits are not enforced and why. Blocks for some
 * milliseconds; thread-safe.
 */
public final class ControlGroups {
    private static final Logger log = LoggerFactory.getLogger(ControlGroups.class);

    private final boolean usable;
    private final Set<String> controllers;
    private final String reason;
    private final Set<String> toRemove = ConcurrentHashMap.newKeySet();

    ControlGroups(boolean usable, Set<String> controllers, String reason) {
        this.usable = usable;
        this.controllers = Set.copyOf(controllers);
        this.reason = reason;
    }

    /** Those of a machine that has none. */
    public static ControlGroups none() {
        return new ControlGroups(false, Set.of(), "Argus was told not to use control groups");
    }

    /**
     * Takes what is delegated to this process: where controllers are offered, Argus moves into a group of its own and has them enforce the limits of
     * the groups beside it. Done again by each Argus, because systemd 252 could not start the next one while they are on and its unit takes them off.
     */
    public static ControlGroups establish() {
        Optional<ControlGroupPlace> found = ControlGroupPlace.here();
        if (found.isEmpty()) {
            return new ControlGroups(false, Set.of(), "this machine has no cgroup v2");
        }
        ControlGroupPlace place = found.get();
        if (!place.isDelegated()) {
            return new ControlGroups(
                    false,
                    Set.of(),
                    "the control group in which Argus was started, " + place.path()
                            + ", was not delegated to it; run Argus as its systemd service");
        }
        try {
            return enable(place);
        } catch (IOException e) {
            log.warn("control groups cannot be used: {}", e.getMessage());
            return new ControlGroups(
                    false,
                    Set.of(),
                    "the control group in which Argus was started, " + place.path() + ", cannot be used ("
                            + e.getMessage() + ")");
        }
    }

    private static ControlGroups enable(ControlGroupPlace place) throws IOException {
        var offered = new TreeSet<>(words(place.directory().resolve("cgroup.controllers")));
        offered.retainAll(ResourceLimits.CONTROLLERS);
        String reason = whyNotOffered(place);
        if (offered.isEmpty()) {
            return new ControlGroups(true, Set.of(), reason);
        }
        if (place.mustBeEmpty()) {
            Optional<String> inTheWay = makeRoom(place);
            if (inTheWay.isPresent()) {
                return new ControlGroups(true, Set.of(), inTheWay.get());
            }
        }
        Path control = place.directory().resolve("cgroup.subtree_control");
        for (String controller : offered) {
            Files.writeString(control, "+" + controller);
        }
        offered.retainAll(words(control));
        return new ControlGroups(true, offered, reason);
    }

    /** Moves Argus out of the group whose controllers are to serve others. */
    private static Optional<String> makeRoom(ControlGroupPlace place) throws IOException {
        long self = ProcessHandle.current().pid();
        var group = new ControlGroup(place.directory());
        Optional<Long> other =
                group.processes().stream().filter(pid -> pid != self).findFirst();
        if (other.isPresent()) {
            return Optional.of("process " + other.get()
                    + ProcessStat.of(other.get())
                            .map(stat -> " (" + stat.command() + ")")
                            .orElse("") + " shares the control group " + place.path()
                    + " with Argus; run Argus as its systemd service");
        }
        var own = new ControlGroup(place.directory().resolve(ControlGroupPlace.OWN));
        Files.createDirectories(own.directory());
        own.take(self);
        return Optional.empty();
    }

    private static String whyNotOffered(ControlGroupPlace place) throws IOException {
        Set<String> versionOne =
                ControlGroupPlace.controllersOfVersionOne(ProcessStat.text(Path.of("/proc/self/cgroup")));
        return versionOne.isEmpty()
                ? "the control group in which Argus was started, " + place.path()
                        + ", is not offered the controllers for them"
                : "this machine keeps the controllers " + String.join(", ", versionOne)
                        + " in cgroup v1; start it with systemd.unified_cgroup_hierarchy=1";
    }

    private static List<String> words(Path file) throws IOException {
        return List.of(Files.readString(file).trim().split(" ", -1));
    }

    /** Which of these limits are not enforced, and why: one sentence; empty when all are, or none is asked for. */
    public String notEnforced(ResourceLimits limits) {
        String without = limits.without(controllers);
        return without.isEmpty() ? "" : "Its limits of " + without + " are not enforced here because " + reason + ".";
    }

    /**
     * Makes the group of an instance with these limits.
     *
     * @return where its processes join; empty where there are no control groups, or this one cannot be made
     */
    public synchronized Optional<Path> make(String instance, ResourceLimits limits) {
        removeLater();
        if (!usable) {
            return Optional.empty();
        }
        return ControlGroup.of(instance).flatMap(group -> {
            toRemove.remove(instance);
            try {
                group.make(limits, controllers);
                return Optional.of(group.joinBy());
            } catch (IOException e) {
                log.warn("{} runs without limits: its control group cannot be made: {}", instance, e.getMessage());
                return Optional.empty();
            }
        });
    }

    /** Sets the limits of an instance that runs already, and takes its processes in where they are not yet. */
    public void adopt(String instance, ResourceLimits limits, List<ProcessIdentity> processes) {
        if (make(instance, limits).isEmpty()) {
            return;
        }
        ControlGroup.of(instance).ifPresent(group -> {
            var inside = Set.copyOf(group.processes());
            for (ProcessIdentity process : processes) {
                if (!inside.contains(process.pid()) && process.isAlive()) {
                    take(group, instance, process);
                }
            }
        });
    }

    private static void take(ControlGroup group, String instance, ProcessIdentity process) {
        try {
            group.take(process.pid());
        } catch (IOException e) {
            log.warn("process {} of {} stays without limits: {}", process.pid(), instance, e.getMessage());
        }
    }

    /** Whether any process of the instance is in its group. */
    public boolean holds(String instance) {
        return ControlGroup.of(instance)
                .filter(group -> !group.processes().isEmpty())
                .isPresent();
    }

    /** Removes the group of an instance that has ended; if need be later, when its dead have been reaped. */
    public void remove(String instance) {
        if (usable) {
            toRemove.add(instance);
            removeLater();
        }
    }

    private synchronized void removeLater() {
        toRemove.removeIf(
                instance -> ControlGroup.of(instance).map(ControlGroup::remove).orElse(true));
    }
}
