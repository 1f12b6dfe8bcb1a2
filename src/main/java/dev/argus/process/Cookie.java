package dev.argus.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The mark that every process of an instance inherits in its environment, whatever session or parent it moves to. */
final class Cookie {
    /** The name of the environment variable. */
    static final String NAME = "ARGUS_INSTANCE";

    private static final String ASSIGNMENT = NAME + "=";

    private Cookie() {}

    /** The instance to which a process belongs by its environment; empty for a stranger, a gone one, and one of another user. */
    static Optional<String> of(long pid) {
        try {
            return in(ProcessStat.text(Path.of("/proc/" + pid + "/environ")));
        } catch (IOException _) {
            // gone, or not ours to read: nothing that Argus started
            return Optional.empty();
        }
    }

    /** Finds it in a block of {@code NAME=VALUE} that end with NUL each. */
    static Optional<String> in(String environ) {
        int at = environ.startsWith(ASSIGNMENT) ? 0 : environ.indexOf('\0' + ASSIGNMENT) + 1;
        if (at == 0 && !environ.startsWith(ASSIGNMENT)) {
            return Optional.empty();
        }
        int end = environ.indexOf('\0', at);
        return Optional.of(environ.substring(at + ASSIGNMENT.length(), end < 0 ? environ.length() : end));
    }
}
