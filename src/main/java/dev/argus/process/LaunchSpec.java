package dev.argus.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to start an instance.
 *
 * @param run where its records go; its last part is the id of the instance
 * @param command program and arguments; the program is found relative to {@code directory} when it holds a slash, else on the environment's
 *     {@code PATH}
 * @param environment all of it, with {@code ARGUS_INSTANCE} (see {@link Environment})
 * @param directory the working directory; absolute
 * @param log to which both outputs are appended; absolute
 * @param group where its processes join the control group of the instance ({@link ControlGroups#make}); empty where it has none
 */
public record LaunchSpec(
        RunDirectory run,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        Path log,
        Optional<Path> group) {

    /** One without a control group. */
    public LaunchSpec(
            RunDirectory run, List<String> command, Map<String, String> environment, Path directory, Path log) {
        this(run, command, environment, directory, log, Optional.empty());
    }

    public LaunchSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty() || command.getFirst().isEmpty()) {
            throw new IllegalArgumentException("The command to start is empty; give at least a program.");
        }
        if (command.getFirst().startsWith("-")) {
            throw new IllegalArgumentException("The command '" + command.getFirst()
                    + "' begins with '-', which a shell takes for an option; write ./" + command.getFirst() + ".");
        }
        if (command.stream().anyMatch(argument -> argument.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("The command holds a NUL character, which no argument can carry.");
        }
        environment.forEach(Environment::check);
        if (!run.instance().equals(environment.get(Cookie.NAME))) {
            throw new IllegalArgumentException("The environment of instance " + run.instance()
                    + " must have ARGUS_INSTANCE with this value, or its processes could not be found again.");
        }
        if (!directory.isAbsolute() || !log.isAbsolute()) {
            throw new IllegalArgumentException("The working directory and the log must be absolute paths.");
        }
    }
}
