package dev.argus.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a program can be executed, asked before it is tried: afterwards a shell says no more than 126 or 127. */
final class Executable {
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private Executable() {}

    /**
     * Finds the program.
     *
     * @return where it is
     * @throws LaunchException naming what is wrong
     */
    static Path find(String program, Path directory, Map<String, String> environment) {
        if (!Files.isDirectory(directory)) {
            throw new LaunchException(
                    "The working directory " + directory + " does not exist; build the service again.");
        }
        if (program.indexOf('/') < 0) {
            String path = environment.getOrDefault("PATH", DEFAULT_PATH);
            Path found = Stream.of(path.split(":", -1))
                    .filter(element -> !element.isEmpty())
                    .map(element -> directory.resolve(element).resolve(program))
                    .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                    .findFirst()
                    .orElseThrow(() -> new LaunchException("The command " + program
                            + " was not found on the service's PATH (" + path
                            + "); install it, or name it with its path."));
            checkInterpreter(program, found, directory);
            return found;
        }
        Path file = directory.resolve(program);
        if (Files.notExists(file)) {
            throw new LaunchException("The command " + program + " does not exist in " + directory
                    + "; check the build and the start command.");
        }
        if (Files.isDirectory(file)) {
            throw new LaunchException(
                    "The command " + program + " in " + directory + " is a directory; name the program inside it.");
        }
        if (!Files.isExecutable(file)) {
            throw new LaunchException("The command " + program + " in " + directory
                    + " may not be executed; set its execute bit (chmod +x).");
        }
        checkInterpreter(program, file, directory);
        return file;
    }

    private static void checkInterpreter(String program, Path file, Path directory) {
        interpreter(file).ifPresent(interpreter -> {
            if (Files.notExists(directory.resolve(interpreter))) {
                throw new LaunchException("The script " + program + " asks for the interpreter " + interpreter
                        + ", which does not exist; install it, or correct the first line of the script.");
            }
        });
    }

    private static Optional<String> interpreter(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String start = new String(in.readNBytes(256), StandardCharsets.ISO_8859_1);
            if (!start.startsWith("#!")) {
                return Optional.empty();
            }
            String line = start.substring(2).lines().findFirst().orElse("").trim();
            return Optional.of(line.split("\\s", 2)[0]).filter(name -> !name.isEmpty());
        } catch (IOException _) {
            // executable and not readable is allowed: then the kernel is to judge
            return Optional.empty();
        }
    }
}
