package dev.argus.client;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code logs NAME}: what the instances of a service write. */
final class LogsCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage("logs", "Shows what a service writes.")
                .argument("NAME", "the service")
                .flag("-f", "--follow", "go on with what it writes from now on, until Ctrl-C")
                .option("-n", "--tail", "N", "so many lines from the end (default: 100)")
                .option(
                        "--since",
                        "TIME",
                        "only what is newer: a time such as 2026-11-23T10:00:00Z, or an age such as 10m");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        Integer tail = arguments.number("--tail");
        String since = arguments.option("--since");
        String path = Api.service(name) + "/logs?tail=";
        String query = since == null ? "" : "&since=" + Api.encoded(since);
        int count = tail == null ? 100 : tail;
        Api api = session.home(name);
        if (arguments.flag("--follow")) {
            return follow(session, api, path, count, query);
        }
        String answer = api.get(path + count + query, Api.ORDER_SECONDS);
        if (session.json()) {
            session.out().println(answer);
            return ExitStatus.DONE;
        }
        Json log = api.parsed(answer);
        boolean several = several(log);
        StringBuilder text = new StringBuilder();
        for (Json line : log.at("lines").items()) {
            text.append(session.text(prefix(several, line) + line.text("text", "")))
                    .append('\n');
        }
        if (text.isEmpty()) {
            session.note(name + " has written nothing" + (since == null ? " yet." : " since " + since + "."));
        }
        session.out().print(text);
        return ExitStatus.DONE;
    }

    private static boolean several(Json log) {
        Set<String> instances = new HashSet<>();
        for (Json line : log.at("lines").items()) {
            instances.add(line.text("instance", ""));
        }
        return instances.size() > 1;
    }

    private static String prefix(boolean several, Json line) {
        return several ? line.text("instance", "") + " | " : "";
    }

    /** The bare lines of an answer of {@code /logs}. */
    static List<String> lines(Json log) {
        List<String> lines = new ArrayList<>();
        for (Json line : log.at("lines").items()) {
            lines.add(line.text("text", ""));
        }
        return lines;
    }

    private static int follow(Session session, Api api, String path, int count, String query) {
        Set<String> instances = new HashSet<>();
        StreamFollower.Opening opening = last -> opened(api, path, count, query, last);
        new StreamFollower(session).follow(opening, event -> {
            Json line = api.parsed(event.data());
            if (session.json()) {
                session.out().println(Json.write(line.plain()));
                return;
            }
            instances.add(line.text("instance", ""));
            session.out().println(session.text(prefix(instances.size() > 1, line) + line.text("text", "")));
        });
        return ExitStatus.DONE;
    }

    /** After a break only what is new is wanted: what came before has been shown. */
    private static EventStream opened(Api api, String path, int count, String query, @Nullable String last) {
        if (last == null) {
            return api.events(path + count + query + "&follow=true", null);
        }
        return api.events(path + "0&follow=true", last.isEmpty() ? null : last);
    }
}
