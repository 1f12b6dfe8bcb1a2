package dev.argus.audit;

import dev.argus.bus.Command;
import dev.argus.bus.Done;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of the {@link AuditVerticle}. */
public sealed interface AuditCommand<R> extends Command<R> {
    /** The address of the {@link AuditVerticle}. */
    String ADDRESS = "argus.audit";

    @Override
    default String address() {
        return ADDRESS;
    }

    /** Adds a record; answered when it is on the disk. */
    record Add(AuditEntry entry) implements AuditCommand<Done> {}

    /** Fails while records cannot be written: then nothing more is to be done that ought to be recorded. */
    record RequireWritable() implements AuditCommand<Done> {}

    /** The newest records, newest first, or those before one of them. */
    record Newest(@Nullable Long before, int limit) implements AuditCommand<List<KeptAudit>> {}

    /** Follows the whole chain. */
    record Verify() implements AuditCommand<Verification> {
        @Override
        public Duration deadline() {
            return Duration.ofMinutes(1);
        }
    }
}
