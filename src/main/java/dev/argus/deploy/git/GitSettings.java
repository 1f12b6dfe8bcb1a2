package dev.argus.deploy.git;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Bounds of fetching and writing out.
 *
 * @param deadline for one fetch as a whole
 * @param silence how long a remote may say nothing, at least a second
 * @param mostFiles how many files, folders and links a release may have
 * @param mostBytes how large the files of a release may be together
 * @param home the home directory whose {@code .ssh} holds keys and known hosts
 */
public record GitSettings(Duration deadline, Duration silence, int mostFiles, long mostBytes, Path home) {
    /** 10 minutes, 30 seconds, 200 000 files, 4 GiB, the home of the user that runs Argus. */
    public static GitSettings defaults() {
        return new GitSettings(
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                200_000,
                4L << 30,
                Path.of(System.getProperty("user.home", "/")));
    }
}
