package dev.argus.process;

import java.util.List;
import java.util.Optional;

/** The processes of one instance, asked for singly; for many instances at once read a {@link ProcessTable}. */
public final class Members {
    private Members() {}

    /** See {@link ProcessTable#members}. Takes 2 to 20 ms on a usual machine. */
    public static List<ProcessIdentity> of(String instance, Optional<ProcessIdentity> leader) {
        return ProcessTable.read().members(instance, leader);
    }

    /**
     * Whether the leader's process group has nobody left, in about a microsecond: a quick "nothing of the last launch is in the way" before a
     * restart. Says nothing of processes that moved to a session of their own, and counts zombies.
     */
    public static boolean groupIsEmpty(ProcessIdentity leader) {
        return !leader.bootId().equals(ProcessIdentity.currentBoot()) || Libc.kill(-leader.pid(), 0) == -Libc.ESRCH;
    }
}
