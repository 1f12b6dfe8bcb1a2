package dev.argus.service.manifest;

import dev.argus.service.CommandLine;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The original convention: {@code script.sh start} puts the service into the background and returns, {@code script.sh stop}
 * stops it.
 */
record StartScript(String text, boolean executable) {
    static final String NAME = "script.sh";

    private static final Pattern START = Pattern.compile("\\bstart\\b");
    private static final Pattern STOP = Pattern.compile("\\bstop\\b");
    private static final Pattern PROGRAM =
            Pattern.compile("(?<![A-Za-z0-9_.-])\\./([A-Za-z0-9_][A-Za-z0-9._-]*)(?![A-Za-z0-9._/-])");
    private static final Pattern NO_PROGRAM = Pattern.compile(".*\\.(sh|log|pid|out|err|txt|json|ya?ml|toml|env|go)");

    /** Whether both words stand in it. */
    boolean isStartScript() {
        return START.matcher(text).find() && STOP.matcher(text).find();
    }

    CommandLine command(String word) {
        if (executable && text.startsWith("#!")) {
            return CommandLine.of("./" + NAME, word);
        }
        return CommandLine.of(text.lines().findFirst().orElse("").contains("bash") ? "bash" : "sh", NAME, word);
    }

    /** The names of what it may start in its own folder, in the order in which they stand there. */
    List<String> programs() {
        var programs = new ArrayList<String>();
        Matcher program = PROGRAM.matcher(text);
        while (program.find()) {
            String name = program.group(1);
            if (!programs.contains(name) && !NO_PROGRAM.matcher(name).matches()) {
                programs.add(name);
            }
        }
        return programs;
    }
}
