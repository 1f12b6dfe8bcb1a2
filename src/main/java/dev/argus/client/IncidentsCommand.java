package dev.argus.client;

import java.util.List;

/** {@code incidents NAME [ID]}: what has gone wrong with a service, and the evidence of one of them. */
final class IncidentsCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                        "incidents",
                        "Lists what has gone wrong with a service, or shows one incident with its evidence.")
                .argument("NAME", "the service")
                .optionalArgument("ID", "the incident to show");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        String id = arguments.optionalArgument(1);
        String path = Api.service(name) + "/incidents" + (id == null ? "" : "/" + Api.segment(id));
        Api api = session.home(name);
        String answer = api.get(path);
        if (session.json()) {
            session.out().println(answer);
        } else if (id == null) {
            list(session, name, api.parsed(answer).items());
        } else {
            show(session, api.parsed(answer));
        }
        return ExitStatus.DONE;
    }

    private static void list(Session session, String name, List<Json> incidents) {
        if (incidents.isEmpty()) {
            session.out().println("Nothing has gone wrong with " + session.line(name) + " that was kept.");
            return;
        }
        Table table = new Table("INCIDENT", "TIME", "KIND", "INSTANCE", "REASON");
        for (Json incident : incidents) {
            table.row(
                    session.line(incident.text("id", "")),
                    session.line(Units.moment(incident.text("at"))),
                    session.line(incident.text("kind", "")),
                    session.line(incident.text("instance", "")),
                    session.line(incident.text("reason", "")));
        }
        session.out().print(table);
    }

    private static void show(Session session, Json incident) {
        say(
                session,
                Units.moment(incident.text("at")) + "  " + incident.text("kind", "") + " of "
                        + incident.text("instance", "") + ": " + incident.text("reason", ""));
        section(session, "findings", incident.at("findings").items());
        Json evidence = incident.at("evidence");
        List<Json> probes = evidence.at("probes").items();
        title(session, "probes", probes);
        for (Json probe : probes) {
            say(
                    session,
                    "  " + Units.moment(probe.text("at")) + "  " + probe.text("tookMillis", "?") + " ms  "
                            + probe.text("failure", "answered"));
        }
        List<Json> processes = evidence.at("processes").items();
        title(session, "processes", processes);
        for (Json process : processes) {
            process(session, process);
        }
        section(session, "thread dump", evidence.at("dump").items());
        section(session, "log", evidence.at("log").items());
    }

    private static void process(Session session, Json process) {
        say(session, "  " + process.text("pid", "?") + " " + process.text("command", ""));
        say(
                session,
                "    " + process.text("state", "?") + ", " + process.text("threads", "?") + " threads, "
                        + Units.bytes(process.number("rssBytes", 0)) + ", " + process.text("openFiles", "?")
                        + " open files of at most " + process.text("mostFiles", "?"));
        Json waits = process.at("waits");
        for (String wait : waits.keys()) {
            say(session, "    " + waits.text(wait, "") + " " + wait);
        }
        for (Json socket : process.at("sockets").items()) {
            say(
                    session,
                    "    " + socket.text("protocol", "") + " " + socket.text("local", "") + " "
                            + socket.text("remote", "") + " " + socket.text("state", "") + ", to read "
                            + socket.text("receiveQueue", "0") + ", to send " + socket.text("sendQueue", "0"));
        }
    }

    private static void section(Session session, String title, List<Json> lines) {
        title(session, title, lines);
        for (Json line : lines) {
            say(session, "  " + line.shown());
        }
    }

    private static void title(Session session, String title, List<Json> lines) {
        if (!lines.isEmpty()) {
            session.out().println(title + ":");
        }
    }

    private static void say(Session session, String line) {
        session.out().println(session.line(line));
    }
}
