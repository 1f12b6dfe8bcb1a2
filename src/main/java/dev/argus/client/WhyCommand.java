package dev.argus.client;

/** {@code why NAME}: why a service is as it is. */
final class WhyCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage("why", "Explains why a service is as it is.").argument("NAME", "the service");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        String path = Api.service(name) + "/why";
        Api api = session.home(name);
        String answer = api.get(path);
        if (session.json()) {
            session.out().println(answer);
            return ExitStatus.DONE;
        }
        Json why = api.parsed(answer);
        String reason = why.text("reason");
        session.out()
                .println(session.line(name + " is " + why.text("status", "") + (reason == null ? "." : ": " + reason)));
        for (Json detail : why.at("details").items()) {
            session.out().println("  " + session.text(detail.shown()));
        }
        String incident = why.at("incident").text("id");
        if (incident != null) {
            session.out().println(session.line("  Its evidence: argus-client incidents " + name + " " + incident));
        }
        return ExitStatus.DONE;
    }
}
