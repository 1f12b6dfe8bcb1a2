package dev.argus.process;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A service's own way to be stopped, such as {@code script.sh stop}.
 *
 * @param command program and arguments, as in {@link LaunchSpec}
 * @param environment the one that the service was started with
 * @param directory the working directory; absolute
 * @param log the instance's log; absolute
 */
public record StopCommand(List<String> command, Map<String, String> environment, Path directory, Path log) {
    public StopCommand {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty() || command.getFirst().isEmpty()) {
            throw new IllegalArgumentException("The stop command is empty; give at least a program.");
        }
        environment.forEach(Environment::check);
    }

    /** With the mark by which it is found and stopped itself when it hangs. */
    StopCommand withCookie(String instance) {
        var marked = new HashMap<>(environment);
        marked.put(Cookie.NAME, instance);
        return new StopCommand(command, marked, directory, log);
    }
}
