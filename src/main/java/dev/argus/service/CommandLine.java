package dev.argus.service;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One command, ready for the operating system without any shell in between.
 *
 * @param directory where it runs, relative to the release's directory; empty for that directory itself
 * @param environment what stood before the command as {@code K=V}; the values may hold {@link #PORT}
 * @param argv the program and its arguments; never empty; they may hold {@link #PORT}
 */
public record CommandLine(String directory, Map<String, String> environment, List<String> argv) {
    /** Stands for the port of the instance in arguments and values. */
    public static final String PORT = "{port}";

    /** Copies both and checks that there is a program. */
    public CommandLine {
        environment = Map.copyOf(environment);
        argv = List.copyOf(argv);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
    }

    /** A command in the release's directory. */
    public static CommandLine of(String... argv) {
        return new CommandLine("", Map.of(), List.of(argv));
    }

    /**
     * The command that a person wrote as text: words, quotes and leading {@code K=V}, see {@link CommandText}.
     *
     * @throws InvalidValue of {@code field}, also for everything that only a shell could do
     */
    public static CommandLine parse(String field, String text) {
        return new CommandText(field, text).parse();
    }

    /** The same command in another directory of the release. */
    public CommandLine in(String otherDirectory) {
        return new CommandLine(otherDirectory, environment, argv);
    }

    /** The same command with {@code value} where {@link #PORT} stands. */
    public CommandLine withPort(int value) {
        String port = Integer.toString(value);
        var values = new LinkedHashMap<String, String>();
        environment.forEach((name, text) -> values.put(name, text.replace(PORT, port)));
        return new CommandLine(
                directory,
                values,
                argv.stream().map(word -> word.replace(PORT, port)).toList());
    }

    /** Where it runs, under the directory of a release. */
    public Path directoryIn(Path release) {
        return directory.isEmpty() ? release : release.resolve(directory);
    }

    /** The command as a person would type it, without its environment, whose values may be secret. */
    public String shown() {
        return argv.stream()
                .map(word -> word.isEmpty() || word.chars().anyMatch(Character::isWhitespace) ? "'" + word + "'" : word)
                .collect(Collectors.joining(" "));
    }

    @Override
    public String toString() {
        return shown();
    }
}
