package dev.argus.deploy.build;

import java.util.List;
import java.util.OptionalInt;

/** A build did not succeed; the message is one sentence, {@link #lastLines} are what the tools said at the end. */
public final class BuildFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitStatus;
    private final transient List<String> lastLines;

    BuildFailed(String sentence, int exitStatus, List<String> lastLines) {
        super(sentence);
        this.exitStatus = exitStatus;
        this.lastLines = List.copyOf(lastLines);
    }

    BuildFailed(String sentence, List<String> lastLines) {
        this(sentence, -1, lastLines);
    }

    /** The exit status of the command that failed, 128 + signal where it was killed; empty where none ended by itself. */
    public OptionalInt exitStatus() {
        return exitStatus < 0 ? OptionalInt.empty() : OptionalInt.of(exitStatus);
    }

    /** The last lines of the output, at most 50. */
    public List<String> lastLines() {
        return lastLines;
    }
}
