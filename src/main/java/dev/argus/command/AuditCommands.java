package dev.argus.command;

import dev.argus.audit.AuditEntry;
import dev.argus.audit.AuditRecords;
import dev.argus.audit.Chain;
import dev.argus.audit.KeptAudit;
import dev.argus.audit.Verification;
import dev.argus.bus.ArgusException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The audit, on the files of the host. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Shows who did what, and proves that nothing of it was changed.",
        subcommands = {AuditCommands.Verify.class, AuditCommands.ListAll.class})
public final class AuditCommands extends CommandGroup {
    /** Follows the chain of hashes. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Looks whether records were changed or taken out; status 1 when some were.")
    static final class Verify extends OfficeCommand {
        @Option(
                names = "--head",
                paramLabel = "NUMBER:HASH",
                description = "What an earlier verification printed and was kept elsewhere: must still be there.")
        private @Nullable String head;

        @Override
        int work(Office office, PrintWriter out) {
            requireHead(office);
            var chain = new Chain(office.read(AuditRecords.ends()).getFirst());
            boolean more = true;
            while (more) {
                more = chain.follow(office.read(AuditRecords.links(chain.position(), Chain.PAGE)));
            }
            Verification found = chain.verification();
            if (!found.whole()) {
                out.println("The audit is not whole: " + found.finding() + " Up to record " + found.last()
                        + " it is; compare it with a backup.");
                return 1;
            }
            out.println("The audit is whole: records " + found.first() + " to " + found.last()
                    + (found.unchained() > 0 ? ", of which " + found.unchained() + " are older than the chain" : "")
                    + ". Its head is " + found.last() + ":" + found.head()
                    + "; kept elsewhere, it proves with --head that nothing up to it is changed later.");
            return 0;
        }

        private void requireHead(Office office) {
            if (head == null) {
                return;
            }
            String[] parts = head.split(":", 2);
            if (parts.length != 2 || !parts[0].matches("[0-9]{1,18}")) {
                throw ArgusException.invalid("head", "The --head is NUMBER:HASH, as audit verify prints it.");
            }
            long number = Long.parseLong(parts[0]);
            boolean there = office.read(AuditRecords.newest(number + 1, 1)).stream()
                    .map(AuditRecords::record)
                    .anyMatch(record ->
                            record.sequence() == number && record.hash().equals(parts[1]));
            if (!there) {
                throw ArgusException.conflict(
                        "The audit has no record " + number
                                + " with that hash any more: it was changed, or so old that it was forgotten; compare it with a backup.");
            }
        }
    }

    /** Shows the newest records. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Shows who did what, newest first.")
    static final class ListAll extends OfficeCommand {
        @Option(names = "-n", paramLabel = "N", defaultValue = "100", description = "How many; ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        int work(Office office, PrintWriter out) {
            office.read(AuditRecords.newest(null, Math.max(1, limit))).stream()
                    .map(AuditRecords::record)
                    .forEach(record -> out.println(line(record)));
            return 0;
        }
    }

    /** One record on one line, whatever is in it. */
    static String line(KeptAudit record) {
        AuditEntry entry = record.entry();
        String text = record.sequence() + " " + entry.at() + " " + entry.actor() + " " + entry.action() + " "
                + (entry.service() == null ? "-" : entry.service()) + " " + entry.result() + " " + entry.detail()
                + (entry.address().isEmpty() ? "" : " from " + entry.address());
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
