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

    /**
     * How long the answers of an instance took.
     *
     * @param answers how many came as they should since it was started
     * @param nanos the time of all of them together
     */
    record AnswerTimes(String instance, long answers, long nanos) {}

    /** How long the answers of all instances took that are probed now. */
    record Times() implements ProbeCommand<List<AnswerTimes>> {}

    /** Probes an instance no more; answers with its last probes, oldest first. */
    record Unwatch(String instance) implements ProbeCommand<List<Probed>> {}
}
