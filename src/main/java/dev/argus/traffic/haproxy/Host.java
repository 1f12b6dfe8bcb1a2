package dev.argus.traffic.haproxy;

import dev.argus.bus.ArgusException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Has a HAProxy in master-worker mode running with the configuration that lies ready. Blocks; not thread-safe. */
interface Host {
    /** Through which it is commanded. */
    Master master();

    /** Whether the one runs that was adopted, launched or reloaded last. */
    boolean alive();

    /** Whether it ends by itself in this time. */
    boolean ends(Duration within) throws InterruptedException;

    /**
     * Takes over one that runs.
     *
     * @param ended called when it ends, not to block
     * @return false when there is none, or none that answers
     */
    boolean adopt(Runnable ended);

    /**
     * Has one run with the configuration that lies ready.
     *
     * @param ended called when it ends later on, not to block
     * @throws ArgusException in its own words when it does not come up
     */
    void launch(Path program, Runnable ended) throws IOException, InterruptedException;

    /**
     * Has it read the configuration that lies ready; returns when the new worker has taken over.
     *
     * @throws ArgusException in its own words when that does not happen
     */
    void reload() throws IOException, InterruptedException;

    /** Lets it run. */
    void close();
}
