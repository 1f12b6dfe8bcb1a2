package dev.argus.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Space and inodes of the disk that the data directory is on. */
final class DiskChecks {
    private static final String DISK = "disk";
    private static final String INODES = "inodes";
    private static final long LITTLE = 2L << 30;
    private static final long NONE_LEFT = 256L << 20;
    private static final long FEW_INODES = 50_000;
    private static final long NO_INODES_LEFT = 1_000;

    private DiskChecks() {}

    static List<Finding> of(Path directory, Programs programs) {
        Path there = existing(directory);
        List<Finding> findings = new ArrayList<>();
        try {
            FileStore disk = Files.getFileStore(there);
            findings.add(space(there, disk.getUsableSpace(), disk.getTotalSpace()));
            if (disk.isReadOnly()) {
                findings.add(Finding.problem(
                        DISK, "The disk of " + there + " is read-only, so nothing can be kept; look why in dmesg."));
            }
        } catch (IOException e) {
            findings.add(Finding.problem(DISK, "The disk of " + there + " cannot be measured (" + e + ")."));
        }
        programs.ask("df", "--output=itotal,iavail", "--", there.toString())
                .ifPresent(table -> inodes(there, table).ifPresent(findings::add));
        return findings;
    }

    private static Path existing(Path directory) {
        Path there = directory;
        while (Files.notExists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    static Finding space(Path there, long free, long total) {
        String figures = size(free) + " of " + size(total) + " are free on the disk of " + there;
        if (free < NONE_LEFT) {
            return Finding.problem(
                    DISK, figures + ", too little to deploy; make room, or undeploy services that are not needed.");
        }
        return free < LITTLE
                ? Finding.warning(
                        DISK,
                        figures
                                + ", soon too little to deploy; make room, or keep fewer releases (deploy.keepReleases).")
                : Finding.ok(DISK, figures + ".");
    }

    private static String size(long bytes) {
        return bytes >= 1L << 30
                ? String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30))
                : (bytes >> 20) + " MiB";
    }

    /** From the two lines of {@code df --output=itotal,iavail}; a file system without a fixed number says 0 or a dash. */
    static Optional<Finding> inodes(Path there, String table) {
        String[] figures = table.substring(table.lastIndexOf('\n') + 1).strip().split("\\s+", -1);
        if (figures.length != 2 || !figures[0].matches("[1-9][0-9]*") || !figures[1].matches("[0-9]+")) {
            return Optional.empty();
        }
        long free = Long.parseLong(figures[1]);
        String said = free + " of " + figures[0] + " inodes are free on the disk of " + there;
        if (free < NO_INODES_LEFT) {
            return Optional.of(Finding.problem(
                    INODES, said + ", too few to deploy; remove many small files, such as caches of builds."));
        }
        return Optional.of(
                free < FEW_INODES
                        ? Finding.warning(
                                INODES,
                                said + ", few for builds with many files; remove many small files, such as caches.")
                        : Finding.ok(INODES, said + "."));
    }
}
