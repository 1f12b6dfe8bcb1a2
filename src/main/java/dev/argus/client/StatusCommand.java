package dev.argus.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code status NAME}: a page about one service. */
final class StatusCommand implements Command {
    private static final int SHOWN_OF_REVISION = 10;

    @Override
    public Usage usage() {
        return new Usage("status", "Shows one service with its instances.").argument("NAME", "the service");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        String path = Api.service(name);
        Api api = session.home(name);
        String answer = api.get(path);
        if (session.json()) {
            session.out().println(answer);
        } else {
            session.out().print(page(session, api.parsed(answer)));
        }
        return ExitStatus.DONE;
    }

    private static String page(Session session, Json service) {
        StringBuilder page = new StringBuilder();
        String ref = service.text("ref");
        Json release = service.at("release");
        field(session, page, "service", service.text("name"));
        field(session, page, "status", service.text("status"));
        field(session, page, "because", service.text("reason"));
        field(session, page, "wanted", service.text("desired"));
        field(session, page, "url", service.text("url"));
        String repository = service.text("repository", "");
        field(session, page, "repository", Text.withoutPasswords(repository) + (ref == null ? "" : " (" + ref + ")"));
        if (!release.isNull()) {
            field(
                    session,
                    page,
                    "release",
                    release.text("number", "") + ", " + revision(release) + ", built "
                            + Units.moment(release.text("builtAt")));
        }
        List<Json> instances = service.at("instances").items();
        if (!instances.isEmpty()) {
            page.append('\n').append(instances(session, instances));
        }
        return page.toString();
    }

    private static void field(Session session, StringBuilder page, String label, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return;
        }
        page.append(label);
        for (int i = label.length(); i < 12; i++) {
            page.append(' ');
        }
        page.append(session.line(value)).append('\n');
    }

    private static Table instances(Session session, List<Json> instances) {
        Table table = new Table("INSTANCE", "STATE", "HEALTH", "PID", "PORT", "UP", "RESTARTS", "CPU", "MEMORY");
        for (Json instance : instances) {
            boolean runs = !instance.at("pid").isNull();
            Long up =
                    runs && !instance.at("startedAt").isNull() ? Units.between(instance.text("startedAt"), null) : null;
            table.row(
                    session.line(instance.text("id", "")),
                    session.line(instance.text("state", "")),
                    session.line(instance.text("health", "")),
                    session.line(instance.text("pid", "")),
                    session.line(instance.text("port", "")),
                    up == null ? "" : Units.duration(up),
                    session.line(instance.text("restarts", "")),
                    runs && instance.at("cpuPercent").isNumber()
                            ? Units.oneDecimal(instance.decimal("cpuPercent", 0)) + " %"
                            : "",
                    runs && instance.at("rssBytes").isNumber() ? Units.bytes(instance.number("rssBytes", 0)) : "");
        }
        return table;
    }

    /** So much of a revision as people need to know it. */
    static String revision(Json release) {
        String revision = release.text("revision", "");
        return revision.length() > SHOWN_OF_REVISION ? revision.substring(0, SHOWN_OF_REVISION) : revision;
    }
}
