package dev.argus.client;

import java.util.ArrayList;
import java.util.List;

/** {@code stats}: what the servers have and use. */
final class StatsCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage("stats", "Shows what the servers have and use.");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        List<Api> all = session.all();
        if (session.json() && all.size() == 1) {
            session.out().println(all.get(0).get("/getserverstats"));
            return ExitStatus.DONE;
        }
        List<Object> merged = new ArrayList<>();
        Table table = new Table(
                "SERVER",
                "NODE",
                "VERSION",
                "CPUS",
                "LOAD",
                "CPU FREE",
                "MEMORY FREE",
                "DISK FREE",
                "SERVICES",
                "INSTANCES");
        for (Survey.Reply reply : ListCommand.answers(session, all, "/getserverstats")) {
            Json stats = reply.answer();
            if (stats == null) {
                continue;
            }
            String server = reply.api().server().name();
            merged.add(ListCommand.withServer(server, stats));
            table.row(
                    session.line(server),
                    session.line(stats.text("node", "")),
                    session.line(stats.text("version", "")),
                    session.line(stats.text("cpus", "")),
                    stats.at("load1").isNumber() ? Units.oneDecimal(stats.decimal("load1", 0)) : "",
                    Units.oneDecimal(stats.decimal("cpuFree", 0)),
                    ofTotal(stats, "memoryAvailable", "memoryTotal"),
                    ofTotal(stats, "diskAvailable", "diskTotal"),
                    session.line(stats.text("services", "")),
                    session.line(stats.text("instances", "")));
        }
        if (session.json()) {
            session.out().println(Json.write(merged));
        } else {
            session.out().print(table);
        }
        return ExitStatus.DONE;
    }

    private static String ofTotal(Json stats, String free, String total) {
        return Units.bytes(stats.number(free, 0)) + " of " + Units.bytes(stats.number(total, 0));
    }
}
