package dev.argus.control;

import dev.argus.process.LogWatch;
import dev.argus.process.RunDirectory;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The instances of which anything was asked, and where their files are; their logs are watched. Thread-safe. */
final class KnownInstances {
    private final Layout layout;
    private final LogWatch logs;
    private final Map<String, String> services = new ConcurrentHashMap<>();

    KnownInstances(Layout layout, LogWatch logs) {
        this.layout = layout;
        this.logs = logs;
    }

    void add(String instance, String service) {
        if (services.put(instance, service) == null) {
            RunDirectory run = layout.run(service, instance);
            logs.add(instance, layout.log(service, instance), run::shim);
        }
    }

    void remove(String instance) {
        logs.remove(instance);
        services.remove(instance);
    }

    /** Its records; null when nothing was ever asked of it, or it is gone for good. */
    @Nullable
    RunDirectory find(String instance) {
        String service = services.get(instance);
        return service == null ? null : layout.run(service, instance);
    }

    /** @throws IllegalStateException when nothing was ever asked of it */
    RunDirectory get(String instance) {
        RunDirectory run = find(instance);
        if (run == null) {
            throw new IllegalStateException("nothing was ever asked of the instance " + instance);
        }
        return run;
    }

    /** How long its log is now, in bytes; negative where that is not known. Quick enough for the thread of the exit watcher. */
    long logLength(String instance) {
        String service = services.get(instance);
        if (service == null) {
            return -1;
        }
        try {
            return layout.log(service, instance).size();
        } catch (IOException _) {
            // no log that could be read: then nothing is known of its length
            return -1;
        }
    }
}
