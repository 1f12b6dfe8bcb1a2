package dev.argus.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads from {@code /proc} what is asked for all the time, in tens of microseconds and without the library that knows everything. */
final class MachineFiles {
    private static final int COUNTED = 8;
    private static final int IDLE = 3;
    private static final int WAITING = 4;
    private static final long KIB = 1024;

    private MachineFiles() {}

    /** @throws IOException when the disk cannot be measured or {@code /proc} is not as Linux has it */
    static NodeSample sample(Path dataDirectory) throws IOException {
        FileStore disk = Files.getFileStore(dataDirectory);
        return parse(
                text("stat"),
                text("meminfo"),
                text("loadavg"),
                Math.max(0, disk.getTotalSpace() - disk.getUsableSpace()));
    }

    private static String text(String file) throws IOException {
        return new String(Files.readAllBytes(Path.of("/proc", file)), StandardCharsets.US_ASCII);
    }

    /** The sample that these files of {@code /proc} make. */
    static NodeSample parse(String stat, String meminfo, String loadavg, long diskUsed) throws IOException {
        try {
            long[] ticks = Arrays.stream(stat.lines()
                            .findFirst()
                            .orElse("")
                            .replaceFirst("^cpu +", "")
                            .split(" +", -1))
                    // the time of guests is in that of user already
                    .limit(COUNTED)
                    .mapToLong(Long::parseLong)
                    .toArray();
            long all = Arrays.stream(ticks).sum();
            return new NodeSample(
                    all - ticks[IDLE] - ticks[WAITING],
                    all,
                    kibibytes(meminfo, "MemTotal:") - kibibytes(meminfo, "MemAvailable:"),
                    diskUsed,
                    Double.parseDouble(loadavg.split(" ", 2)[0]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("the files of /proc about the machine are not as Linux has them", e);
        }
    }

    private static long kibibytes(String meminfo, String name) throws IOException {
        return meminfo.lines()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> line.substring(name.length()).replace("kB", "").strip())
                .map(number -> KIB * Long.parseLong(number))
                .orElseThrow(() -> new IOException("/proc/meminfo says nothing of " + name));
    }
}
