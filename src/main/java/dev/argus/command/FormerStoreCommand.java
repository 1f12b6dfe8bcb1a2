package dev.argus.command;

import dev.argus.audit.AuditRecords;
import dev.argus.audit.KeptAudit;
import dev.argus.store.DataDirectory;
import dev.argus.store.FormerStore;
import dev.argus.store.Row;
import dev.argus.store.Statement;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Undoes the migration of the store, for an upgrade that is given up: the Argus before refuses a store that is newer than it. */
@Command(
        name = "former-store",
        mixinStandardHelpOptions = true,
        description =
                "Puts the store back that was kept before a migration, for an older Argus, and says what is lost by it.")
public final class FormerStoreCommand implements Runnable {
    private static final int MOST_TOLD = 200;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--since",
            required = true,
            paramLabel = "SECONDS",
            description =
                    "When the upgrade began, in seconds since 1970; without a migration since then nothing is done.")
    private long since;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        var out = spec.commandLine().getOut();
        try (var directory = DataDirectory.lock(options.load().dataDirectory())) {
            Optional<FormerStore> kept = FormerStore.keptSince(directory.path(), Instant.ofEpochSecond(since));
            if (kept.isEmpty()) {
                out.println("The store was not migrated since then, so it stays as it is and nothing is lost.");
                return;
            }
            List<KeptAudit> lost = lost(directory.path(), kept.get());
            Path migrated = kept.get().putBack();
            out.println("The store is again as it was before it was migrated, of schema "
                    + kept.get().schema() + "; the migrated one is kept as " + migrated + ".");
            tell(out, lost);
        }
    }

    /** What was done since the copy was made, the newest first: every act has its record in the same transaction, or before it is answered. */
    private static List<KeptAudit> lost(Path directory, FormerStore former) {
        List<Row> newest = former.read(Statement.of("SELECT ifnull(max(sequence), 0) AS newest FROM audit"));
        long last = newest.getFirst().number("newest");
        try (var office = new Office(directory)) {
            return office.read(AuditRecords.newest(null, MOST_TOLD)).stream()
                    .map(AuditRecords::record)
                    .takeWhile(record -> record.sequence() > last)
                    .toList();
        }
    }

    private static void tell(PrintWriter out, List<KeptAudit> lost) {
        if (lost.isEmpty()) {
            out.println("Nothing was done meanwhile, so nothing is lost.");
            return;
        }
        out.println("Lost is what was done meanwhile; do it again where it counts"
                + (lost.size() < MOST_TOLD ? ":" : ", here the newest " + MOST_TOLD + ":"));
        lost.forEach(record -> out.println("  " + AuditCommands.line(record)));
    }
}
