package dev.argus.service.manifest;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a Go file counts in an ordinary build on this machine, as far as its name and its {@code //go:build} line say. */
final class GoConstraint {
    private static final String ARCHITECTURE = architecture();
    private static final Set<String> SYSTEMS = Set.of(
            "aix",
            "android",
            "darwin",
            "dragonfly",
            "freebsd",
            "illumos",
            "ios",
            "js",
            "linux",
            "netbsd",
            "openbsd",
            "plan9",
            "solaris",
            "wasip1",
            "windows");
    private static final Set<String> ARCHITECTURES = Set.of(
            "386",
            "amd64",
            "arm",
            "arm64",
            "loong64",
            "mips",
            "mips64",
            "mips64le",
            "mipsle",
            "ppc64",
            "ppc64le",
            "riscv64",
            "s390x",
            "wasm");
    private static final Pattern TOKEN = Pattern.compile("\\s*(&&|\\|\\||!|\\(|\\)|[\\p{L}0-9_.]+)");
    private static final Pattern RELEASE = Pattern.compile("go1\\.\\d+");

    private final Matcher tokens;
    private String token = "";

    private GoConstraint(String expression) {
        tokens = TOKEN.matcher(expression);
        next();
    }

    private static String architecture() {
        String name = System.getProperty("os.arch", "amd64");
        return name.equals("aarch64") ? "arm64" : name.toLowerCase(Locale.ROOT);
    }

    /** Whether the suffix of the file's name fits this machine. */
    static boolean fitsName(String fileName) {
        String[] parts =
                fileName.substring(0, fileName.length() - ".go".length()).split("_", -1);
        if (parts.length < 2) {
            return true;
        }
        String last = parts[parts.length - 1];
        if (ARCHITECTURES.contains(last)) {
            boolean systemFits = parts.length < 3 || fitsSystem(parts[parts.length - 2]);
            return last.equals(ARCHITECTURE) && systemFits;
        }
        return fitsSystem(last);
    }

    private static boolean fitsSystem(String word) {
        return !SYSTEMS.contains(word) || word.equals("linux");
    }

    /** Whether the expression after {@code //go:build} is true here; one that cannot be read counts as true. */
    static boolean holds(String expression) {
        return new GoConstraint(expression).either();
    }

    private void next() {
        token = tokens.lookingAt() ? tokens.group(1) : "";
        if (!token.isEmpty()) {
            tokens.region(tokens.end(), tokens.regionEnd());
        }
    }

    private boolean either() {
        boolean value = both();
        while (token.equals("||")) {
            next();
            value |= both();
        }
        return value;
    }

    private boolean both() {
        boolean value = not();
        while (token.equals("&&")) {
            next();
            value &= not();
        }
        return value;
    }

    private boolean not() {
        if (token.equals("!")) {
            next();
            return !not();
        }
        if (token.equals("(")) {
            next();
            boolean value = either();
            next();
            return value;
        }
        String tag = token;
        next();
        return tag.isEmpty() || isSet(tag);
    }

    private static boolean isSet(String tag) {
        return switch (tag) {
            case "linux", "unix", "cgo", "gc" -> true;
            default -> tag.equals(ARCHITECTURE) || RELEASE.matcher(tag).matches();
        };
    }
}
