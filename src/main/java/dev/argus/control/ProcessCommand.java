package dev.argus.control;

import dev.argus.bus.Command;
import dev.argus.bus.Done;
import dev.argus.process.Evidence;
import dev.argus.service.Resources;
import dev.argus.service.RunPlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked of the {@link ProcessVerticle}. */
public sealed interface ProcessCommand<R> extends Command<R> {
    /** The address of the {@link ProcessVerticle}. */
    String ADDRESS = "argus.process";

    @Override
    default String address() {
        return ADDRESS;
    }

    /**
     * Launches an instance; answers when it is launched, its pid is told as {@link ProcessEvent.PidKnown}; {@code UNAVAILABLE} with the reason when it cannot be.
     *
     * @param attempt which of the plan's ways to start it is used, from 0
     * @param environment what people gave it besides the plan's own variables; may hold secrets
     */
    record Launch(
            String instance,
            int generation,
            String service,
            int release,
            RunPlan plan,
            int attempt,
            int port,
            Map<String, String> environment)
            implements ProcessCommand<Done> {
        @Override
        public Duration deadline() {
            return Duration.ofSeconds(30);
        }

        @Override
        public String toString() {
            return "Launch[" + instance + ", " + generation + "]";
        }
    }

    /** Lets the instance be started again in the moment in which it ends by itself, once, as the next generation. */
    record AllowRestart(String instance, int generation) implements ProcessCommand<Done> {}

    /** Takes that back, as when it would be started with what is not so any more. */
    record ForbidRestart(String instance) implements ProcessCommand<Done> {}

    /** What an adoption found. */
    record Adopted(@Nullable Long pid) {}

    /** Stops everything that belongs to an instance; answers when nothing of it is left or nothing more can be done. */
    record Stop(String instance, String service, int release, RunPlan plan, int port) implements ProcessCommand<Done> {
        @Override
        public Duration deadline() {
            return plan.stopTimeout().plusSeconds(30);
        }
    }

    /**
     * Takes up an instance that an earlier Argus started; answers {@code CONFLICT} with a sentence saying how it ended when it
     * does not run any more.
     *
     * @param resources its limits, which hold from now on
     * @param toRun whether it is to run: then what a crashed start left behind is not it, and ends with the next start
     */
    record Adopt(String instance, int generation, String service, Resources resources, boolean toRun)
            implements ProcessCommand<Adopted> {
        /** All are taken up at once, and each looks through the processes of the machine. */
        @Override
        public Duration deadline() {
            return Duration.ofSeconds(25);
        }
    }

    /** A free port of the range; kept for the caller until it is given back. */
    record ReservePort() implements ProcessCommand<Integer> {}

    /** Keeps a port that an earlier Argus gave to an instance. */
    record KeepPort(int port) implements ProcessCommand<Done> {}

    /** Gives a port back. */
    record ReleasePort(int port) implements ProcessCommand<Done> {}

    /** The TCP ports that the instance's processes listen on, ascending. */
    record OwnedPorts(String instance) implements ProcessCommand<List<Integer>> {}

    /** Who listens on a port, in words for people; empty when nobody does. */
    record HolderOf(int port) implements ProcessCommand<String> {}

    /** The line of its log that says best why an instance ended or does not become healthy; empty where it said nothing. */
    record LastWords(String instance, String service) implements ProcessCommand<String> {}

    /**
     * What a living instance does, before it is stopped; answered within a second, with less if need be.
     *
     * @param dump whether its processes are asked for a thread dump by SIGQUIT, of which some end
     */
    record Examine(String instance, String service, boolean dump) implements ProcessCommand<Evidence> {}

    /**
     * What is left to see of an instance that has ended.
     *
     * @param port which it should have had for itself
     * @param logEnd how long its log was when it ended, in bytes; negative where that is not known
     */
    record Remains(String instance, String service, int port, long logEnd) implements ProcessCommand<Evidence> {}

    /** Who listens on the port of an instance and is no process of it, in words for people; empty when nobody does. */
    record StrangerOn(String instance, int port) implements ProcessCommand<String> {}

    /**
     * What the processes of an instance use.
     *
     * @param cpuPercent of one core, since the last time somebody asked
     * @param rssBytes resident memory
     * @param cpuMillis processor time of all of them together since they were started; falls only when the instance was forgotten
     * @param note what people should know of its limits, one sentence; empty when they are enforced or there are none
     */
    record Usage(String id, double cpuPercent, long rssBytes, long cpuMillis, String note) {}

    /** What the processes of these instances use. */
    record Measure(List<String> instances) implements ProcessCommand<List<ProcessCommand.Usage>> {
        /** Copies the ids. */
        public Measure {
            instances = List.copyOf(instances);
        }
    }

    /** Removes the records of an instance that is gone for good; its log stays as long as its release. */
    record Discard(String instance, String service) implements ProcessCommand<Done> {}
}
