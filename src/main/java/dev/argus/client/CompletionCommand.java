package dev.argus.client;

import java.util.ArrayList;
import java.util.List;

/** {@code completion SHELL}: what the Tab key needs to know, made from the commands themselves. */
final class CompletionCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                        "completion",
                        "Prints a completion script. For bash: source <(argus-client completion bash); for zsh the same"
                                + " with zsh; for fish: argus-client completion fish | source")
                .argument("bash|zsh|fish", "the shell");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String script = switch (arguments.argument(0)) {
            case "bash" -> bash();
            case "zsh" -> zsh();
            case "fish" -> fish();
            default -> throw ClientFailure.usage("completion takes bash, zsh or fish.");
        };
        session.out().print(script);
        return ExitStatus.DONE;
    }

    /** The words behind a command that are always the same. */
    private static String words(String command) {
        return switch (command) {
            case "env" -> "list set unset";
            case "secret" -> "set unset";
            case "token" -> "create list revoke";
            case "completion" -> "bash zsh fish";
            default -> "";
        };
    }

    /** Whether the first argument of a command is the name of a service there is. */
    private static boolean takesService(String[] command) {
        return command[1].startsWith("NAME");
    }

    private static List<String> options(String command) {
        Command found = Commands.find(command);
        if (found == null) {
            throw new IllegalStateException(command + " is listed and not there");
        }
        List<String> names = new ArrayList<>();
        for (Usage.Option option : found.usage().options()) {
            names.add(option.name());
        }
        for (Usage.Option option : Globals.OPTIONS) {
            names.add(option.name());
        }
        names.add("--help");
        return names;
    }

    private static String names() {
        StringBuilder names = new StringBuilder();
        for (String[] command : Commands.ALL) {
            names.append(names.isEmpty() ? "" : " ").append(command[0]);
        }
        return names.toString();
    }

    private static String bash() {
        StringBuilder script = new StringBuilder();
        script.append("# bash completion for argus-client\n_argus_client() {\n");
        script.append("    local word=${COMP_WORDS[COMP_CWORD]} command= candidates= i\n");
        script.append("    for ((i = 1; i < COMP_CWORD; i++)); do\n");
        script.append("        case ${COMP_WORDS[i]} in\n");
        script.append("        --server | --token | --config | -o) ((i++)) ;;\n");
        script.append("        -*) ;;\n        *) command=${COMP_WORDS[i]}; break ;;\n        esac\n    done\n");
        script.append("    case $command in\n    '') candidates='").append(names());
        script.append(" --server --token --output --config --raw --verbose --help --version' ;;\n");
        for (String[] command : Commands.ALL) {
            script.append("    ").append(command[0]).append(") candidates='");
            script.append(String.join(" ", options(command[0])));
            String words = words(command[0]);
            script.append(words.isEmpty() ? "" : " " + words).append("'");
            if (takesService(command)) {
                script.append("; ((i + 1 == COMP_CWORD)) && [[ $word != -* ]] && candidates=$(_argus_client_services)");
            }
            script.append(" ;;\n");
        }
        script.append("    esac\n    COMPREPLY=($(compgen -W \"$candidates\" -- \"$word\"))\n}\n");
        script.append("_argus_client_services() { argus-client ls 2>/dev/null | while read -r name rest; do");
        script.append(" [[ $name =~ ^[a-z0-9-]+$ && -n $rest ]] && printf '%s\\n' \"$name\"; done; }\n");
        script.append("complete -o default -F _argus_client argus-client\n");
        return script.toString();
    }

    private static String zsh() {
        StringBuilder script = new StringBuilder("#compdef argus-client\n_argus_client() {\n");
        script.append("    local -a commands services\n    commands=(\n");
        for (String[] command : Commands.ALL) {
            script.append("        '")
                    .append(command[0])
                    .append(':')
                    .append(quoted(command[2]))
                    .append("'\n");
        }
        script.append(
                "    )\n    if ((CURRENT == 2)); then\n        _describe command commands\n        return\n    fi\n");
        script.append("    case ${words[2]} in\n");
        for (String[] command : Commands.ALL) {
            script.append("    ").append(command[0]).append(")\n");
            if (takesService(command)) {
                script.append("        if ((CURRENT == 3)) && [[ ${words[3]} != -* ]]; then\n");
                script.append("            services=(${${(f)\"$(argus-client ls 2>/dev/null)\"}[2,-1]%% *})\n");
                script.append("            compadd -a services\n            return\n        fi\n");
            }
            script.append("        compadd -- ").append(String.join(" ", options(command[0])));
            String words = words(command[0]);
            script.append(words.isEmpty() ? "" : " " + words).append("\n        ;;\n");
        }
        script.append("    esac\n}\ncompdef _argus_client argus-client\n");
        return script.toString();
    }

    private static String fish() {
        StringBuilder script = new StringBuilder("# fish completion for argus-client\n");
        script.append("complete -c argus-client -f\n");
        for (String[] command : Commands.ALL) {
            script.append("complete -c argus-client -n __fish_use_subcommand -a ")
                    .append(command[0]);
            script.append(" -d '").append(quoted(command[2])).append("'\n");
            String here = "complete -c argus-client -n '__fish_seen_subcommand_from " + command[0] + "'";
            for (String option : options(command[0])) {
                script.append(here)
                        .append(" -l ")
                        .append(option, 2, option.length())
                        .append('\n');
            }
            String words = words(command[0]);
            if (!words.isEmpty()) {
                script.append(here).append(" -a '").append(words).append("'\n");
            }
            if (takesService(command)) {
                script.append(here);
                script.append(" -a \"(argus-client ls 2>/dev/null | string match -r '^[a-z0-9-]+')\"\n");
            }
        }
        return script.toString();
    }

    /** For single quotes of a shell. */
    private static String quoted(String text) {
        return text.replace("'", "").replace(":", ",");
    }
}
