package dev.argus.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code servers}: the list of servers, which of them answer, and what they have free. */
final class ServersCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage("servers", "Lists the servers of the configuration and what they have free.");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        List<Survey.Reply> replies = Survey.ask(session.all(), api -> api.read("/getserverstats", Api.CHOICE_SECONDS));
        List<Object> list = new ArrayList<>();
        Table table = new Table("NAME", "URL", "STATE", "CPU FREE", "MEMORY FREE", "DISK FREE");
        boolean reachable = false;
        for (Survey.Reply reply : replies) {
            Server server = reply.api().server();
            Json stats = reply.answer();
            String state = state(reply.failure());
            reachable |= !(reply.failure() instanceof Unreachable);
            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
            entry.put("name", server.name());
            entry.put("url", server.url());
            entry.put("state", state);
            entry.put("stats", stats);
            list.add(entry);
            table.row(
                    session.line(server.name()),
                    session.line(server.url()),
                    session.line(state),
                    stats == null ? "" : Units.oneDecimal(stats.decimal("cpuFree", 0)),
                    stats == null ? "" : Units.bytes(stats.number("memoryAvailable", 0)),
                    stats == null ? "" : Units.bytes(stats.number("diskAvailable", 0)));
        }
        if (session.json()) {
            session.out().println(Json.write(list));
        } else {
            session.out().print(table);
        }
        return reachable ? ExitStatus.DONE : ExitStatus.UNREACHABLE;
    }

    private static String state(@Nullable ClientFailure failure) {
        return switch (failure) {
            case null -> "reachable";
            case Unreachable lost -> "not reachable: " + lost.reason();
            default -> failure.status() == ExitStatus.NOT_ALLOWED ? "not signed in or not allowed" : "in trouble";
        };
    }
}
