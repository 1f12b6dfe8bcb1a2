package dev.argus.client;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command was given.
 *
 * @param options the values of each option by its long name; a flag that is set has one value, which does not matter
 * @param words the arguments in their order
 */
record Arguments(Map<String, List<String>> options, List<String> words) {

    boolean flag(String name) {
        return options.containsKey(name);
    }

    /** Whether the command is to wait until all is done. */
    boolean waits() {
        return !flag("--no-wait");
    }

    /** The last value of an option, null if it was not given. */
    @Nullable
    String option(String name) {
        List<String> values = options.get(name);
        return values == null ? null : values.get(values.size() - 1);
    }

    /** All values of an option that may be given several times. */
    List<String> options(String name) {
        return options.getOrDefault(name, List.of());
    }

    /** A number in an option, null if it was not given. */
    @Nullable
    Integer number(String name) {
        String text = option(name);
        if (text == null) {
            return null;
        }
        Integer number = Units.whole(text);
        if (number == null || number < 0) {
            throw ClientFailure.usage(name + " wants a whole number, not \"" + Text.line(text) + "\".");
        }
        return number;
    }

    /** An argument that has to be there. */
    String argument(int index) {
        return words.get(index);
    }

    @Nullable
    String optionalArgument(int index) {
        return index < words.size() ? words.get(index) : null;
    }

    /** All arguments from an index on. */
    List<String> arguments(int index) {
        return words.subList(Math.min(index, words.size()), words.size());
    }
}
