package dev.argus.process;

/**
 * How much is kept of what an instance writes.
 *
 * @param fileBytes how large a file grows before it is rotated
 * @param files how many files there are, the current one included
 */
public record LogLimits(long fileBytes, int files) {
    /** Ten files of 10 MB. */
    public static final LogLimits DEFAULT = new LogLimits(10_000_000, 10);

    /** Checks them: a file at least, and room in it. */
    public LogLimits {
        if (fileBytes < 1 || files < 2) {
            throw new IllegalArgumentException("A log needs two files of at least a byte each.");
        }
    }
}
