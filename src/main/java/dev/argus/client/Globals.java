package dev.argus.client;

import org.jspecify.annotations.Nullable;

/** The options that every command takes, before or behind its name. Read by hand: most calls have nothing else. */
final class Globals {
    /** Name, label of the value (null for a flag) and description of each. */
    static final @Nullable String[][] OPTIONS = {
        {"--server", "NAME|URL", "the server to talk to (default: those of config.json, or http://127.0.0.1:8080)"},
        {"--token", "TOKEN", "the token to sign in with (default: $ARGUS_TOKEN, or what login stored)"},
        {"-o", "table|json", "how to show what the server says (default: table)"},
        {
            "--config",
            "FILE",
            "the file with the list of servers (default: $ARGUS_CONFIG, ./config.json, ~/.config/argus/config.json)"
        },
        {"--raw", null, "show text of services as it is, control characters too"},
        {"--verbose", null, "show more, such as the output of a build"},
    };

    @Nullable
    String server;

    @Nullable
    String token;

    @Nullable
    String config;

    boolean json;
    boolean raw;
    boolean verbose;

    /**
     * Takes the option at a position, if it is one of these.
     *
     * @return the position behind it, or the same if it is none
     * @throws ClientFailure (wrong usage) if its value is missing or wrong
     */
    int take(String[] args, int at) {
        String word = args[at];
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        String name = equals < 0 ? word : word.substring(0, equals);
        if (name.equals("--output")) {
            name = "-o";
        }
        String label = label(name);
        if (label == null && !isFlag(name)) {
            return at;
        }
        if (label == null) {
            if (equals >= 0) {
                throw ClientFailure.usage(name + " takes no value.");
            }
            set(name, "");
            return at + 1;
        }
        if (equals >= 0) {
            set(name, word.substring(equals + 1));
            return at + 1;
        }
        if (at + 1 == args.length) {
            throw ClientFailure.usage(name + " wants a value: " + name + " " + label + ".");
        }
        set(name, args[at + 1]);
        return at + 2;
    }

    private static @Nullable String label(String name) {
        for (@Nullable String[] option : OPTIONS) {
            if (name.equals(option[0])) {
                return option[1];
            }
        }
        return null;
    }

    private static boolean isFlag(String name) {
        return name.equals("--raw") || name.equals("--verbose");
    }

    /** Sets one of them, as picocli or {@link #take} found it. */
    void set(String name, String value) {
        switch (name) {
            case "--server" -> server = value;
            case "--token" -> token = value;
            case "--config" -> config = value;
            case "--raw" -> raw = true;
            case "--verbose" -> verbose = true;
            default -> {
                if (!value.equals("json") && !value.equals("table")) {
                    throw ClientFailure.usage("-o takes table or json, not \"" + Text.line(value) + "\".");
                }
                json = value.equals("json");
            }
        }
    }
}
