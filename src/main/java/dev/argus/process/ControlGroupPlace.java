package dev.argus.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the control groups (cgroup v2) of this Argus and its instances are, as the kernel tells it. Only looks.
 *
 * @param directory the group below which they are: the one that Argus was started in
 * @param path the same, as the kernel names it
 * @param top whether it is the uppermost one that can be seen from here, as in a container or on a machine without systemd
 */
record ControlGroupPlace(Path directory, String path, boolean top) {
    /** The group into which Argus itself moves, since one with controllers for those below it may have no processes. */
    static final String OWN = "argus-server";

    private static final String UNIFIED = "0::";
    private static final String FILE_SYSTEM = "cgroup2";

    /** The place of this process; looked for once, since nothing of it changes while Argus runs but for the move that Argus makes. */
    static Optional<ControlGroupPlace> here() {
        return Here.PLACE;
    }

    private static final class Here {
        static final Optional<ControlGroupPlace> PLACE = look();

        private static Optional<ControlGroupPlace> look() {
            try {
                return find(
                        ProcessStat.text(Path.of("/proc/self/cgroup")),
                        ProcessStat.text(Path.of("/proc/self/mountinfo")));
            } catch (IOException _) {
                // a kernel without control groups
                return Optional.empty();
            }
        }
    }

    /**
     * Reads what the kernel says.
     *
     * @param own {@code /proc/self/cgroup}
     * @param mounts {@code /proc/self/mountinfo}
     */
    static Optional<ControlGroupPlace> find(String own, String mounts) {
        Optional<String> path = own.lines()
                .filter(line -> line.startsWith(UNIFIED))
                .map(line -> line.substring(UNIFIED.length()))
                .map(ControlGroupPlace::withoutOwn)
                .findFirst();
        return path.flatMap(group ->
                mounts.lines().flatMap(line -> at(line, group).stream()).findFirst());
    }

    private static String withoutOwn(String path) {
        if (!path.endsWith("/" + OWN)) {
            return path;
        }
        String parent = path.substring(0, path.length() - OWN.length() - 1);
        return parent.isEmpty() ? "/" : parent;
    }

    /** A line of mountinfo: id, parent, device, root, mount point, options…, {@code -}, type, source, options. */
    private static Optional<ControlGroupPlace> at(String mount, String group) {
        int type = mount.indexOf(" - ");
        String[] words = mount.split(" ", -1);
        if (type < 0 || words.length < 5 || !mount.startsWith(FILE_SYSTEM + " ", type + 3)) {
            return Optional.empty();
        }
        String root = words[3].equals("/") ? "" : words[3];
        if (!group.equals(words[3]) && !group.startsWith(root + "/")) {
            // outside of what is mounted here
            return Optional.empty();
        }
        Path point = Path.of(unescaped(words[4]));
        String below = group.substring(Math.min(root.length() + 1, group.length()));
        return below.startsWith("..")
                ? Optional.empty()
                : Optional.of(new ControlGroupPlace(point.resolve(below), group, below.isEmpty()));
    }

    private static String unescaped(String path) {
        return path.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }

    /** The controllers that cgroup v1 keeps to itself, by {@code /proc/self/cgroup}: lines such as {@code 4:memory:/}. */
    static Set<String> controllersOfVersionOne(String own) {
        var found = new TreeSet<String>();
        own.lines()
                .map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3 && !parts[0].equals("0"))
                .forEach(parts -> found.addAll(Set.of(parts[1].split(",", -1))));
        found.retainAll(ResourceLimits.CONTROLLERS);
        return found;
    }

    /** Whether whoever made this group left it to Argus. */
    boolean isDelegated() {
        boolean writable = Files.isWritable(directory)
                && Files.isWritable(directory.resolve("cgroup.procs"))
                && Files.isWritable(directory.resolve("cgroup.subtree_control"));
        // the superuser may write everywhere, also where systemd does not expect it
        return writable && (top || !isSuperuser() || markedAsDelegated());
    }

    private static boolean isSuperuser() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            // then the mark decides
            return true;
        }
    }

    /** Whether this group may have controllers for those below it only while it has no processes itself; all but that of the whole machine. */
    boolean mustBeEmpty() {
        return Files.exists(directory.resolve("cgroup.type"));
    }

    /** The mark of systemd 251 and newer. */
    private boolean markedAsDelegated() {
        try {
            return Files.getAttribute(directory, "user:user.delegate") instanceof byte[] mark
                    && mark.length == 1
                    && mark[0] == '1';
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            // no such mark
            return false;
        }
    }
}
