package dev.argus.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The control group of one instance: whatever its processes do, their children are born in it. Blocks for some milliseconds at most. */
record ControlGroup(Path directory) {
    private static final String PREFIX = "argus-";
    private static final String PROCESSES = "cgroup.procs";

    /** That of an instance, made or not; empty on a machine without cgroup v2. */
    static Optional<ControlGroup> of(String instance) {
        return ControlGroupPlace.here()
                .map(place -> new ControlGroup(place.directory().resolve(PREFIX + instance)));
    }

    /** Where a process writes {@code 0} to join. */
    Path joinBy() {
        return directory.resolve(PROCESSES);
    }

    /**
     * Makes it and sets its limits.
     *
     * @param controllers those that it has
     */
    void make(ResourceLimits limits, Set<String> controllers) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, String> file : limits.files(controllers).entrySet()) {
            Path path = directory.resolve(file.getKey());
            // a kernel without swap has no file for it
            if (Files.exists(path)) {
                Files.writeString(path, file.getValue());
            }
        }
    }

    boolean exists() {
        return Files.exists(directory);
    }

    /** Its processes, those of the groups that were made below it left out; empty when it is gone. */
    List<Long> processes() {
        try {
            return ProcessStat.text(joinBy()).lines().map(Long::valueOf).toList();
        } catch (IOException _) {
            // gone, or never made: then nothing is in it
            return List.of();
        }
    }

    /** Moves a process in; one that has ended is passed over. */
    void take(long pid) throws IOException {
        try {
            Files.writeString(joinBy(), Long.toString(pid));
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            if (ProcessIdentity.of(pid).isPresent()) {
                throw e;
            }
        }
    }

    /** Kills all its processes at once, so that none can bear others meanwhile. Kernels before 5.14 cannot, which is ignored. */
    void kill() {
        try {
            Path file = directory.resolve("cgroup.kill");
            if (Files.exists(file)) {
                Files.writeString(file, "1");
            }
        } catch (IOException _) {
            // they are killed singly too, and who survives that is told
        }
    }

    /** Removes it. False while something is in it, be it the dead whom nobody has reaped yet. */
    boolean remove() {
        try {
            Files.deleteIfExists(directory);
            return true;
        } catch (IOException _) {
            // busy, which is what false says
            return false;
        }
    }
}
