package dev.argus.process;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What all processes of an instance together may use. Pure.
 *
 * @param memoryBytes empty where there is no limit
 * @param cpus cores, may be a fraction
 * @param tasks processes and threads
 */
public record ResourceLimits(Optional<Long> memoryBytes, Optional<Double> cpus, Optional<Integer> tasks) {
    /** No limits. */
    public static final ResourceLimits NONE = new ResourceLimits(Optional.empty(), Optional.empty(), Optional.empty());

    private static final String MEMORY = "memory";
    private static final String CPU = "cpu";
    private static final String PIDS = "pids";
    /** The controllers of cgroup v2 that limits need. */
    static final Set<String> CONTROLLERS = Set.of(MEMORY, CPU, PIDS);

    private static final String NO_LIMIT = "max";
    private static final long PERIOD_MICROS = 100_000;
    private static final long SHORTEST_QUOTA_MICROS = 1_000;
    /** The shim is in the control group of its service, and is not the service's. */
    private static final int SHIM = 1;

    /**
     * What is written into which file of a control group that has these controllers; the limits that are not asked for are taken off. Memory is not
     * swapped out instead: a service beyond its limit is to end and start again, and not to crawl.
     */
    Map<String, String> files(Set<String> controllers) {
        var files = new LinkedHashMap<String, String>();
        if (controllers.contains(MEMORY)) {
            files.put("memory.max", memoryBytes.map(String::valueOf).orElse(NO_LIMIT));
            files.put("memory.swap.max", memoryBytes.isPresent() ? "0" : NO_LIMIT);
            files.put("memory.oom.group", memoryBytes.isPresent() ? "1" : "0");
        }
        if (controllers.contains(CPU)) {
            files.put("cpu.max", cpus.map(ResourceLimits::quota).orElse(NO_LIMIT) + " " + PERIOD_MICROS);
        }
        if (controllers.contains(PIDS)) {
            files.put("pids.max", tasks.map(most -> String.valueOf(most + SHIM)).orElse(NO_LIMIT));
        }
        return files;
    }

    private static String quota(double cores) {
        return String.valueOf(Math.max(SHORTEST_QUOTA_MICROS, Math.round(cores * PERIOD_MICROS)));
    }

    /** Those that are asked for, in words and by the controller they need. */
    Map<String, String> byController() {
        var asked = new LinkedHashMap<String, String>();
        memoryBytes.ifPresent(limit -> asked.put(MEMORY, "memory"));
        cpus.ifPresent(limit -> asked.put(CPU, "cpus"));
        tasks.ifPresent(limit -> asked.put(PIDS, "tasks"));
        return asked;
    }

    /** Those that are asked for and have no controller, for people: {@code memory and tasks}; empty when there are none. */
    String without(Set<String> controllers) {
        List<String> words = new ArrayList<>();
        byController().forEach((controller, word) -> {
            if (!controllers.contains(controller)) {
                words.add(word);
            }
        });
        return words.size() < 2
                ? String.join("", words)
                : String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.getLast();
    }
}
