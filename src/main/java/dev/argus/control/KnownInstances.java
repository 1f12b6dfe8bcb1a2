package dev.argus.control;

import dev.argus.process.InstanceLog;
import dev.argus.process.RunDirectory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The instances of which anything was asked, and where their files are. Thread-safe. */
final class KnownInstances {
    private final Layout layout;
    private final Map<String, String> services = new ConcurrentHashMap<>();

    KnownInstances(Layout layout) {
        this.layout = layout;
    }

    void add(String instance, String service) {
        services.put(instance, service);
    }

    void remove(String instance) {
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

    void forEachLog(BiConsumer<String, InstanceLog> action) {
        services.forEach((instance, service) -> action.accept(instance, layout.log(service, instance)));
    }
}
