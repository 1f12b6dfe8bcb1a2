package dev.argus.client;

import java.io.IOException;

/** {@code events}: what happened on a server. */
final class EventsCommand implements Command {
    /** After such a silence everything that happened before has been told. */
    private static final int SILENCE_MILLIS = 400;

    private static final int MOST = 10_000;

    @Override
    public Usage usage() {
        return new Usage("events", "Shows what happened lately.")
                .flag("-f", "--follow", "go on with what happens from now on, until Ctrl-C");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        Api api = session.api(session.only());
        if (arguments.flag("--follow")) {
            new StreamFollower(session)
                    .follow(
                            last -> api.events("/events", last == null || last.isEmpty() ? "0" : last),
                            event -> show(session, api, event));
            return ExitStatus.DONE;
        }
        int count = 0;
        Deadline deadline = Deadline.in(Api.ORDER_SECONDS);
        try (EventStream events = api.events("/events", "0")) {
            ServerEvent event;
            while (count < MOST
                    && !deadline.over()
                    && (event = events.next(SILENCE_MILLIS)) != null
                    && !event.isNone()) {
                show(session, api, event);
                count++;
            }
        } catch (IOException e) {
            throw ClientFailure.failed(api.server().url() + " broke off its answer: ask again.");
        }
        if (count == 0) {
            session.note("Nothing happened yet. Follow what will: argus-client events -f");
        }
        return ExitStatus.DONE;
    }

    private static void show(Session session, Api api, ServerEvent event) {
        Json data = api.parsed(event.data());
        if (session.json()) {
            session.out().println(Json.write(data.plain()));
            return;
        }
        StringBuilder line = new StringBuilder(Units.moment(data.text("at")));
        line.append("  ").append(data.text("service", "-"));
        line.append("  ").append(data.text("type", event.type()));
        for (String key : data.keys()) {
            String value = data.text(key);
            if (value != null && !key.equals("at") && !key.equals("service") && !key.equals("type")) {
                line.append(' ').append(key).append('=').append(value);
            }
        }
        session.out().println(session.line(line.toString()));
    }
}
