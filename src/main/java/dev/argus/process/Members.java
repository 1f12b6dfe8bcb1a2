package dev.argus.process;

import java.util.List;
import java.util.Optional;

/** The processes of one instance, asked for singly; for many instances at once read a {@link ProcessTable}. */
public final class Members {
    private Members() {}

    /** See {@link ProcessTable#members}. Takes 2 to 20 ms on a usual machine. */
    public static List<ProcessIdentity> of(String instance, Optional<ProcessIdentity> leader) {
        return ProcessTable.shared().members(instance, leader);
    }

    /**
     * Whether nobody is left in the leader's process group but the leader itself, which may be a shim that waits. About a microsecond when the
     * leader is gone too, else some milliseconds: on the way to a quick restart rather ask {@link PortAllocator#isFree} whether anything is in
     * the way, and stop what was left behind afterwards ({@link Stopper#stopLeftovers}). Says nothing of processes that moved to a session of
     * their own.
     */
    public static boolean groupIsEmpty(ProcessIdentity leader) {
        return !leader.bootId().equals(ProcessIdentity.currentBoot())
                || Libc.kill(-leader.pid(), 0) == -Libc.ESRCH
                || ProcessTable.read().groupIsEmpty(leader);
    }
}
