package dev.argus.deploy.build;

import dev.argus.service.CommandLine;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Picks out of the output of a failed command the line that a person would read first. */
final class FailureCause {
    private static final Pattern COMPILER = Pattern.compile("[^\\s:]+\\.[A-Za-z]{1,5}:\\d+(:\\d+)?: .+");
    private static final Pattern TOOL = Pattern.compile("(?i)(go: |\\S*error\\S*[: ]|fatal: |npm err! ).+");
    private static final int KILLED = 137;

    private FailureCause() {}

    static String sentence(CommandLine command, int status, List<String> lines) {
        String what = "The command " + shortened(command.shown(), 120) + " failed with exit status " + status;
        if (status == KILLED) {
            return what + ": it was killed, most likely because the server ran out of memory.";
        }
        return line(lines)
                .map(line -> what + ": " + shortened(line.strip(), 300))
                .orElse(what + " and said nothing.");
    }

    private static Optional<String> line(List<String> lines) {
        return first(lines, COMPILER)
                .or(() -> first(lines, TOOL))
                .or(() -> lines.reversed().stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("$ "))
                        .findFirst());
    }

    private static Optional<String> first(List<String> lines, Pattern pattern) {
        return lines.stream()
                .filter(line -> pattern.matcher(line.strip()).matches())
                .filter(line -> !line.startsWith("go: downloading ")
                        && !line.startsWith("go: finding ")
                        && !line.startsWith("go: creating ")
                        && !line.startsWith("go: to add "))
                .findFirst();
    }

    private static String shortened(String text, int length) {
        return text.length() > length ? text.substring(0, length - 1) + "…" : text;
    }
}
