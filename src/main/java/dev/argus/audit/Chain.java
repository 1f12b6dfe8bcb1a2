package dev.argus.audit;

import dev.argus.store.Row;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Follows the chain from its beginning and stops at the first record that does not fit. Given rows; pure but for what it has seen. */
public final class Chain {
    /** How many rows to give it at once. */
    public static final int PAGE = 2_000;

    private static final Pattern ANCHOR = Pattern.compile("([0-9]{1,18}):([0-9a-f]*)");

    private final long unchained;
    private final long newest;
    private final long first;
    private long sequence;
    private String hash;
    private long records;
    private @Nullable String finding;

    /** A chain with the ends of {@link AuditRecords#ends}. */
    public Chain(Row ends) {
        Matcher anchor = ANCHOR.matcher(Objects.requireNonNullElse(ends.optionalText("anchor"), ""));
        boolean readable = anchor.matches();
        sequence = readable ? Long.parseLong(anchor.group(1)) : 0;
        hash = readable ? anchor.group(2) : "";
        first = sequence + 1;
        Long before = ends.optionalNumber("unchained");
        unchained = before == null ? 0 : before;
        newest = ends.number("newest");
        if (!readable) {
            finding = "What is kept of where the audit begins was changed.";
        }
    }

    /** After which record the next rows are wanted. */
    public long position() {
        return sequence;
    }

    /** Takes in the next rows of {@link AuditRecords#links}; gives whether more are wanted. */
    public boolean follow(List<Row> rows) {
        for (Row row : rows) {
            finding = finding == null ? problem(row) : finding;
            if (finding != null) {
                return false;
            }
            sequence = row.number("sequence");
            hash = row.text("hash");
            records++;
        }
        return rows.size() == PAGE;
    }

    private @Nullable String problem(Row row) {
        long next = row.number("sequence");
        if (next != sequence + 1) {
            return next == sequence + 2
                    ? "Record " + (sequence + 1) + " is missing."
                    : "Records " + (sequence + 1) + " to " + (next - 1) + " are missing.";
        }
        if (next <= unchained) {
            return null;
        }
        if (!row.text("hash").equals(row.text("expected"))) {
            return "Record " + next + " was changed.";
        }
        return row.text("previous").equals(hash)
                ? null
                : "Record " + next + " does not follow the one before it: one of the two was replaced.";
    }

    /** What was found, when all rows were given. */
    public Verification verification() {
        String found = finding;
        if (found == null && sequence < newest) {
            found = "The newest " + (newest - sequence) + " records are missing.";
        }
        return new Verification(records, first, sequence, hash, Math.max(0, unchained - first + 1), found);
    }
}
