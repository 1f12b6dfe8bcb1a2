package dev.argus.client;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What a command takes, as a model for picocli made without reflection, which would cost as much time as everything
 * else together.
 */
final class Usage {
    private final CommandSpec specification = CommandSpec.create();
    private int positions;

    Usage(String name, String summary) {
        specification.name("argus-client " + name);
        specification
                .usageMessage()
                .description(summary)
                .abbreviateSynopsis(false)
                .width(100);
    }

    /** The next argument, which has to be there. */
    Usage argument(String label, String description) {
        return argument(label, "1", String.valueOf(positions), description);
    }

    /** The next argument, which may be there. */
    Usage optionalArgument(String label, String description) {
        return argument(label, "0..1", String.valueOf(positions), description);
    }

    /** All further arguments. */
    Usage arguments(String label, String description) {
        return argument(label, "0..*", positions + "..*", description);
    }

    private Usage argument(String label, String arity, String index, String description) {
        boolean many = arity.endsWith("*");
        specification.addPositional(PositionalParamSpec.builder()
                .paramLabel(label)
                .arity(arity)
                .index(index)
                .type(many ? String[].class : String.class)
                .auxiliaryTypes(String.class)
                .description(description)
                .build());
        positions++;
        return this;
    }

    /** An option with a value. */
    Usage option(String name, String label, String description) {
        return value(new String[] {name}, label, false, description);
    }

    /** An option with a value and a short name. */
    Usage option(String shortName, String name, String label, String description) {
        return value(new String[] {shortName, name}, label, false, description);
    }

    /** An option that may be given several times. */
    Usage options(String name, String label, String description) {
        return value(new String[] {name}, label, true, description);
    }

    private Usage value(String[] names, String label, boolean many, String description) {
        specification.addOption(OptionSpec.builder(names)
                .paramLabel(label)
                .arity("1")
                .type(many ? String[].class : String.class)
                .auxiliaryTypes(String.class)
                .description(description)
                .build());
        return this;
    }

    Usage flag(String name, String description) {
        return flag(new String[] {name}, description);
    }

    Usage flag(String shortName, String name, String description) {
        return flag(new String[] {shortName, name}, description);
    }

    private Usage flag(String[] names, String description) {
        specification.addOption(OptionSpec.builder(names)
                .arity("0")
                .type(boolean.class)
                .description(description)
                .build());
        return this;
    }

    /** For commands that wait until it is done. */
    Usage waits() {
        return flag("--no-wait", "do not wait until it is done").flag("--wait", "wait until it is done (default)");
    }

    /** The finished model; the options of every command belong to it too. */
    CommandLine commandLine() {
        for (@Nullable String[] option : Globals.OPTIONS) {
            String name = String.valueOf(option[0]);
            String description = String.valueOf(option[2]);
            String label = option[1];
            if (label == null) {
                flag(name, description);
            } else if (name.equals("-o")) {
                option("-o", "--output", label, description);
            } else {
                option(name, label, description);
            }
        }
        specification.addOption(OptionSpec.builder("-h", "--help")
                .arity("0")
                .usageHelp(true)
                .description("show this and end")
                .build());
        return new CommandLine(specification).setExpandAtFiles(false).setOverwrittenOptionsAllowed(true);
    }

    /** Every option of the command, long names first, for completion. */
    java.util.List<String> optionNames() {
        java.util.List<String> names = new java.util.ArrayList<>();
        for (OptionSpec option : specification.options()) {
            names.add(option.longestName());
        }
        return names;
    }

    String help() {
        return commandLine().getUsageMessage(CommandLine.Help.Ansi.OFF);
    }
}
