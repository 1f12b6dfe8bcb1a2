package dev.argus.service;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a deploy request or a manifest says of a service; null or empty where it says nothing.
 *
 * @param build how it is built, a command line as text (see {@link CommandLine#parse}); so are start and stop
 * @param port the port it listens on whatever Argus says, 1 to 65535
 * @param instances how many run at once, 1 to 64
 * @param env its environment; not in toString, since values may be secret
 * @param hosts host names under which it is reached, lower case, each perhaps with a path that alone is meant
 * @param data paths in the release, relative, that outlive releases
 * @param stopTimeout from SIGTERM to SIGKILL
 */
public record ServiceSpec(
        @Nullable String build,
        @Nullable String start,
        @Nullable String stop,
        @Nullable Integer port,
        @Nullable Integer instances,
        ProbeSpec isalive,
        Map<String, String> env,
        Resources resources,
        List<String> hosts,
        List<String> data,
        @Nullable Duration stopTimeout) {
    /** Nothing said. */
    public static final ServiceSpec NONE = new ServiceSpec(
            null, null, null, null, null, ProbeSpec.NONE, Map.of(), Resources.NONE, List.of(), List.of(), null);

    /** Copies the collections. */
    public ServiceSpec {
        env = Map.copyOf(env);
        hosts = List.copyOf(hosts);
        data = List.copyOf(data);
    }

    /** This, and where it says nothing {@code other}; environments are merged name by name. */
    public ServiceSpec orElse(ServiceSpec other) {
        return new ServiceSpec(
                build != null ? build : other.build,
                start != null ? start : other.start,
                stop != null ? stop : other.stop,
                port != null ? port : other.port,
                instances != null ? instances : other.instances,
                isalive.orElse(other.isalive),
                merged(other.env, env),
                resources.orElse(other.resources),
                hosts.isEmpty() ? other.hosts : hosts,
                data.isEmpty() ? other.data : data,
                stopTimeout != null ? stopTimeout : other.stopTimeout);
    }

    private static Map<String, String> merged(Map<String, String> below, Map<String, String> above) {
        var merged = new LinkedHashMap<>(below);
        merged.putAll(above);
        return merged;
    }

    /** The same with another environment. */
    public ServiceSpec withEnv(Map<String, String> otherEnv) {
        return new ServiceSpec(
                build, start, stop, port, instances, isalive, otherEnv, resources, hosts, data, stopTimeout);
    }

    /** The same with another number of instances. */
    public ServiceSpec withInstances(int number) {
        return new ServiceSpec(build, start, stop, port, number, isalive, env, resources, hosts, data, stopTimeout);
    }

    @Override
    public String toString() {
        return "ServiceSpec[build=" + build + ", start=" + start + ", port=" + port + ", instances=" + instances
                + ", env=" + env.keySet() + "]";
    }
}
