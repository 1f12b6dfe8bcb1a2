package dev.argus.instance;

import dev.argus.bus.Command;
import dev.argus.bus.Done;
import dev.argus.control.ProcessCommand;
import dev.argus.service.RunPlan;
import dev.argus.service.ServiceName;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of the {@link InstanceVerticle}. */
public sealed interface InstanceCommand<R> extends Command<R> {
    /** The address of the {@link InstanceVerticle}. */
    String ADDRESS = "argus.instance";

    @Override
    default String address() {
        return ADDRESS;
    }

    /** Makes and starts instances of a release; answers with their ids once they are recorded. */
    record Launch(ServiceName service, int release, RunPlan plan, int count) implements InstanceCommand<List<String>> {}

    /**
     * Stops instances for good and forgets them; answers when nothing of them is left. Those that are unknown are passed over.
     *
     * @param within from SIGTERM to SIGKILL, where that is to be shorter than the service says
     */
    record Retire(List<String> ids, String reason, @Nullable Duration within) implements InstanceCommand<Done> {
        /** Copies the ids. */
        public Retire {
            ids = List.copyOf(ids);
        }

        /** Gives them the time that the service says. */
        public Retire(List<String> ids, String reason) {
            this(ids, reason, null);
        }

        @Override
        public Duration deadline() {
            return Duration.ofSeconds(90);
        }
    }

    /**
     * Answers when all the instances are healthy; fails with the reason as soon as one of them exits or the time is over.
     */
    record AwaitHealthy(List<String> ids, Duration atMost) implements InstanceCommand<Done> {
        /** Copies the ids. */
        public AwaitHealthy {
            ids = List.copyOf(ids);
        }

        @Override
        public Duration deadline() {
            return atMost.plusSeconds(5);
        }
    }

    /** Starts the instances of a service that do not run. */
    record Start(ServiceName service) implements InstanceCommand<Done> {}

    /** Stops the instances of a service; answers when that has begun. */
    record Stop(ServiceName service, String reason) implements InstanceCommand<Done> {}

    /** Stops and starts these instances; answers when that has begun. Those that are unknown or halted are passed over. */
    record Restart(List<String> ids, String reason) implements InstanceCommand<Done> {
        /** Copies the ids. */
        public Restart {
            ids = List.copyOf(ids);
        }
    }

    /** Stops instances for a while: they stay recorded, to be resumed or started by the next Argus. Answers when they are stopped. */
    record Halt(List<String> ids, String reason) implements InstanceCommand<Done> {
        /** Copies the ids. */
        public Halt {
            ids = List.copyOf(ids);
        }

        @Override
        public Duration deadline() {
            return Duration.ofSeconds(90);
        }
    }

    /** Starts halted instances again. */
    record Resume(List<String> ids) implements InstanceCommand<Done> {
        /** Copies the ids. */
        public Resume {
            ids = List.copyOf(ids);
        }
    }

    /**
     * Answers with one sentence as soon as one of these instances crashes or turns unhealthy, and with an empty one when that has not happened
     * after {@code during}.
     */
    record AwaitTrouble(List<String> ids, Duration during) implements InstanceCommand<String> {
        /** Copies the ids. */
        public AwaitTrouble {
            ids = List.copyOf(ids);
        }

        @Override
        public Duration deadline() {
            return during.plusSeconds(10);
        }
    }

    /** Answers when the instances of a service cannot be started any more with an environment that it had before. */
    record SettleEnvironment(ServiceName service) implements InstanceCommand<Done> {}

    /** The instances, of one service when it is given, by id. */
    record ListInstances(@Nullable String service) implements InstanceCommand<List<Instance>> {}

    /** What is about to become of the instances of a service, by id. */
    record Outlooks(String service) implements InstanceCommand<List<Outlook>> {}

    /** What the processes of the instances use now. */
    record Usages(@Nullable String service) implements InstanceCommand<List<ProcessCommand.Usage>> {}
}
