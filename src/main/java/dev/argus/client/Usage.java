package dev.argus.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command takes: the model from which its words are parsed, its help is written and completion is made. */
final class Usage {
    /**
     * @param shortName such as {@code -f}, null for none
     * @param label of its value, null for a flag
     * @param many whether it may be given several times
     */
    record Option(
            @Nullable String shortName,
            String name,
            @Nullable String label,
            boolean many,
            String description) {}

    /**
     * @param fewest how many of it there must be, 0 or 1
     * @param most how many of it there may be
     */
    record Argument(String label, int fewest, int most, String description) {}

    private final String name;
    private final String summary;
    private final List<Option> options = new ArrayList<>();
    private final List<Argument> arguments = new ArrayList<>();

    Usage(String name, String summary) {
        this.name = name;
        this.summary = summary;
    }

    String name() {
        return name;
    }

    String summary() {
        return summary;
    }

    /** Those of the command itself, not those that every command has. */
    List<Option> options() {
        return options;
    }

    List<Argument> arguments() {
        return arguments;
    }

    /** The next argument, which has to be there. */
    Usage argument(String label, String description) {
        arguments.add(new Argument(label, 1, 1, description));
        return this;
    }

    /** The next argument, which may be there. */
    Usage optionalArgument(String label, String description) {
        arguments.add(new Argument(label, 0, 1, description));
        return this;
    }

    /** All further arguments. */
    Usage arguments(String label, String description) {
        arguments.add(new Argument(label, 0, Integer.MAX_VALUE, description));
        return this;
    }

    /** An option with a value. */
    Usage option(String name, String label, String description) {
        return option(null, name, label, description);
    }

    /** An option with a value and a short name. */
    Usage option(@Nullable String shortName, String name, String label, String description) {
        options.add(new Option(shortName, name, label, false, description));
        return this;
    }

    /** An option that may be given several times. */
    Usage options(String name, String label, String description) {
        options.add(new Option(null, name, label, true, description));
        return this;
    }

    Usage flag(String name, String description) {
        return flag(null, name, description);
    }

    Usage flag(@Nullable String shortName, String name, String description) {
        options.add(new Option(shortName, name, null, false, description));
        return this;
    }

    /** For commands that wait until it is done. */
    Usage waits() {
        return flag("--no-wait", "do not wait until it is done").flag("--wait", "wait until it is done (default)");
    }

    /** Whether so many arguments are neither too few nor too many. */
    boolean takes(int count) {
        int fewest = 0;
        long most = 0;
        for (int i = 0; i < arguments.size(); i++) {
            fewest += arguments.get(i).fewest();
            most += arguments.get(i).most();
        }
        return count >= fewest && count <= most;
    }
}
