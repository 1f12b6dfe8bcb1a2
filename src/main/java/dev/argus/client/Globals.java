package dev.argus.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options that every command takes, before or behind its name. Read by hand: most calls have nothing else. */
final class Globals {
    static final List<Usage.Option> OPTIONS = List.of(
            new Usage.Option(
                    null,
                    "--server",
                    "NAME|URL",
                    false,
                    "the server to talk to (default: those of config.json, or http://127.0.0.1:8080)"),
            new Usage.Option(
                    null, "--token", "TOKEN", false, "the token to sign in with (default: ARGUS_TOKEN, or login's)"),
            new Usage.Option(
                    "-o", "--output", "table|json", false, "how to show what the server says (default: table)"),
            new Usage.Option(
                    null,
                    "--config",
                    "FILE",
                    false,
                    "the list of servers (default: ARGUS_CONFIG, config.json here or in" + " ~/.config/argus)"),
            new Usage.Option(null, "--raw", null, false, "show text of services with its control characters"),
            new Usage.Option(null, "--verbose", null, false, "show more, such as the output of a build"));

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
        Usage.Option option = named(equals < 0 ? word : word.substring(0, equals));
        if (option == null) {
            return at;
        }
        if (option.label() == null) {
            if (equals >= 0) {
                throw ClientFailure.usage(option.name() + " takes no value.");
            }
            set(option.name(), "");
            return at + 1;
        }
        if (equals >= 0) {
            set(option.name(), word.substring(equals + 1));
            return at + 1;
        }
        if (at + 1 == args.length) {
            throw ClientFailure.usage(word + " wants a value: " + word + " " + option.label() + ".");
        }
        set(option.name(), args[at + 1]);
        return at + 2;
    }

    private static Usage.@Nullable Option named(String name) {
        if (!name.startsWith("-")) {
            return null;
        }
        for (int i = 0; i < OPTIONS.size(); i++) {
            Usage.Option option = OPTIONS.get(i);
            if (name.equals(option.name()) || name.equals(option.shortName())) {
                return option;
            }
        }
        return null;
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
