package dev.argus.deploy.git;

import java.time.Instant;

/**
 * One commit.
 *
 * @param commit its full id, 40 hexadecimal digits
 * @param ref by which name it was found, for people: {@code main}, {@code v1.2}, or the commit itself
 * @param subject the first line of its message, at most 200 characters, no control characters
 * @param authoredAt when it was written, says its author
 */
public record Revision(String commit, String ref, String subject, Instant authoredAt) {
    /** The first 7 digits. */
    public String shortCommit() {
        return commit.substring(0, 7);
    }
}
