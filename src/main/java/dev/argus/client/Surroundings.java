package dev.argus.client;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command meets of the world besides the servers.
 *
 * @param directory the working directory
 */
record Surroundings(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Path directory,
        Terminal terminal) {

    /** Those of this process. Output is UTF-8 in every locale: escaping does not depend on where it is read. */
    static Surroundings ofProcess() {
        return new Surroundings(
                System.in,
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8),
                System.getenv(),
                Path.of(""),
                new ProcessTerminal());
    }

    /** A variable of the environment, null if it is not set or empty. */
    @Nullable
    String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** Where a user keeps what belongs to Argus: {@code ~/.config/argus}. */
    Path home() {
        String home = variable("HOME");
        return Path.of(home == null ? System.getProperty("user.home", "") : home, ".config", "argus");
    }
}
