package dev.argus.traffic.haproxy;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The program {@code haproxy} of this machine. Blocks for at most {@link #WITHIN} a call. */
final class Program {
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final Pattern VERSION = Pattern.compile("HAProxy version (\\d+)\\.(\\d+)");
    private static final Pattern SAID = Pattern.compile("\\[ALERT\\]\\s+\\(\\d+\\) : (?:config : )?(.*)");
    private static final int MOST_LINES = 3;

    private final Path file;

    private Program(Path file) {
        this.file = file;
    }

    /**
     * Finds it and looks whether it can do what is needed.
     *
     * @param searchPath directories, separated by colons
     *
     * @throws ArgusException when it is missing or too old
     */
    static Program find(String searchPath, Path directory) {
        Path file = Stream.of(searchPath.split(":", -1))
                .filter(element -> element.startsWith("/"))
                .map(element -> Path.of(element, "haproxy"))
                .filter(candidate -> Files.isRegularFile(candidate) && Files.isExecutable(candidate))
                .findFirst()
                .orElseThrow(
                        () -> unavailable("HAProxy is not installed, which proxy.kind \"haproxy\" needs; install it (on"
                                + " Debian: apt install haproxy) or set proxy.kind to \"embedded\"."));
        var program = new Program(file);
        String about = program.run(directory, "-vv").output();
        Matcher version = VERSION.matcher(about);
        if (!version.find() || older(version)) {
            throw unavailable(
                    file + " is older than HAProxy 2.6; install a newer one or set proxy.kind to \"embedded\".");
        }
        if (!about.contains("+LUA") && !about.contains("USE_LUA=1")) {
            throw unavailable(file + " was built without Lua, which is needed to hold requests; install HAProxy as your"
                    + " distribution builds it or set proxy.kind to \"embedded\".");
        }
        return program;
    }

    private static boolean older(Matcher version) {
        int major = Integer.parseInt(version.group(1));
        return major < 2 || (major == 2 && Integer.parseInt(version.group(2)) < 6);
    }

    /** Where it is. */
    Path file() {
        return file;
    }

    /**
     * Has it look at a configuration.
     *
     * @param directory to which names in the configuration are relative
     * @throws ArgusException in its own words, when it finds an error
     */
    void check(Path directory, String configuration) {
        Ran ran = run(directory, "-c", "-f", configuration);
        if (ran.status() != 0) {
            throw new ArgusException(
                    ErrorCode.INVALID,
                    "HAProxy does not accept its configuration, so the one before stays in effect: "
                            + said(ran.output()));
        }
    }

    /**
     * Runs another command, such as one that has HAProxy reloaded.
     *
     * @throws ArgusException when it fails, with what it said
     */
    void command(Path directory, List<String> words) {
        Ran ran = run(directory, words);
        if (ran.status() != 0) {
            String said = ran.output().lines().findFirst().orElse("it said nothing");
            throw unavailable("The command " + String.join(" ", words) + " failed with status " + ran.status() + ": "
                    + said + (said.endsWith(".") ? "" : "."));
        }
    }

    /** The first of what it complained of, as one sentence. */
    static String said(String output) {
        String words = output.lines()
                .map(SAID::matcher)
                .filter(Matcher::find)
                .map(line -> line.group(1).strip())
                .limit(MOST_LINES)
                .collect(Collectors.joining("; "));
        String text = words.isEmpty() ? "it gave no reason" : words;
        return text.endsWith(".") ? text : text + ".";
    }

    private record Ran(int status, String output) {}

    private Ran run(Path directory, String... arguments) {
        var command = new ArrayList<>(List.of(file.toString()));
        command.addAll(List.of(arguments));
        return run(directory, command);
    }

    private static Ran run(Path directory, List<String> command) {
        String name = command.getFirst();
        try {
            Path output = Files.createTempFile(directory, "haproxy", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(output.toFile())
                        .start();
                if (!process.waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw unavailable(name + " did not answer within " + WITHIN.toSeconds()
                            + " s; look what keeps this machine busy.");
                }
                return new Ran(process.exitValue(), Files.readString(output));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw unavailable(name + " cannot be run: " + e.getMessage() + ".");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw unavailable(name + " was not waited for, as Argus is ending.");
        }
    }

    static ArgusException unavailable(String sentence) {
        return new ArgusException(ErrorCode.UNAVAILABLE, sentence);
    }
}
