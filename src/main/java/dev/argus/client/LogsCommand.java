package dev.argus.client;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code logs NAME}: what the instances of a service write. */
final class LogsCommand implements Command {
    private static final int USUAL_TAIL = 100;

    @Override
    public Usage usage() {
        return new Usage("logs", "Shows what a service writes.")
                .argument("NAME", "the service")
                .flag("-f", "--follow", "go on with what it writes from now on, until Ctrl-C")
                .option("-n", "--tail", "N", "so many lines from the end (default: 100; with --since all)")
                .option(
                        "--since",
                        "TIME",
                        "only what is newer: a time such as 2026-11-23T10:00:00Z, or an age such as 10m;"
                                + " exact to about 2 s, of what is long ago to 1 % of its age");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        Integer tail = arguments.number("--tail");
        String since = arguments.option("--since");
        List<String> query = new ArrayList<>();
        if (tail != null || since == null) {
            query.add("tail=" + (tail == null ? USUAL_TAIL : tail));
        }
        if (since != null) {
            query.add("since=" + Api.encoded(since));
        }
        String path = Api.service(name) + "/logs?";
        Api api = session.home(name);
        if (arguments.flag("--follow")) {
            return follow(session, api, path, String.join("&", query));
        }
        String answer = api.get(path + String.join("&", query), Api.ORDER_SECONDS);
        if (session.json()) {
            session.out().println(answer);
            return ExitStatus.DONE;
        }
        show(session, name, since, api.parsed(answer));
        return ExitStatus.DONE;
    }

    private static void show(Session session, String name, @Nullable String since, Json log) {
        boolean several = several(log);
        StringBuilder text = new StringBuilder();
        for (Json line : log.at("lines").items()) {
            text.append(session.text(prefix(several, line) + line.text("text", "")))
                    .append('\n');
        }
        if (text.isEmpty()) {
            session.note(name + " has written nothing" + (since == null ? " yet." : " since " + since + "."));
        } else if (since != null && log.text("cut", "").equals("true")) {
            session.note("There is more since " + since + ": only the end of it is shown.");
        }
        session.out().print(text);
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

    private static int follow(Session session, Api api, String path, String query) {
        Set<String> instances = new HashSet<>();
        StreamFollower.Opening opening = last -> opened(api, path, query, last);
        new StreamFollower(session).follow(opening, event -> {
            Json line = api.parsed(event.data());
            if (event.type().equals("skipped")) {
                session.note(
                        line.text("skipped", "Some") + " lines are left out: they came faster than they were read.");
                return;
            }
            if (session.json()) {
                session.out().println(Json.write(line.plain()));
                return;
            }
            instances.add(line.text("instance", ""));
            session.out().println(session.text(prefix(instances.size() > 1, line) + line.text("text", "")));
        });
        return ExitStatus.DONE;
    }

    /** After a break only what is new is wanted: the id of the last line says what has been shown. */
    private static EventStream opened(Api api, String path, String query, @Nullable String last) {
        if (last == null) {
            return api.events(path + query + "&follow=true", null);
        }
        return api.events(path + "tail=0&follow=true", last.isEmpty() ? null : last);
    }
}
