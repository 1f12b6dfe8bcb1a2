package dev.argus.store;

import dev.argus.bus.Command;
import java.util.List;

/** What features ask of the store. */
public sealed interface StoreCommand<R> extends Command<R> {
    /** The address of the {@link StoreVerticle}. */
    String ADDRESS = "argus.store";

    @Override
    default String address() {
        return ADDRESS;
    }

    /** Does all of {@code statements} in one transaction or none of them; answers with the number of changed rows. */
    record Write(List<Statement> statements) implements StoreCommand<Integer> {
        /** Copies the list. */
        public Write {
            statements = List.copyOf(statements);
        }

        /** A transaction of the given statements. */
        public static Write of(Statement... statements) {
            return new Write(List.of(statements));
        }
    }

    /** Answers with the rows that {@code query} finds. */
    record Read(Statement query) implements StoreCommand<List<Row>> {}

    /** Answers with a number that changes whenever another process has written to the file, as the command line does. */
    record ForeignChanges() implements StoreCommand<Long> {}
}
