package dev.argus.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The command {@code argus-client}. */
public final class ArgusClient {
    private ArgusClient() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] args) {
        if (System.getProperty("jdk.includeInExceptions") == null) {
            // the JDK's own default; unless it stands here, the first socket reads the 60 KB of java.security to find
            // it
            System.setProperty("jdk.includeInExceptions", "hostInfoExclSocket");
        }
        int status = run(args, Surroundings.ofProcess());
        if (status != ExitStatus.DONE) {
            // not exit: nothing is left to be cleaned up, and exit loads the loggers first, which takes 10 ms
            Runtime.getRuntime().halt(status);
        }
    }

    /**
     * Runs one command.
     *
     * @return the exit status of the contract
     */
    static int run(String[] args, Surroundings surroundings) {
        Globals globals = new Globals();
        Session session = new Session(globals, surroundings);
        int status;
        try {
            status = dispatch(args, globals, session);
        } catch (ClientFailure failure) {
            boolean unhelpful =
                    failure.status() == ExitStatus.USAGE && !failure.sentence().contains(" --help");
            session.note(failure.sentence() + (unhelpful ? " See argus-client --help." : ""));
            status = failure.status();
        } catch (RuntimeException fault) {
            session.note("This is a fault of argus-client, please report it: " + fault);
            if (globals.verbose) {
                fault.printStackTrace(surroundings.err());
            }
            status = ExitStatus.FAILED;
        }
        if (surroundings.out().checkError() && status == ExitStatus.DONE) {
            session.note("Not everything could be written to standard output.");
            status = ExitStatus.FAILED;
        }
        surroundings.err().flush();
        return status;
    }

    private static int dispatch(String[] args, Globals globals, Session session) {
        int at = behindGlobals(args, 0, globals);
        if (at == args.length) {
            session.surroundings().err().print(Commands.help());
            return ExitStatus.USAGE;
        }
        String word = args[at];
        String[] rest = Arrays.copyOfRange(args, at + 1, args.length);
        switch (word) {
            case "-h", "--help", "help" -> {
                return help(rest, session);
            }
            case "-V", "--version" -> {
                session.out().println("argus-client " + version());
                return ExitStatus.DONE;
            }
            default -> {
                // a command
            }
        }
        Command command = Commands.find(word);
        if (command != null) {
            return call(word, command, rest, globals, session);
        }
        String[] modern = OriginalForm.translated(args, at, globals);
        if (modern != null) {
            Command meant = Commands.find(modern[0]);
            if (meant != null) {
                return call(modern[0], meant, Arrays.copyOfRange(modern, 1, modern.length), globals, session);
            }
        }
        throw ClientFailure.usage(unknown(word));
    }

    private static int behindGlobals(String[] args, int from, Globals globals) {
        int at = from;
        while (at < args.length) {
            int next = globals.take(args, at);
            if (next == at) {
                break;
            }
            at = next;
        }
        return at;
    }

    private static int call(String name, Command command, String[] words, Globals globals, Session session) {
        try {
            Usage usage = command.usage();
            Arguments arguments = plain(words, usage, globals);
            if (arguments == null) {
                ArgumentsParser parser = new ArgumentsParser(usage);
                arguments = parser.parse(words, globals);
                if (arguments == null) {
                    session.out().print(parser.help());
                    return ExitStatus.DONE;
                }
            }
            return command.run(session, arguments);
        } catch (ClientFailure failure) {
            if (failure.status() == ExitStatus.USAGE) {
                throw ClientFailure.usage(failure.sentence() + " See argus-client " + name + " --help.");
            }
            throw failure;
        }
    }

    /** Most calls have no options but those that all commands have; null if this one has, or is wrong. */
    private static @Nullable Arguments plain(String[] words, Usage usage, Globals globals) {
        List<String> arguments = new ArrayList<>();
        for (int at = 0; at < words.length; ) {
            if (words[at].startsWith("-")) {
                int next = globals.take(words, at);
                if (next == at) {
                    return null;
                }
                at = next;
            } else {
                arguments.add(words[at]);
                at++;
            }
        }
        return usage.takes(arguments.size()) ? new Arguments(Map.of(), arguments) : null;
    }

    private static int help(String[] words, Session session) {
        Command command = words.length == 0 ? null : Commands.find(words[0]);
        if (command == null && words.length > 0) {
            throw ClientFailure.usage(unknown(words[0]));
        }
        session.out().print(command == null ? Commands.help() : new ArgumentsParser(command.usage()).help());
        return ExitStatus.DONE;
    }

    /** Says no word that may be a token: the original form begins with one. */
    private static String unknown(String word) {
        if (word.startsWith("-")) {
            int equals = word.indexOf('=');
            return "The option " + (equals < 0 ? word : word.substring(0, equals)) + " is not known.";
        }
        String near = Commands.nearest(word);
        if (near != null) {
            return "\"" + word + "\" is no command; did you mean " + near + "?";
        }
        return "The first word is no command, and what follows is not the original form"
                + " (argus-client TOKEN NAME deploy deploy|undeploy|build REPO_BASE).";
    }

    static String version() {
        @Nullable String version = ArgusClient.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
