package dev.argus.api;

import dev.argus.process.InstanceLog;
import dev.argus.process.LogFollower;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The logs of all instances of a service as one; blocks, for one reader at a time. */
final class ServiceLog {
    private static final String ENDING = ".log";
    private static final String BUILD = "build-";

    private final Path directory;
    private final Map<String, LogFollower> followers = new LinkedHashMap<>();

    /** A line and the instance that wrote it. */
    record Line(String instance, String text) {}

    ServiceLog(Path directory) {
        this.directory = directory;
    }

    /** The last lines; those of the instance that wrote last come last. {@link #poll} goes on from there. */
    List<Line> tail(int lines) throws IOException {
        List<Line> all = new ArrayList<>();
        for (String instance : instances()) {
            var log = new InstanceLog(directory, instance);
            followers.put(instance, log.followFromEnd());
            if (lines > 0) {
                log.tail(lines).forEach(text -> all.add(new Line(instance, text)));
            }
        }
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }

    /** What was written since the last call, also by instances that are new. */
    List<Line> poll() throws IOException {
        List<Line> fresh = new ArrayList<>();
        for (String instance : instances()) {
            LogFollower follower = followers.get(instance);
            if (follower == null) {
                follower = new InstanceLog(directory, instance).follow(0);
                followers.put(instance, follower);
            }
            for (String text : follower.poll()) {
                fresh.add(new Line(instance, text));
            }
        }
        return fresh;
    }

    private List<String> instances() throws IOException {
        if (Files.notExists(directory)) {
            return List.of();
        }
        record Found(String instance, FileTime written) {}
        List<Found> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(ENDING)
                        && !name.startsWith(BUILD)
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(new Found(
                            name.substring(0, name.length() - ENDING.length()), Files.getLastModifiedTime(file)));
                }
            }
        }
        found.sort(Comparator.comparing(Found::written));
        return found.stream().map(Found::instance).toList();
    }
}
