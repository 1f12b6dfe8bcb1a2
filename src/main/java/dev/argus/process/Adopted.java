package dev.argus.process;

import java.util.Optional;

/** What a later Argus finds of an instance that an earlier one launched. */
public sealed interface Adopted {

    /**
     * It still runs: the identities were compared. At least one of the two is present.
     *
     * @param shim empty when it died; then the exit will be {@link Exit.Unknown}
     * @param service empty in the moment before the shim has started it
     */
    record Running(RunDirectory run, Optional<ProcessIdentity> shim, Optional<ProcessIdentity> service)
            implements Adopted {}

    /** It ended, and the shim recorded how. Processes that it put into the background may still live: ask {@link Members}. */
    record Exited(Exit exit) implements Adopted {}

    /** Nothing of it is left and nobody recorded its end: power loss, reboot, or the whole group was killed. */
    record Gone() implements Adopted {}
}
