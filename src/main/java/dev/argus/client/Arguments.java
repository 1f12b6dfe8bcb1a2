package dev.argus.client;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** What a command was given. */
final class Arguments {
    /** Nothing at all. */
    static final Arguments NONE = new Arguments(null);

    private final @Nullable ParseResult parsed;

    private Arguments(@Nullable ParseResult parsed) {
        this.parsed = parsed;
    }

    /**
     * Parses what follows the name of a command; options that all commands have go to {@code globals}. No value
     * of an argument gets into an error: it may be a secret in the wrong place.
     *
     * @throws ClientFailure (wrong usage) if it does not fit
     */
    static Arguments parse(CommandLine commandLine, String[] words, Globals globals) {
        ParseResult parsed;
        try {
            parsed = commandLine.parseArgs(words);
        } catch (CommandLine.UnmatchedArgumentException e) {
            throw ClientFailure.usage(unmatched(e.getUnmatched().get(0)));
        } catch (CommandLine.MissingParameterException e) {
            throw ClientFailure.usage(String.valueOf(e.getMessage()) + ".");
        } catch (CommandLine.ParameterException e) {
            String option = e.getArgSpec() instanceof CommandLine.Model.OptionSpec spec ? spec.longestName() : "";
            throw ClientFailure.usage("The option " + option + " is not used as it has to be.");
        }
        for (@Nullable String[] option : Globals.OPTIONS) {
            String name = String.valueOf(option[0]);
            if (parsed.hasMatchedOption(name)) {
                globals.set(name, option[1] == null ? "" : parsed.matchedOptionValue(name, ""));
            }
        }
        return new Arguments(parsed);
    }

    private static String unmatched(String word) {
        if (!word.startsWith("-")) {
            return "There are too many arguments.";
        }
        int equals = word.indexOf('=');
        String option = equals < 0 ? word : word.substring(0, equals);
        return "The option " + Text.line(option) + " is not known.";
    }

    boolean flag(String name) {
        return parsed != null && parsed.hasMatchedOption(name);
    }

    /** Whether the command is to wait until all is done. */
    boolean waits() {
        return !flag("--no-wait");
    }

    @Nullable
    String option(String name) {
        return parsed == null ? null : parsed.<@Nullable String>matchedOptionValue(name, null);
    }

    /** All values of an option that may be given several times. */
    List<String> options(String name) {
        return parsed == null ? List.of() : List.of(parsed.matchedOptionValue(name, new String[0]));
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
        String argument = optionalArgument(index);
        if (argument == null) {
            throw ClientFailure.usage("An argument is missing.");
        }
        return argument;
    }

    @Nullable
    String optionalArgument(int index) {
        return parsed != null && parsed.hasMatchedPositional(index)
                ? parsed.<@Nullable String>matchedPositionalValue(index, null)
                : null;
    }

    /** All arguments from an index on. */
    List<String> arguments(int index) {
        return parsed == null ? List.of() : List.of(parsed.matchedPositionalValue(index, new String[0]));
    }
}
