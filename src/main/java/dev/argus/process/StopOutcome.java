package dev.argus.process;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How stopping an instance went.
 *
 * @param killed how many processes had to be killed
 * @param survivors what still lives: in an uninterruptible wait, or owned by another user. Nothing else may be started in its place
 * @param duration from the first act to the last process gone, or to giving up
 * @param commandProblem one sentence why the service's own stop command did not do, where there is one and it did not
 */
public record StopOutcome(
        int killed, List<ProcessIdentity> survivors, Duration duration, Optional<String> commandProblem) {
    private static final int NAMED = 3;

    public StopOutcome {
        survivors = List.copyOf(survivors);
    }

    /** Why something of the instance still lives, one sentence; for an outcome with survivors. */
    public String stuck(String instance) {
        return stuck(
                instance,
                survivors.stream().flatMap(process -> process.stat().stream()).toList());
    }

    static String stuck(String instance, List<ProcessStat> survivors) {
        String who = survivors.stream()
                .limit(NAMED)
                .map(stat -> "pid " + stat.pid() + " (" + stat.command() + ")")
                .collect(Collectors.joining(", "));
        boolean waits = survivors.stream().anyMatch(stat -> stat.state() == 'D');
        return "Of " + instance + " " + (survivors.size() == 1 ? "1 process does" : survivors.size() + " processes do")
                + " not end even by SIGKILL" + (who.isEmpty() ? "" : ": " + who)
                + (waits
                        ? "; the kernel waits in it for a disk or a network file system that does not answer (state D), so look at those."
                        : "; look whether another user owns it.");
    }

    /** Whether everything ended by itself when asked to. */
    public boolean graceful() {
        return killed == 0 && survivors.isEmpty();
    }
}
