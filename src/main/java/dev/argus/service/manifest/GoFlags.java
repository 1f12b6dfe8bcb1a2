package dev.argus.service.manifest;

import dev.argus.service.CommandLine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a Go program may be told its port otherwise than by {@code PORT} or by an argument: its flags and sub-commands.
 *
 * @param arguments give the port by a flag that the program declares; empty where it declares none
 * @param certain whether that flag can hardly mean anything else, and nothing in the program takes the port in another way
 * @param subCommands those that may start the server, where a program is built from sub-commands
 */
record GoFlags(List<String> arguments, boolean certain, List<String> subCommands) {
    /** In the package flag and in pflag: {@code flag.String("addr", ":80", …)}, {@code IntVarP(&port, "port", "p", 80, …)}. */
    private static final Pattern FLAG = Pattern.compile(
            "\\.(?<type>String|Int|Uint|Uint16|Int32)(?:Var)?P?\\(\\s*(?:&?[\\w.]+\\s*,\\s*)?\"(?<name>[A-Za-z0-9._-]+)\"\\s*,"
                    + "\\s*(?:\"[A-Za-z]?\"\\s*,\\s*)?(?<default>\"[^\"\\n]*\")?");
    /** In kingpin: {@code kingpin.Flag("web.listen-address", "…").Default(":9102").String()}. */
    private static final Pattern CHAINED = Pattern.compile("\\.Flag\\(\\s*\"(?<name>[A-Za-z0-9._-]+)\"\\s*,"
            + "\\s*\"(?:[^\"\\\\\\n]|\\\\.)*+\"\\s*,?\\s*\\)(?<rest>[^\\n]*)");

    private static final Pattern CHAINED_DEFAULT = Pattern.compile("\\.Default\\((?<default>\"[^\"\\n]*\")");
    /** In urfave/cli: {@code &cli.StringFlag{Name: "addr", Value: ":80"}}. */
    private static final Pattern LITERAL = Pattern.compile("\\.(?<type>String|Int|Uint)Flag\\{(?<body>[^}]*)\\}");

    private static final Pattern LITERAL_NAME = Pattern.compile("\\bName:\\s*\"(?<name>[A-Za-z0-9._-]+)[\",]");
    private static final Pattern LITERAL_DEFAULT = Pattern.compile("\\bValue:\\s*(?<default>\"[^\"\\n]*\")");
    /** In the toolkit of Prometheus exporters: {@code kingpinflag.AddFlags(kingpin.CommandLine, ":9102")}. */
    private static final Pattern EXPORTER =
            Pattern.compile("\\bAddFlags\\(\\s*[\\w.]+\\s*,\\s*(?<default>\"[^\"\\n/]*:\\d+\")\\s*\\)");

    private static final String EXPORTER_FLAG = "web.listen-address";

    private static final Pattern SUB_COMMAND = Pattern.compile("\\b(?:Use|Name):\\s*\"(serve|server|web|start|run)\\b");
    private static final Pattern SUB_COMMAND_FRAMEWORK =
            Pattern.compile("github\\.com/(spf13/cobra|urfave/cli(/v\\d+)?)");
    private static final Pattern READS_PORT = Pattern.compile("\"PORT\"|\\bos\\.Args\\b(?!\\[1:\\]|\\[0\\])");
    private static final Pattern READS_PORT_BY_ITSELF = Pattern.compile("\\.Run\\(\\s*\\)");
    private static final String GIN = "github.com/gin-gonic/gin";
    private static final Pattern LISTENS_HERE = Pattern.compile("(localhost|[0-9.]*|\\[[0-9a-f:]*\\])?:\\w*");

