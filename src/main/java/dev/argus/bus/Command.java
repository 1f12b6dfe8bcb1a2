package dev.argus.bus;

import java.time.Duration;

/**
 * A request to the one verticle that owns a piece of state.
 *
 * @param <R> what the verticle answers with; immutable, because it is handed on without a copy
 */
public interface Command<R> extends Message {

    /** The bus address of the owner. */
    String address();

    /** How long the sender waits for the answer; every wait has an end. */
    default Duration deadline() {
        return Duration.ofSeconds(10);
    }
}
