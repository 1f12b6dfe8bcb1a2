package dev.argus.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The programs of the machine, found and asked. Nothing here goes through a shell.
 *
 * @param searchPath directories, separated by colons
 */
record Programs(String searchPath) {
    private static final long WITHIN_SECONDS = 10;
    private static final int MOST_BYTES = 64 * 1024;

    Optional<Path> find(String name) {
        return Stream.of(searchPath.split(":", -1))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** What a program says on standard output; empty where it is missing, fails, or says nothing in time. */
    Optional<String> ask(String name, String... arguments) {
        return find(name).flatMap(file -> run(file, arguments));
    }

    private static Optional<String> run(Path file, String... arguments) {
        var command = new ArrayList<>(List.of(file.toString()));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile("argus-doctor", ".out");
            try {
                var starter = new ProcessBuilder(command)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .redirectOutput(output.toFile());
                starter.environment().put("LC_ALL", "C");
                Process process = starter.start();
                if (!process.waitFor(WITHIN_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return Optional.empty();
                }
                return process.exitValue() == 0 ? Optional.of(beginning(output)) : Optional.empty();
            } finally {
                Files.delete(output);
            }
        } catch (IOException _) {
            // a program that cannot be run is as good as none
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static String beginning(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
        }
    }
}
