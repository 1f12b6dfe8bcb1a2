package dev.argus.service.manifest;

import dev.argus.service.CommandLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a Go program may be told its port otherwise than by {@code PORT} or by an argument: its flags and sub-commands. */
final class GoFlags {
    private static final Pattern FLAG = Pattern.compile(
            "\\.(?<type>String|Int|Uint|Uint16|Int32)(?:Var)?P?\\(\\s*(?:&?[\\w.]+\\s*,\\s*)?\"(?<name>[A-Za-z0-9._-]+)\"\\s*,"
                    + "\\s*(?:\"[A-Za-z]?\"\\s*,\\s*)?(?<default>\"[^\"\\n]*\")?");
    private static final Pattern SUB_COMMAND = Pattern.compile("\\bUse:\\s*\"(serve|server|web|start|run)\\b");
    private static final Set<String> PORTS =
            Set.of("port", "http-port", "http_port", "httpport", "listen-port", "listenport", "p");
    private static final Set<String> ADDRESSES = Set.of(
            "addr",
            "address",
            "listen",
            "listen-addr",
            "listen-address",
            "listenaddr",
            "bind",
            "http",
            "http-addr",
            "http_addr",
            "httpaddr",
            "http.addr",
            "web.listen-address",
            "server-addr",
            "a");
    private static final Set<String> SUB_COMMAND_FRAMEWORKS = Set.of("github.com/spf13/cobra");

    private GoFlags() {}

    /** The arguments that give the port by a flag which one of {@code files} declares. */
    static Optional<List<String>> arguments(List<GoFile> files) {
        Optional<List<String>> single = Optional.empty();
        for (GoFile file : files) {
            Matcher flag = FLAG.matcher(file.text());
            while (flag.find()) {
                Optional<String> value = value(flag);
                if (value.isPresent() && flag.group("name").length() > 1) {
                    return Optional.of(List.of("--" + flag.group("name"), value.get()));
                }
                if (value.isPresent() && single.isEmpty()) {
                    single = Optional.of(List.of("-" + flag.group("name"), value.get()));
                }
            }
        }
        return single;
    }

    private static Optional<String> value(Matcher flag) {
        String name = flag.group("name").toLowerCase(Locale.ROOT);
        String given =
                flag.group("default") == null ? "" : flag.group("default").replace("\"", "");
        int colon = given.lastIndexOf(':');
        if (flag.group("type").equals("String") && (colon >= 0 || ADDRESSES.contains(name))) {
            boolean known = PORTS.contains(name) || ADDRESSES.contains(name);
            boolean url = given.contains("/");
            return known && !url
                    ? Optional.of(given.substring(0, Math.max(colon, 0)) + ":" + CommandLine.PORT)
                    : Optional.empty();
        }
        return PORTS.contains(name) ? Optional.of(CommandLine.PORT) : Optional.empty();
    }

    /** The sub-commands that may start the server, where a program is built from sub-commands. */
    static List<String> subCommands(List<GoFile> files) {
        var found = new ArrayList<String>();
        for (GoFile file : files) {
            if (file.imports().stream().anyMatch(SUB_COMMAND_FRAMEWORKS::contains)) {
                Matcher use = SUB_COMMAND.matcher(file.text());
                while (use.find()) {
                    if (!found.contains(use.group(1))) {
                        found.add(use.group(1));
                    }
                }
            }
        }
        return found;
    }
}
