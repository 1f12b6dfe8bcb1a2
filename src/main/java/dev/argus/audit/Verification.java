package dev.argus.audit;

import org.jspecify.annotations.Nullable;

/**
 * Whether the chain is whole.
 *
 * @param records how many were looked at and found good
 * @param first number of the oldest that is kept
 * @param last number of the newest that is good
 * @param head hash of that one: kept elsewhere, it proves later that nothing up to it was changed
 * @param unchained how many are older than the chain
 * @param finding the first thing that is wrong, a sentence; null when nothing is
 */
public record Verification(
        long records,
        long first,
        long last,
        String head,
        long unchained,
        @Nullable String finding) {
    /** Whether nothing is wrong. */
    public boolean whole() {
        return finding == null;
    }
}
