package dev.argus.service.manifest;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code Procfile} of a repository: lines {@code type: command}; Argus runs the type {@code web}. */
final class Procfile {
    static final String NAME = "Procfile";

    private static final Pattern LINE = Pattern.compile("(?m)^\\s*([A-Za-z0-9_-]+):[ \\t]*(\\S.*?)[ \\t\\r]*$");

    private Procfile() {}

    /** The command of the type {@code web}. */
    static Optional<String> web(String text) {
        Matcher line = LINE.matcher(text);
        while (line.find()) {
            if (line.group(1).equals("web")) {
                return Optional.of(line.group(2));
            }
        }
        return Optional.empty();
    }
}
