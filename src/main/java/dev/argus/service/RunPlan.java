package dev.argus.service;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a release is built and run, with every question answered.
 *
 * @param kind one word for where the start came from: {@code request manifest procfile script go}
 * @param build the commands that build it, in order; empty where nothing is to be built
 * @param start starts one instance; {@code {port}} stands for its port
 * @param alternativeStarts other ways to start it, to be tried in order when an instance started with the one before ends by
 *     itself before it listens; empty where a person said how to start
 * @param detaches whether {@code start} puts the service into the background and returns
 * @param stop asks a running instance to stop, or null for SIGTERM alone
 * @param port the port it listens on whatever Argus says, or null
 * @param origins for every field in words where its value came from, such as {@code argus.json} or {@code default}
 */
public record RunPlan(
        String kind,
        List<CommandLine> build,
        CommandLine start,
        List<CommandLine> alternativeStarts,
        boolean detaches,
        @Nullable CommandLine stop,
        @Nullable Integer port,
        int instances,
        ProbeSettings probe,
        Map<String, String> env,
        Resources resources,
        List<String> hosts,
        List<String> data,
        Duration stopTimeout,
        Map<String, String> origins) {
    /** The time from SIGTERM to SIGKILL where nothing is said. */
    public static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(10);

    /** Copies the collections. */
    public RunPlan {
        build = List.copyOf(build);
        alternativeStarts = List.copyOf(alternativeStarts);
        env = Map.copyOf(env);
        hosts = List.copyOf(hosts);
        data = List.copyOf(data);
        origins = Map.copyOf(origins);
    }

    /** This plan with at most that time from SIGTERM to SIGKILL. */
    public RunPlan stoppingWithin(Duration limit) {
        return limit.compareTo(stopTimeout) >= 0
                ? this
                : new RunPlan(
                        kind,
                        build,
                        start,
                        alternativeStarts,
                        detaches,
                        stop,
                        port,
                        instances,
                        probe,
                        env,
                        resources,
                        hosts,
                        data,
                        limit,
                        origins);
    }

    @Override
    public String toString() {
        return "RunPlan[kind=" + kind + ", build=" + build + ", start=" + start + ", env=" + env.keySet() + "]";
    }
}
