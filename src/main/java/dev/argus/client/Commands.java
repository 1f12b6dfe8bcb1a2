package dev.argus.client;

import org.jspecify.annotations.Nullable;

/** All commands. Only the one that is asked for is made. */
final class Commands {
    /** Name, what follows it, and what it does, in the order of the help. */
    static final String[][] ALL = {
        {"deploy", "NAME --repo URL", "deploy a service from a git repository, or the next version of it"},
        {"undeploy", "NAME", "stop a service and remove everything of it"},
        {"start", "NAME", "start a stopped service"},
        {"stop", "NAME", "stop a service"},
        {"restart", "NAME", "stop and start a service"},
        {"build", "NAME", "fetch and build, without putting the result into service"},
        {"rollback", "NAME [RELEASE]", "go back to an earlier release"},
        {"releases", "NAME", "list the releases there are to go back to"},
        {"scale", "NAME N", "run N instances"},
        {"ls", "", "list the services"},
        {"status", "NAME", "show one service with its instances"},
        {"why", "NAME", "explain why a service is as it is"},
        {"timeline", "NAME", "show what has happened to a service"},
        {"incidents", "NAME [ID]", "show what has gone wrong with a service, with the evidence"},
        {"logs", "NAME [-f] [-n 100]", "show what a service writes"},
        {"events", "[-f]", "show what happened"},
        {"stats", "", "show what the servers have and use"},
        {"servers", "", "list the servers and what they have free"},
        {"env", "NAME list|set|unset", "the environment of a service"},
        {"secret", "NAME set KEY", "set a secret of a service; its value is read from standard input"},
        {"login", "[URL]", "sign in and remember it"},
        {"token", "create|list|revoke", "tokens for programs and people"},
        {"audit", "", "show who did what"},
        {"completion", "bash|zsh|fish", "print a completion script for a shell"},
    };

    private Commands() {}

    static @Nullable Command find(String name) {
        return switch (name) {
            case "deploy" -> new DeployCommand();
            case "undeploy" -> new UndeployCommand();
            case "start", "stop", "restart" -> new LifecycleCommand(name);
            case "build" -> new BuildCommand();
            case "rollback" -> new RollbackCommand();
            case "releases" -> new ReleasesCommand();
            case "scale" -> new ScaleCommand();
            case "ls" -> new ListCommand();
            case "status" -> new StatusCommand();
            case "why" -> new WhyCommand();
            case "timeline" -> new TimelineCommand();
            case "incidents" -> new IncidentsCommand();
            case "logs" -> new LogsCommand();
            case "events" -> new EventsCommand();
            case "stats" -> new StatsCommand();
            case "servers" -> new ServersCommand();
            case "env" -> new EnvironmentCommand();
            case "secret" -> new SecretCommand();
            case "login" -> new LoginCommand();
            case "token" -> new TokenCommand();
            case "audit" -> new AuditCommand();
            case "completion" -> new CompletionCommand();
            default -> null;
        };
    }

    /** The command that differs by one or two letters, null if none does. */
    static @Nullable String nearest(String word) {
        String nearest = null;
        int least = word.length() < 4 ? 2 : 3;
        for (String[] command : ALL) {
            int distance = distance(word, command[0]);
            if (distance < least) {
                least = distance;
                nearest = command[0];
            }
        }
        return nearest;
    }

    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 2) {
            return 3;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int swap = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(swap, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    static String help() {
        StringBuilder help = new StringBuilder();
        help.append("""
                Argus deploys web services from git, watches them and keeps them alive.

                usage: argus-client [OPTIONS] COMMAND …

                """);
        for (String[] command : ALL) {
            append(help, (command[0] + " " + command[1]).strip(), command[2]);
        }
        help.append("\noptions of every command:\n");
        for (Usage.Option option : Globals.OPTIONS) {
            String shortName = option.shortName() == null ? "" : option.shortName() + ", ";
            String label = option.label() == null ? "" : " " + option.label();
            append(help, shortName + option.name() + label, option.description());
        }
        append(help, "-h, --help", "show this, or the help of a command");
        append(help, "-V, --version", "show the version");
        help.append("""

                The original form works too:
                  argus-client TOKEN NAME deploy deploy|undeploy|build REPO_BASE
                  argus-client TOKEN NAME appexecute start|stop REPO_BASE

                exit status: 0 done, 1 the operation failed, 2 wrong usage, 3 no server reachable,
                  4 not signed in or not allowed, 5 no server has enough resources
                """);
        return help.toString();
    }

    private static void append(StringBuilder help, String left, String right) {
        help.append("  ").append(left);
        for (int i = left.length(); i < 30; i++) {
            help.append(' ');
        }
        help.append(right).append('\n');
    }
}
