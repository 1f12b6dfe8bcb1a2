package dev.argus.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code env NAME}: the environment of a service. */
final class EnvironmentCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                        "env",
                        "Shows or changes the environment of a service: env NAME list, env NAME set K=V..., env NAME unset K...")
                .argument("NAME", "the service")
                .argument("list|set|unset", "what to do")
                .arguments("K=V", "variables to set, or the names of those to remove");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        String verb = arguments.argument(1);
        List<String> words = arguments.arguments(2);
        String path = Api.service(name) + "/env";
        Map<String, @Nullable Object> changes = changes(verb, words);
        Api api = session.home(name);
        String answer = verb.equals("list") ? api.get(path) : api.order("PATCH", path, changes);
        if (session.json()) {
            session.out().println(answer);
        } else if (verb.equals("list")) {
            list(session, name, api.parsed(answer));
        } else {
            session.out()
                    .println((verb.equals("set") ? "Set " : "Removed ")
                            + session.line(String.join(", ", changes.keySet())) + ". What runs already keeps its old"
                            + " environment until argus-client restart " + name + ".");
        }
        return ExitStatus.DONE;
    }

    private static Map<String, @Nullable Object> changes(String verb, List<String> words) {
        return switch (verb) {
            case "list" -> none(words);
            case "set" -> pairs("set", words);
            case "unset" -> removals(words);
            default -> throw ClientFailure.usage("env takes list, set or unset, not \"" + Text.line(verb) + "\".");
        };
    }

    private static Map<String, @Nullable Object> none(List<String> words) {
        if (!words.isEmpty()) {
            throw ClientFailure.usage("There are too many arguments.");
        }
        return Map.of();
    }

    private static Map<String, @Nullable Object> removals(List<String> words) {
        if (words.isEmpty()) {
            throw ClientFailure.usage("Say what to remove: env NAME unset K.");
        }
        Map<String, @Nullable Object> removals = new LinkedHashMap<>();
        for (String key : words) {
            removals.put(key, null);
        }
        return removals;
    }

    private static void list(Session session, String name, Json environment) {
        if (environment.keys().isEmpty()) {
            session.out().println("No variables yet. Set one: argus-client env " + name + " set K=V");
        }
        for (String key : environment.keys()) {
            session.out().println(session.line(key + "=" + environment.text(key, "")));
        }
    }

    /** Takes {@code K=V} apart. No value gets into an error. */
    static Map<String, @Nullable Object> pairs(String what, List<String> words) {
        if (words.isEmpty()) {
            throw ClientFailure.usage("Say what to set: env NAME set K=V.");
        }
        Map<String, @Nullable Object> pairs = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals <= 0) {
                throw ClientFailure.usage(what + " wants K=V: a name, an equals sign and a value.");
            }
            pairs.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return pairs;
    }
}
