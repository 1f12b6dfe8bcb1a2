package dev.argus.control;

import dev.argus.process.Evidence;
import dev.argus.process.Examination;
import dev.argus.process.InstanceLog;
import dev.argus.process.ListeningPorts;
import dev.argus.process.Members;
import dev.argus.process.ProcessEvidence;
import dev.argus.process.ProcessException;
import dev.argus.process.ProcessIdentity;
import dev.argus.process.RunDirectory;
import dev.argus.process.ThreadDump;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers what can be seen where an instance is unwell or has ended. Blocks, within bounds; thread-safe. */
final class Scenes {
    /** How long the gathering may take, the thread dump included. */
    static final Duration WITHIN = Duration.ofMillis(950);

    /** Never more of it than this share for what processes write on SIGQUIT: 700 ms of {@link #WITHIN}. */
    private static final double DUMP_SHARE = 0.74;

    private static final Logger log = LoggerFactory.getLogger(Scenes.class);
    private static final int LOG_LINES = 200;

    private final Layout layout;
    private final KnownInstances instances;
    private final Duration within;
    /** Those that have been asked for and are not done, by instance; true where it is too late. */
    private final Map<String, AtomicBoolean> looks = new ConcurrentHashMap<>();

    /** @param within how long a look may take, the thread dump included */
    Scenes(Layout layout, KnownInstances instances, Duration within) {
        this.layout = layout;
        this.instances = instances;
        this.within = within;
    }

    /** The look at a living instance, to be called on a worker. Called later than {@link #stopping}, it looks at nothing. */
    Callable<Evidence> examination(ProcessCommand.Examine command) {
        var over = new AtomicBoolean();
        looks.put(command.instance(), over);
        return () -> {
            try {
                return over.get() ? Evidence.none("There was no time to look at it.") : examine(command, over);
            } finally {
                looks.remove(command.instance(), over);
            }
        };
    }

    /** An instance is stopped from now on: what comes next under its name is another start, which nobody wants to know about, nor to signal. */
    void stopping(String instance) {
        AtomicBoolean over = looks.remove(instance);
        if (over != null) {
            over.set(true);
        }
    }

    private Evidence examine(ProcessCommand.Examine command, AtomicBoolean over) {
        long deadline = System.nanoTime() + within.toNanos();
        List<String> notes = new ArrayList<>();
        InstanceLog file = layout.log(command.service(), command.instance());
        List<ProcessIdentity> members = members(command.instance());
        var examination = new Examination(deadline);
        List<ProcessEvidence> processes = examination.of(members);
        if (processes.size() < members.size()) {
            notes.add("Of " + members.size() + " processes " + processes.size() + " could be looked at in time.");
        }
        List<String> lines = lines(file, -1, notes);
        List<String> dump = command.dump() && !over.get() ? dump(members, file, deadline, notes) : List.of();
        return new Evidence(processes, lines, dump, notes);
    }

    /** What is left of an instance that has ended. */
    Evidence remains(ProcessCommand.Remains command) {
        List<String> notes = new ArrayList<>();
        List<String> lines = lines(layout.log(command.service(), command.instance()), command.logEnd(), notes);
        String stranger = stranger(command.instance(), command.port());
        if (!stranger.isEmpty()) {
            notes.add("Port " + command.port() + " is held by " + stranger + ".");
        }
        return new Evidence(List.of(), lines, List.of(), notes);
    }

    /** Who listens on the port of an instance and is no process of it, in words; empty where nobody does. */
    String stranger(String instance, int port) {
        if (!ListeningPorts.isTaken(port)) {
            return "";
        }
        var holder = ListeningPorts.holderOf(port).orElse(null);
        if (holder == null) {
            return ListeningPorts.isTaken(port) ? "a process of another user, which Argus may not look into" : "";
        }
        String other = holder.instance().orElse("");
        boolean own =
                other.equals(instance) || members(instance).stream().anyMatch(member -> member.pid() == holder.pid());
        if (own) {
            return "";
        }
        return "pid " + holder.pid() + " (" + holder.command() + ")"
                + (other.isEmpty() ? "" : " of the instance " + other);
    }

    private List<ProcessIdentity> members(String instance) {
        RunDirectory run = instances.find(instance);
        return run == null ? List.of() : Members.of(instance, run.shim());
    }

    /** @param end how long the log was when the instance ended: what came after is of its next start; negative where nothing came */
    private static List<String> lines(InstanceLog file, long end, List<String> notes) {
        try {
            return file.tailAt(end, LOG_LINES);
        } catch (IOException e) {
            notes.add("Its log could not be read (" + e.getMessage() + ").");
            return List.of();
        }
    }

    private List<String> dump(List<ProcessIdentity> members, InstanceLog file, long deadline, List<String> notes) {
        long left = Math.min((long) (within.toNanos() * DUMP_SHARE), deadline - System.nanoTime());
        if (left <= 0) {
            notes.add("There was no time left for a thread dump.");
            return List.of();
        }
        try {
            List<String> dump = ThreadDump.take(members, file, Duration.ofNanos(left));
            if (dump.isEmpty()) {
                notes.add("It was asked for a thread dump by SIGQUIT and wrote none.");
            }
            return dump;
        } catch (IOException | ProcessException e) {
            log.warn("no thread dump was taken: {}", e.getMessage());
            notes.add("A thread dump could not be taken (" + e.getMessage() + ").");
        } catch (InterruptedException _) {
            // Argus ends; what was gathered is handed on
            Thread.currentThread().interrupt();
        }
        return List.of();
    }
}
