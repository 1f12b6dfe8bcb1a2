package dev.argus.deploy;

import dev.argus.bus.Bus;
import dev.argus.bus.Command;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;

/** Asks verticles from a deployment's thread and waits for what they answer. */
final class Asking {
    private final Bus bus;
    private final Waits waits;
    private final Waits patience = new Waits(new CancelToken());

    Asking(Bus bus, Waits waits) {
        this.bus = bus;
        this.waits = waits;
    }

    /** Ends at once when the deployment is cancelled. */
    <R> R ask(Command<R> command) {
        return ask(command, waits);
    }

    /** Asks without letting a cancellation interfere. */
    <R> R patiently(Command<R> command) {
        return ask(command, patience);
    }

    private <R> R ask(Command<R> command, Waits how) {
        return how.await(
                bus.request(command).toCompletionStage().toCompletableFuture(),
                command.deadline().plusSeconds(1),
                command.getClass().getSimpleName());
    }

    void write(Statement statement) {
        ask(StoreCommand.Write.of(statement));
    }
}
