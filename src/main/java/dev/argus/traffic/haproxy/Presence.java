package dev.argus.traffic.haproxy;

import dev.argus.bus.ArgusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a HAProxy that Argus can use is on this machine, for those who only want to know. */
public final class Presence {
    private Presence() {}

    /**
     * The HAProxy that Argus would run; blocks for some seconds at most.
     *
     * @param searchPath directories, separated by colons
     * @throws ArgusException when it is missing or cannot do what is needed, saying what to do
     */
    public static Path require(String searchPath) {
        try {
            Path directory = Files.createTempDirectory("argus-haproxy");
            try {
                return Program.find(searchPath, directory).file();
            } finally {
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw Program.unavailable("HAProxy cannot be looked at (" + e.getMessage() + ").");
        }
    }
}
