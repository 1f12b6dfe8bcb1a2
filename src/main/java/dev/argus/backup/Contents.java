package dev.argus.backup;

import dev.argus.store.Row;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What of a data directory belongs into a backup: everything but what is made again (clones, caches), concerns processes that are not there on
 * another host, or is only told (logs). Of releases those that the store knows, which are finished and never change. Pure.
 *
 * @param releases as {@code SERVICE/NUMBER}
 */
record Contents(Set<String> releases) {
    private static final Set<String> LEFT_OUT_ABOVE =
            Set.of("argus.lock", "cache", "haproxy", ".cache", Restore.UNFINISHED);
    private static final Set<String> LEFT_OUT_OF_SERVICES = Set.of("repository.git", "logs", "run", "current.new");

    /** Copies the set. */
    Contents {
        releases = Set.copyOf(releases);
    }

    static Contents of(List<Row> releases) {
        Set<String> known = new HashSet<>();
        releases.forEach(row -> known.add(row.text("service") + "/" + row.number("number")));
        return new Contents(known);
    }

    /** Whether this, relative to the data directory, belongs to it. */
    boolean has(Path path) {
        String first = path.getName(0).toString();
        if (LEFT_OUT_ABOVE.contains(first) || (first.startsWith("argus") && first.contains(".db"))) {
            return false;
        }
        if (!first.equals("services") || path.getNameCount() < 3) {
            return true;
        }
        String part = path.getName(2).toString();
        if (LEFT_OUT_OF_SERVICES.contains(part)) {
            return false;
        }
        return !part.equals("releases")
                || path.getNameCount() < 4
                || releases.contains(path.getName(1) + "/" + path.getName(3));
    }
}
