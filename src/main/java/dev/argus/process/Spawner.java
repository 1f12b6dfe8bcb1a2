package dev.argus.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts a program as the leader of a session of its own. */
interface Spawner {

    /**
     * @param identity of the new process, which may already have ended
     * @param child whether it is for us to reap it
     */
    record Spawned(ProcessIdentity identity, boolean child) {}

    /**
     * Starts it. Standard input is {@code /dev/null}, both outputs are appended to {@code log}, no other descriptor is inherited but that of the
     * channel, the environment is exactly the one given.
     *
     * @param argv its first element is an absolute path
     * @param log absolute; made for its owner alone where it is missing
     * @param channel whose other end is to be the program's descriptor 4; only where {@link #passesChannel}
     * @throws LaunchException when the operating system refuses
     */
    Spawned spawn(
            List<String> argv,
            Map<String, String> environment,
            Path directory,
            Path log,
            Optional<ShimChannel> channel);

    /** Whether a channel can be passed. */
    boolean passesChannel();

    /** The quickest one that this machine's C library can do. */
    static Spawner ofThisMachine() {
        return PosixSpawner.create().map(Spawner.class::cast).orElseGet(SetsidSpawner::new);
    }
}
