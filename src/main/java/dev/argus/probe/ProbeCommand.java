package dev.argus.probe;

import dev.argus.bus.Command;
import dev.argus.bus.Done;
import dev.argus.service.ProbeSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of the {@link ProbeVerticle}. */
public sealed interface ProbeCommand<R> extends Command<R> {
    /** The address of the {@link ProbeVerticle}. */
    String ADDRESS = "argus.probe";

    @Override
    default String address() {
        return ADDRESS;
    }

    /**
     * Begins to probe an instance that was just started, from zero; what was known of an earlier start is forgotten.
     *
     * @param port where it is expected to listen
     */
    record Watch(String instance, int generation, @Nullable Integer port, ProbeSettings settings)
            implements ProbeCommand<Done> {}

    /** Probes an instance no more; answers with its last probes, oldest first. */
    record Unwatch(String instance) implements ProbeCommand<List<Probed>> {}
}
