package dev.argus.node;

/**
 * What the machine has and has free. Sizes in bytes.
 *
 * @param node name of the machine
 * @param load1 processes that ran or wanted to run, on average over the last minute
 * @param cpuFree cores that nobody used over the last sample
 * @param memoryAvailable what can be used without swapping
 * @param diskTotal of the file system with the data directory
 * @param diskAvailable what the user of Argus may still write there
 */
public record NodeStats(
        String node,
        int cpus,
        double load1,
        double cpuFree,
        long memoryTotal,
        long memoryAvailable,
        long diskTotal,
        long diskAvailable) {}
