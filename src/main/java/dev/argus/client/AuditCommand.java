package dev.argus.client;

import java.util.List;

/** {@code audit}: who did what. */
final class AuditCommand implements Command {
    private static final int VERIFY_SECONDS = 60;

    @Override
    public Usage usage() {
        return new Usage("audit", "Shows who did what.")
                .option("-n", "--lines", "N", "how many of the newest records, 100 if not said, at most 1000")
                .flag("--verify", "look whether records were changed or taken out");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        Api api = session.api(session.only());
        if (arguments.flag("--verify")) {
            return verify(session, api);
        }
        Integer limit = arguments.number("--lines");
        String answer = api.get(limit == null ? "/audit" : "/audit?limit=" + limit, Api.ORDER_SECONDS);
        if (session.json()) {
            session.out().println(answer);
            return ExitStatus.DONE;
        }
        List<Json> entries = api.parsed(answer).items();
        if (entries.isEmpty()) {
            session.out().println("Nobody has changed anything yet.");
            return ExitStatus.DONE;
        }
        Table table = new Table("TIME", "WHO", "WHAT", "SERVICE", "RESULT", "ABOUT", "FROM");
        for (Json entry : entries) {
            table.row(
                    session.line(Units.moment(entry.text("at"))),
                    session.line(entry.text("actor", "")),
                    session.line(entry.text("action", "")),
                    session.line(entry.text("service", "")),
                    session.line(entry.text("result", "")),
                    session.line(entry.text("detail", "")),
                    session.line(entry.text("address", "")));
        }
        session.out().print(table);
        return ExitStatus.DONE;
    }

    private static int verify(Session session, Api api) {
        String answer = api.get("/audit/verification", VERIFY_SECONDS);
        Json found = api.parsed(answer);
        String finding = found.text("finding");
        if (session.json()) {
            session.out().println(answer);
        } else if (finding == null) {
            session.out()
                    .println("The audit is whole up to record "
                            + session.line(found.text("last", "") + ", its head is " + found.text("last", "") + ":"
                                    + found.text("head", "") + "."));
        } else {
            session.out().println(session.line("The audit is not whole: " + finding));
        }
        return finding == null ? ExitStatus.DONE : ExitStatus.FAILED;
    }
}
