package dev.argus.client;

import java.util.List;

/** {@code timeline NAME}: what has happened to a service. */
final class TimelineCommand implements Command {
    private static final int USUAL = 50;

    @Override
    public Usage usage() {
        return new Usage("timeline", "Shows what has happened to a service, over all its releases, oldest first.")
                .argument("NAME", "the service")
                .option("-n", "--lines", "N", "how many of the last entries, 50 if not said, at most 1000")
                .option("--before", "ID", "only what was before that entry (see -o json)");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        Integer limit = arguments.number("--lines");
        Integer before = arguments.number("--before");
        String path = Api.service(name) + "/timeline?limit=" + (limit == null ? USUAL : limit)
                + (before == null ? "" : "&before=" + before);
        Api api = session.home(name);
        String answer = api.get(path);
        if (session.json()) {
            session.out().println(answer);
            return ExitStatus.DONE;
        }
        List<Json> entries = api.parsed(answer).items();
        if (entries.isEmpty()) {
            session.out().println("Nothing has happened yet that was kept.");
            return ExitStatus.DONE;
        }
        for (Json entry : entries.reversed()) {
            String incident = entry.text("incident");
            session.out()
                    .println(session.line(Units.moment(entry.text("at")) + "  " + entry.text("text", "")
                            + (incident == null ? "" : " (" + incident + ")")));
        }
        return ExitStatus.DONE;
    }
}
