package dev.argus.instance;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One supervised set of processes of a release, as everybody else sees it.
 *
 * @param pid the service's own process; null when there is none now
 * @param port where it listens, or is expected to; null when that is not known yet
 * @param restarts how often it was started again, over the life of the instance
 * @param failed whether it has been called failed by the restart policy
 * @param wanted whether it is to run
 * @param reason why it is as it is, one sentence; empty when there is nothing to say
 * @param probeNote what is special about its probes, such as that only the open port counts; empty when nothing is
 * @param portOfItsOwn whether it listens on a port of its own choice instead of the one it was given, so that no second copy can run
 * @param hosts under which its release is to be reached
 */
public record Instance(
        String id,
        String service,
        int release,
        InstanceState state,
        Health health,
        @Nullable Long pid,
        @Nullable Integer port,
        int restarts,
        @Nullable Instant startedAt,
        boolean failed,
        boolean wanted,
        String reason,
        String probeNote,
        boolean portOfItsOwn,
        List<String> hosts) {
    /** Copies the hosts. */
    public Instance {
        hosts = List.copyOf(hosts);
    }
}