    private static final Set<String> PORTS =
            Set.of("port", "httpport", "listenport", "serverport", "webport", "bindport", "p");
    private static final Set<String> ADDRESSES = Set.of(
            "addr",
            "address",
            "listen",
            "listenaddr",
            "listenaddress",
            "listenhttp",
            "bind",
            "bindaddr",
            "bindaddress",
            "http",
            "httpaddr",
            "httpaddress",
            "httplisten",
            "httplistenaddr",
            "httplistenaddress",
            "weblisten",
            "weblistenaddress",
            "webaddr",
            "serveraddr",
            "serveraddress",
            "a");

    /** A flag; {@code type} is null where the declaration does not say it, {@code given} the text of its default. */
    private record Declared(String name, @Nullable String type, String given) {
        String plainName() {
            return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
        }

        boolean isShort() {
            return name.length() == 1;
        }

        Optional<String> value() {
            String plain = plainName();
            int colon = given.lastIndexOf(':');
            boolean text = type == null || type.equals("String");
            if (text && (colon >= 0 || ADDRESSES.contains(plain))) {
                boolean known = PORTS.contains(plain) || ADDRESSES.contains(plain);
                return known && !given.contains("/")
                        ? Optional.of(given.substring(0, Math.max(colon, 0)) + ":" + CommandLine.PORT)
                        : Optional.empty();
            }
            return PORTS.contains(plain) ? Optional.of(CommandLine.PORT) : Optional.empty();
        }

        /** Whether its default says that it is for listening, and not for finding something else. */
        boolean isForListening() {
            return !isShort()
                    && (given.indexOf(':') < 0 || LISTENS_HERE.matcher(given).matches());
        }

        List<String> arguments() {
            return value().map(value -> List.of((isShort() ? "-" : "--") + name, value))
                    .orElse(List.of());
        }
    }

    /** What {@code files}, those of the program first, declare. */
    static GoFlags of(List<GoFile> files) {
        Optional<Declared> flag = files.stream()
                .flatMap(file -> declared(file.text()).stream())
                .filter(declared -> declared.value().isPresent())
                .min(Comparator.comparing(Declared::isShort));
        return new GoFlags(
                flag.map(Declared::arguments).orElse(List.of()),
                flag.filter(Declared::isForListening).isPresent()
                        && files.stream().noneMatch(GoFlags::takesThePortOtherwise),
                subCommands(files));
    }

    private static boolean takesThePortOtherwise(GoFile file) {
        return READS_PORT.matcher(file.text()).find()
                || (file.imports().contains(GIN)
                        && READS_PORT_BY_ITSELF.matcher(file.text()).find());
    }

    private static List<Declared> declared(String text) {
        var all = new ArrayList<Declared>();
        Matcher flag = FLAG.matcher(text);
        while (flag.find()) {
            all.add(new Declared(flag.group("name"), flag.group("type"), unquoted(flag.group("default"))));
        }
        Matcher chained = CHAINED.matcher(text);
        while (chained.find()) {
            all.add(new Declared(chained.group("name"), null, defaultIn(CHAINED_DEFAULT, chained.group("rest"))));
        }
        Matcher literal = LITERAL.matcher(text);
        while (literal.find()) {
            Matcher name = LITERAL_NAME.matcher(literal.group("body"));
            if (name.find()) {
                all.add(new Declared(
                        name.group("name"), literal.group("type"), defaultIn(LITERAL_DEFAULT, literal.group("body"))));
            }
        }
        Matcher exporter = EXPORTER.matcher(text);
        while (exporter.find()) {
            all.add(new Declared(EXPORTER_FLAG, "String", unquoted(exporter.group("default"))));
        }
        return all;
    }

    private static String defaultIn(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? unquoted(matcher.group("default")) : "";
    }

    private static String unquoted(@Nullable String quoted) {
        return quoted == null ? "" : quoted.replace("\"", "");
    }

    private static List<String> subCommands(List<GoFile> files) {
        var found = new ArrayList<String>();
        for (GoFile file : files) {
            if (file.imports().stream()
                    .anyMatch(path -> SUB_COMMAND_FRAMEWORK.matcher(path).matches())) {
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
