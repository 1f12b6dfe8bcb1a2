package dev.argus.api;

import dev.argus.process.InstanceLog;
import dev.argus.process.LogFollower;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The logs of all instances of a service as one; blocks, for one reader at a time. */
final class ServiceLog {
    private static final String ENDING = ".log";
    private static final List<String> NOT_OF_INSTANCES = List.of("build-", "failed-");

    /** About the most lines of one {@link #poll}. */
    private static final int LINES_AT_ONCE = 4_096;

    private static final long SURELY_LATER_MILLIS = 1_000;

    private final Path directory;
    private final Map<String, LogFollower> followers = new LinkedHashMap<>();
    private List<String> instances = List.of();
    private long listedAt;
    private boolean wasThere;
    private boolean begun;
    private int turn;

    /** A line and the instance that wrote it. */
    record Line(String instance, String text) {}

    /**
     * Some lines.
     *
     * @param cut whether there were older ones that were asked for and are too many
     */
    record Excerpt(List<Line> lines, boolean cut) {
        Excerpt {
            lines = List.copyOf(lines);
        }
    }

    /**
     * What is new.
     *
     * @param full whether there is probably more
     * @param gone whether the service is no more
     * @param position from where a later {@link #resume} goes on
     */
    record Batch(List<Line> lines, boolean full, boolean gone, String position) {
        Batch {
            lines = List.copyOf(lines);
        }
    }

    private interface Look {
        InstanceLog.Excerpt at(String instance) throws IOException;
    }

    ServiceLog(Path directory) {
        this.directory = directory;
    }

    /** The last lines; those of the instance that wrote last come last. */
    Excerpt tail(int lines, @Nullable Instant since) throws IOException {
        return collected(instances(), lines, instance -> log(instance).tail(lines, since));
    }

    /** Begins to follow, if nobody has yet, and gives the lines before those that {@link #poll} will give. */
    Excerpt tailBefore(int lines, @Nullable Instant since) throws IOException {
        begin();
        return collected(
                List.copyOf(followers.keySet()),
                lines,
                instance -> log(instance).tailBefore(follower(instance), lines, since));
    }

    /** As {@link #tailBefore}, with all that came after a position. */
    Excerpt resume(String position) throws IOException {
        begin();
        Map<String, Long> positions = positions(position);
        return collected(
                List.copyOf(followers.keySet()),
                InstanceLog.MOST_LINES,
                instance ->
                        log(instance).between(positions.getOrDefault(instance, Long.MIN_VALUE), follower(instance)));
    }

    private void begin() throws IOException {
        if (!begun) {
            begun = true;
            for (String instance : instances()) {
                followers.put(instance, log(instance).followFromEnd());
            }
        }
    }

    private static Excerpt collected(List<String> instances, int lines, Look look) throws IOException {
        List<Line> all = new ArrayList<>();
        boolean cut = false;
        for (String instance : instances) {
            InstanceLog.Excerpt part = look.at(instance);
            part.lines().forEach(text -> all.add(new Line(instance, text)));
            cut |= part.cut();
        }
        int tooMany = Math.max(0, all.size() - lines);
        return new Excerpt(all.subList(tooMany, all.size()), cut || tooMany > 0);
    }

    /** What was written since the last call, also by instances that are new. */
    Batch poll() throws IOException {
        begin();
        List<String> all = instances();
        followers.keySet().retainAll(all);
        List<Line> fresh = new ArrayList<>();
        boolean full = false;
        for (int i = 0; i < all.size() && !full; i++) {
            // who writes most does not silence the others
            String instance = all.get((turn + i) % all.size());
            full = poll(instance, fresh) || fresh.size() > LINES_AT_ONCE;
        }
        turn++;
        return new Batch(fresh, full, all.isEmpty() && wasThere && Files.notExists(directory), position());
    }

    private boolean poll(String instance, List<Line> fresh) throws IOException {
        LogFollower follower = followers.get(instance);
        if (follower == null) {
            follower = log(instance).followFromStart();
            followers.put(instance, follower);
        }
        LogFollower.Piece piece = follower.poll();
        if (piece.missed() > 0) {
            fresh.add(new Line(
                    instance,
                    "[argus: " + piece.missed() + " bytes are left out here: they came faster than they were read]"));
        }
        piece.lines().forEach(text -> fresh.add(new Line(instance, text)));
        return piece.full();
    }

    private InstanceLog log(String instance) {
        return new InstanceLog(directory, instance);
    }

    private LogFollower follower(String instance) {
        LogFollower follower = followers.get(instance);
        if (follower == null) {
            throw new IllegalStateException("nobody follows " + instance);
        }
        return follower;
    }

    /** Where all followers are: {@code INSTANCE:OFFSET}, with commas between. */
    String position() {
        List<String> parts = new ArrayList<>();
        followers.forEach((instance, follower) -> parts.add(instance + ":" + follower.position()));
        return String.join(",", parts);
    }

    /** What {@link #position} gave; leaves out what it never gives. */
    private static Map<String, Long> positions(String position) {
        Map<String, Long> positions = new LinkedHashMap<>();
        for (String part : position.split(",", -1)) {
            int colon = part.indexOf(':');
            try {
                positions.put(part.substring(0, Math.max(0, colon)), Long.valueOf(part.substring(colon + 1)));
            } catch (NumberFormatException notOurs) {
                // as if the instance were new: what is kept of it is given
            }
        }
        return positions;
    }

    /** In the order in which they wrote last. */
    private List<String> instances() throws IOException {
        FileTime changed;
        try {
            changed = Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            listedAt = 0;
            instances = List.of();
            return instances;
        }
        wasThere = true;
        // nobody reads a directory five times a second in which nothing was made or removed
        if (listedAt == 0 || changed.toMillis() + SURELY_LATER_MILLIS >= listedAt) {
            listedAt = System.currentTimeMillis();
            instances = listed();
        }
        return instances;
    }

    private List<String> listed() throws IOException {
        record Found(String instance, FileTime written) {}
        List<Found> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(ENDING)
                        && NOT_OF_INSTANCES.stream().noneMatch(name::startsWith)
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(new Found(
                            name.substring(0, name.length() - ENDING.length()), Files.getLastModifiedTime(file)));
                }
            }
        } catch (NoSuchFileException e) {
            // removed in between
            return List.of();
        }
        found.sort(Comparator.comparing(Found::written));
        return found.stream().map(Found::instance).toList();
    }
}
