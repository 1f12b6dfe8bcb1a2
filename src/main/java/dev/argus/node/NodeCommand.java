package dev.argus.node;

import dev.argus.bus.Command;

/** What is asked of the {@link NodeVerticle}. */
public sealed interface NodeCommand<R> extends Command<R> {
    /** The address of the {@link NodeVerticle}. */
    String ADDRESS = "argus.node";

    @Override
    default String address() {
        return ADDRESS;
    }

    /** What the machine has and has free now. */
    record Stats() implements NodeCommand<NodeStats> {}

    /** What the machine uses now; costs little, and may be asked for all the time. */
    record Sample() implements NodeCommand<NodeSample> {}
}
