package dev.argus.client;

import java.util.List;

/** {@code releases NAME}: what there is to go back to. */
final class ReleasesCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage("releases", "Lists the releases of a service that are kept.").argument("NAME", "the service");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        String path = Api.service(name) + "/releases";
        Api api = session.home(name);
        String answer = api.get(path);
        if (session.json()) {
            session.out().println(answer);
            return ExitStatus.DONE;
        }
        List<Json> releases = api.parsed(answer).items();
        if (releases.isEmpty()) {
            session.out().println("No releases yet. Make one: argus-client deploy " + name);
            return ExitStatus.DONE;
        }
        Table table = new Table("RELEASE", "STATE", "REVISION", "BUILT", "BY", "SUBJECT");
        for (Json release : releases) {
            table.row(
                    session.line(release.text("number", "")),
                    session.line(release.text("state", release.flag("live") ? "live" : "")),
                    session.line(StatusCommand.revision(release)),
                    session.line(Units.moment(release.text("builtAt"))),
                    session.line(release.text("by", "")),
                    session.line(release.text("subject", "")));
        }
        session.out().print(table);
        return ExitStatus.DONE;
    }
}
