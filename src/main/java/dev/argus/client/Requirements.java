package dev.argus.client;

/**
 * What a server must have free to be given a new service.
 *
 * @param memory bytes
 * @param disk bytes
 * @param cpus cores
 */
record Requirements(long memory, long disk, double cpus) {
    static final Requirements DEFAULT = new Requirements(256L << 20, 1L << 30, 0.1);

    /** The same with more memory, if that is more. */
    Requirements withMemory(long bytes) {
        return new Requirements(Math.max(memory, bytes), disk, cpus);
    }

    /**
     * What a server lacks, with figures: "memory (10.0 MiB free, 256.0 MiB needed)". Empty if it has enough.
     *
     * @param stats the answer of {@code getserverstats}
     */
    String lacking(Json stats) {
        StringBuilder lacking = new StringBuilder();
        long freeMemory = stats.number("memoryAvailable", 0);
        long freeDisk = stats.number("diskAvailable", 0);
        double freeCpus = stats.decimal("cpuFree", 0);
        if (freeMemory < memory) {
            add(lacking, "memory", Units.bytes(freeMemory), Units.bytes(memory));
        }
        if (freeDisk < disk) {
            add(lacking, "disk", Units.bytes(freeDisk), Units.bytes(disk));
        }
        if (freeCpus < cpus) {
            add(lacking, "CPU", cores(freeCpus), cores(cpus) + " cores");
        }
        return lacking.toString();
    }

    private static void add(StringBuilder lacking, String what, String free, String needed) {
        if (!lacking.isEmpty()) {
            lacking.append(", ");
        }
        lacking.append(what)
                .append(" (")
                .append(free)
                .append(" free, ")
                .append(needed)
                .append(" needed)");
    }

    private static String cores(double cores) {
        long hundredths = Math.round(cores * 100);
        return hundredths / 100 + "." + hundredths % 100 / 10 + hundredths % 10;
    }
}
