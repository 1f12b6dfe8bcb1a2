package dev.argus.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * Reads the words of a command with picocli. Its classes are too old for an AOT cache and cost as much time as
 * everything else together, so this is loaded only where options are to be read, help to be shown, or errors to be told.
 */
final class ArgumentsParser {
    private static final int WIDTH = 100;

    private final CommandLine commandLine;

    ArgumentsParser(Usage usage) {
        CommandSpec specification = CommandSpec.create().name("argus-client " + usage.name());
        specification.usageMessage().description(usage.summary()).width(WIDTH);
        int index = 0;
        for (Usage.Argument argument : usage.arguments()) {
            specification.addPositional(positional(argument, index++));
        }
        for (Usage.Option option : usage.options()) {
            specification.addOption(option(option));
        }
        for (Usage.Option option : Globals.OPTIONS) {
            specification.addOption(option(option));
        }
        specification.addOption(OptionSpec.builder("-h", "--help")
                .arity("0")
                .usageHelp(true)
                .description("show this and end")
                .build());
        commandLine = new CommandLine(specification).setExpandAtFiles(false).setOverwrittenOptionsAllowed(true);
    }

    private static PositionalParamSpec positional(Usage.Argument argument, int index) {
        boolean many = argument.most() > 1;
        return PositionalParamSpec.builder()
                .paramLabel(argument.label())
                .index(many ? index + "..*" : String.valueOf(index))
                .required(argument.fewest() > 0)
                .arity(many ? "0..*" : argument.fewest() == 0 ? "0..1" : "1")
                .type(many ? String[].class : String.class)
                .description(literally(argument.description()))
                .build();
    }

    private static OptionSpec option(Usage.Option option) {
        String[] names = option.shortName() == null
                ? new String[] {option.name()}
                : new String[] {option.shortName(), option.name()};
        OptionSpec.Builder builder = OptionSpec.builder(names).description(literally(option.description()));
        if (option.label() == null) {
            return builder.arity("0").type(boolean.class).build();
        }
        return builder.paramLabel(option.label())
                .arity("1")
                .type(option.many() ? String[].class : String.class)
                .build();
    }

    /** Variables such as $ARGUS_TOKEN are told, not put in. */
    private static String literally(String description) {
        return description.replace("%", "%%").replace("${", "$${");
    }

    String help() {
        return commandLine.getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    /**
     * Reads them; options that all commands have go to {@code globals}. No value gets into an error: it may be a secret
     * in the wrong place.
     *
     * @return null if help is asked for
     * @throws ClientFailure (wrong usage) if they do not fit
     */
    @Nullable
    Arguments parse(String[] words, Globals globals) {
        ParseResult parsed;
        try {
            parsed = commandLine.parseArgs(words);
        } catch (RuntimeException e) {
            // picocli's own exceptions are named below: in a catch clause the JVM would load them at every start
            throw told(e);
        }
        if (parsed.isUsageHelpRequested()) {
            return null;
        }
        for (Usage.Option option : Globals.OPTIONS) {
            if (parsed.hasMatchedOption(option.name())) {
                globals.set(option.name(), option.label() == null ? "" : parsed.matchedOptionValue(option.name(), ""));
            }
        }
        Map<String, List<String>> options = new HashMap<>();
        for (OptionSpec option : parsed.matchedOptions()) {
            options.put(option.longestName(), List.copyOf(option.originalStringValues()));
        }
        List<String> positionals = new ArrayList<>();
        for (PositionalParamSpec positional : parsed.matchedPositionals()) {
            positionals.addAll(positional.originalStringValues());
        }
        return new Arguments(options, positionals);
    }

    private static RuntimeException told(RuntimeException e) {
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
            return ClientFailure.usage(unmatched(unmatched.getUnmatched().get(0)));
        }
        if (e instanceof CommandLine.MissingParameterException missing) {
            return ClientFailure.usage(missing(missing.getMissing()));
        }
        if (e instanceof CommandLine.ParameterException wrong) {
            String option = wrong.getArgSpec() instanceof OptionSpec spec ? " " + spec.longestName() : "";
            return ClientFailure.usage("The option" + option + " is not used as it has to be.");
        }
        return e;
    }

    private static String unmatched(String word) {
        if (!word.startsWith("-")) {
            return "There are too many arguments.";
        }
        int equals = word.indexOf('=');
        return "The option " + Text.line(equals < 0 ? word : word.substring(0, equals)) + " is not known.";
    }

    private static String missing(List<CommandLine.Model.ArgSpec> missing) {
        List<String> names = new ArrayList<>();
        for (CommandLine.Model.ArgSpec specification : missing) {
            if (specification instanceof OptionSpec option) {
                return option.longestName() + " wants a value: " + option.longestName() + " " + option.paramLabel()
                        + ".";
            }
            names.add(specification.paramLabel());
        }
        return names.size() == 1
                ? "The argument " + names.get(0) + " is missing."
                : "The arguments " + String.join(" ", names) + " are missing.";
    }
}
