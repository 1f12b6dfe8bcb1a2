package dev.argus.deploy;

import dev.argus.auth.Actor;
import dev.argus.bus.Command;
import dev.argus.bus.Done;
import dev.argus.deploy.git.RemoteRefs;
import dev.argus.service.RepositoryUrl;
import dev.argus.service.ServiceName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is asked of the {@link DeployVerticle}. */
public sealed interface DeployCommand<R> extends Command<R> {
    /** The address of the {@link DeployVerticle}. */
    String ADDRESS = "argus.deploy";

    @Override
    default String address() {
        return ADDRESS;
    }

    /** Whether there is room for one more deployment of that service now; {@code BUSY} when there is not. Changes nothing. */
    record Admit(ServiceName service) implements DeployCommand<Done> {}

    /** Takes on a deployment of what is configured; {@code BUSY} when the queue is full. */
    record Deploy(ServiceName service, Actor by) implements DeployCommand<Deployment> {}

    /** Takes on a build. */
    record Build(ServiceName service, Actor by) implements DeployCommand<Deployment> {}

    /** Takes on a rollback to a release; to the one before the live one when none is given. */
    record Rollback(ServiceName service, @Nullable Integer release, Actor by) implements DeployCommand<Deployment> {}

    /** Takes on a change of how many instances run, 1 to 64. */
    record Scale(ServiceName service, int instances, Actor by) implements DeployCommand<Deployment> {}

    /**
     * Restarts what runs of a service, one instance after the other where several serve; answers when that has begun. {@code CONFLICT} while
     * the restart before is still under way.
     */
    record Restart(ServiceName service, Actor by) implements DeployCommand<Done> {}

    /** Asks a deployment to end; answers with it as it is then. */
    record Cancel(String id, Actor by) implements DeployCommand<Deployment> {}

    /** Cancels what waits and runs of a service; answers when nothing of it does any more. */
    record CancelAll(ServiceName service, Actor by) implements DeployCommand<Done> {
        @Override
        public Duration deadline() {
            return Duration.ofMinutes(1);
        }
    }

    /** One deployment. */
    record Find(String id) implements DeployCommand<Deployment> {}

    /** The last lines of what the build of a deployment and its instances have written. */
    record ReadLog(String id, int lines) implements DeployCommand<List<LogLine>> {}

    /** The newest deployments, of these services alone when they are given. */
    record ListDeployments(@Nullable Set<String> services, int limit) implements DeployCommand<List<Deployment>> {
        /** Copies the services. */
        public ListDeployments {
            services = services == null ? null : Set.copyOf(services);
        }
    }

    /** The newest deployment of every service that had one since it was made. */
    record Newest() implements DeployCommand<Map<String, Deployment>> {}

    /** All releases that are kept, by service and number. */
    record AllReleases() implements DeployCommand<Map<String, Map<Integer, Release>>> {}

    /** The releases that are kept, newest first. */
    record ListReleases(ServiceName service) implements DeployCommand<List<Release>> {}

    /**
     * The branches and tags that a repository has now; {@code INVALID} in the field {@code repository} when it does not tell them, {@code BUSY} when too
     * many ask.
     *
     * @param service whose credentials are used when they are for that repository and it comes without any; null for none
     */
    record ListRefs(RepositoryUrl repository, @Nullable ServiceName service) implements DeployCommand<RemoteRefs> {
        @Override
        public Duration deadline() {
            return Duration.ofSeconds(30);
        }
    }

    /** The numbers of the releases that need not be kept. */
    record Prunable(ServiceName service) implements DeployCommand<List<Integer>> {}

    /** Removes a service: cancels, stops, deletes. Answers when it is done. */
    record Undeploy(ServiceName service, boolean keepData, Actor by) implements DeployCommand<Done> {
        @Override
        public Duration deadline() {
            return Duration.ofMinutes(2);
        }
    }
}
