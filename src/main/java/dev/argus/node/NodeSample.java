package dev.argus.node;

/**
 * What the machine uses at one moment. Sizes in bytes.
 *
 * @param busyTicks processor time that was used since boot, of all cores together
 * @param allTicks processor time that there was since boot
 * @param memoryUsed what cannot be used without swapping
 * @param diskUsed of the file system with the data directory, what the user of Argus cannot write on
 * @param load1 processes that ran or wanted to run, on average over the last minute
 */
public record NodeSample(long busyTicks, long allTicks, long memoryUsed, long diskUsed, double load1) {}
