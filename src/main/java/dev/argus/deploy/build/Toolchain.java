package dev.argus.deploy.build;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the program of a command, and says what to install where it is missing. */
final class Toolchain {
    private static final Map<String, String> PACKAGES = Map.of(
            "go",
            "golang-go",
            "make",
            "make",
            "npm",
            "npm",
            "node",
            "nodejs",
            "python3",
            "python3",
            "pip",
            "python3-pip",
            "cargo",
            "cargo",
            "mvn",
            "maven",
            "javac",
            "default-jdk",
            "gcc",
            "build-essential");

    private Toolchain() {}

    /** The file that runs as {@code program} in {@code directory}, found as an operating system would. */
    static Optional<Path> find(String program, Path directory, Map<String, String> environment) {
        if (program.contains("/")) {
            return Optional.of(directory.resolve(program)).filter(Toolchain::isProgram);
        }
        return List.of(environment.getOrDefault("PATH", "").split(":", -1)).stream()
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, program))
                .filter(Toolchain::isProgram)
                .findFirst();
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    /** The sentence for a program that is not there. */
    static String missing(String program, Path directory) {
        if (program.contains("/")) {
            return Files.exists(directory.resolve(program))
                    ? program
                            + " of the repository is not executable; run git update-index --chmod=+x on it and commit."
                    : "The repository has no file " + program + " to build with; correct build.";
        }
        String debian = PACKAGES.get(program);
        return program + " is not installed on this server; install it"
                + (debian == null ? "" : " (Debian: apt install " + debian + ")") + " and deploy again.";
    }
}
