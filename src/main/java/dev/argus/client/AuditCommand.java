package dev.argus.client;

import java.util.List;

/** {@code audit}: who did what. */
final class AuditCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage("audit", "Shows who did what.");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        Api api = session.api(session.only());
        String answer = api.get("/audit", Api.ORDER_SECONDS);
        if (session.json()) {
            session.out().println(answer);
            return ExitStatus.DONE;
        }
        List<Json> entries = api.parsed(answer).items();
        if (entries.isEmpty()) {
            session.out().println("Nobody has changed anything yet.");
            return ExitStatus.DONE;
        }
        Table table = new Table("TIME", "WHO", "WHAT", "SERVICE", "RESULT");
        for (Json entry : entries) {
            table.row(
                    session.line(Units.moment(entry.text("at"))),
                    session.line(entry.text("actor", "")),
                    session.line(entry.text("action", "")),
                    session.line(entry.text("service", "")),
                    session.line(entry.text("result", "")));
        }
        session.out().print(table);
        return ExitStatus.DONE;
    }
}
