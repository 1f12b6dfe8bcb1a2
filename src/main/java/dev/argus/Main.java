package dev.argus;

import dev.argus.bus.ArgusException;
import dev.argus.command.AuditCommands;
import dev.argus.command.BackupCommand;
import dev.argus.command.CheckConfig;
import dev.argus.command.Doctor;
import dev.argus.command.FormerStoreCommand;
import dev.argus.command.KeyCommands;
import dev.argus.command.LoginLink;
import dev.argus.command.RestoreCommand;
import dev.argus.command.Serve;
import dev.argus.command.TokenCommands;
import dev.argus.command.UserCommands;
import dev.argus.service.InvalidValue;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/** {@code argus-server}: finds the command, lets picocli read its options, and turns failures into a sentence and an exit status. */
public final class Main {
    /** Wrong usage. */
    private static final int USAGE = 2;

    private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("serve", Serve::new);
        COMMANDS.put("check-config", CheckConfig::new);
        COMMANDS.put("token", TokenCommands::new);
        COMMANDS.put("user", UserCommands::new);
        COMMANDS.put("login-link", LoginLink::new);
        COMMANDS.put("keys", KeyCommands::new);
        COMMANDS.put("audit", AuditCommands::new);
        COMMANDS.put("backup", () -> new BackupCommand(Version.TEXT));
        COMMANDS.put("restore", RestoreCommand::new);
        COMMANDS.put("former-store", FormerStoreCommand::new);
        COMMANDS.put("doctor", Doctor::new);
    }

    /** Runs the command and ends the JVM with its exit status. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs the command; returns its exit status. Only the model of the command at hand is built, which is most of the start-up time. */
    static int run(String... args) {
        String name = args.length == 0 ? "--help" : args[0];
        Supplier<Object> command = COMMANDS.get(name);
        if (command == null) {
            return other(name);
        }
        var line = new CommandLine(command.get())
                .setExpandAtFiles(false)
                .setExecutionExceptionHandler((failure, parsed, result) -> explain(failure, parsed))
                .setParameterExceptionHandler((failure, ignored) -> {
                    complain(failure.getCommandLine().getErr(), failure.getMessage());
                    failure.getCommandLine()
                            .getErr()
                            .println("See argus-server "
                                    + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help.");
                    return USAGE;
                });
        return line.execute(Arrays.copyOfRange(args, 1, args.length));
    }

    private static int other(String name) {
        var out = new PrintWriter(System.out, true, java.nio.charset.StandardCharsets.UTF_8);
        return switch (name) {
            case "--version", "-V", "version" -> {
                out.println("argus-server " + Version.TEXT);
                yield 0;
            }
            case "--help", "-h", "help" -> {
                out.println("Usage: argus-server COMMAND [OPTIONS]");
                out.println();
                out.println("Argus, the watchman service: deploys services from git and keeps them alive.");
                out.println();
                COMMANDS.forEach((word, command) -> {
                    var spec = new CommandLine(command.get()).getCommandSpec();
                    out.printf(
                            "  %-13s %s%n",
                            word, String.join(" ", spec.usageMessage().description()));
                });
                yield 0;
            }
            default -> {
                var err = new PrintWriter(System.err, true, java.nio.charset.StandardCharsets.UTF_8);
                complain(err, "There is no command \"" + name + "\"; argus-server --help lists them.");
                yield USAGE;
            }
        };
    }

    private static int explain(Exception failure, CommandLine line) throws Exception {
        String sentence = switch (failure) {
            case ArgusException known -> known.sentence();
            case InvalidValue known -> known.sentence();
            default -> throw failure;
        };
        complain(line.getErr(), sentence);
        return 1;
    }

    private static void complain(PrintWriter err, @org.jspecify.annotations.Nullable String sentence) {
        err.println("argus-server: " + sentence);
    }

    private Main() {}
}
