package dev.argus.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code ls}: all services. This is what is typed most and has to be there at once, so the way of one server, without
 * options, touches nothing that is slow to load: no picocli, no threads, no times.
 */
final class ListCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage("ls", "Lists the services.");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        List<Api> all = session.all();
        return all.size() == 1 ? one(session, all.get(0)) : several(session, all);
    }

    private static int one(Session session, Api api) {
        String answer = api.get("/services");
        if (session.json()) {
            session.out().println(answer);
            return ExitStatus.DONE;
        }
        List<Json> services = api.parsed(answer).items();
        if (services.isEmpty()) {
            return none(session);
        }
        Table table = new Table("NAME", "STATUS", "INSTANCES", "RELEASE", "URL");
        for (Json service : services) {
            table.row(
                    session.line(service.text("name", "")),
                    session.line(service.text("status", "")),
                    instances(service),
                    session.line(service.at("release").text("number", "")),
                    session.line(service.text("url", "")));
        }
        session.out().print(table);
        return ExitStatus.DONE;
    }

    private static int none(Session session) {
        session.out().println("No services yet. Deploy one: argus-client deploy NAME --repo URL");
        return ExitStatus.DONE;
    }

    /** How many are running, of how many there are. */
    private static String instances(Json service) {
        List<Json> instances = service.at("instances").items();
        int running = 0;
        for (Json instance : instances) {
            if (instance.text("state", "").equalsIgnoreCase("running")) {
                running++;
            }
        }
        return running + "/" + instances.size();
    }

    private static int several(Session session, List<Api> all) {
        List<Object> merged = new ArrayList<>();
        Table table = new Table("SERVER", "NAME", "STATUS", "INSTANCES", "RELEASE", "URL");
        for (Survey.Reply reply : answers(session, all, "/services")) {
            String server = reply.api().server().name();
            Json services = reply.answer();
            for (Json service : services == null ? List.<Json>of() : services.items()) {
                merged.add(withServer(server, service));
                table.row(
                        session.line(server),
                        session.line(service.text("name", "")),
                        session.line(service.text("status", "")),
                        instances(service),
                        session.line(service.at("release").text("number", "")),
                        session.line(service.text("url", "")));
            }
        }
        if (session.json()) {
            session.out().println(Json.write(merged));
        } else if (merged.isEmpty()) {
            return none(session);
        } else {
            session.out().print(table);
        }
        return ExitStatus.DONE;
    }

    /** An object as it came, and the server it came from. */
    static Map<String, Object> withServer(String server, Json object) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("server", server);
        for (String key : object.keys()) {
            fields.put(key, object.at(key));
        }
        return fields;
    }

    /**
     * Asks all servers the same and says which ones do not answer.
     *
     * @return the replies that are answers
     * @throws ClientFailure if there is none
     */
    static List<Survey.Reply> answers(Session session, List<Api> all, String path) {
        List<Survey.Reply> answers = new ArrayList<>();
        ClientFailure refused = null;
        for (Survey.Reply reply : Survey.ask(all, api -> api.read(path, Api.CHOICE_SECONDS))) {
            ClientFailure failure = reply.failure();
            if (failure == null) {
                answers.add(reply);
            } else if (failure instanceof Unreachable lost) {
                session.note(reply.api().server().name() + ": not reachable: " + lost.reason());
            } else {
                session.note(reply.api().server().name() + ": " + failure.sentence());
                refused = failure;
            }
        }
        if (!answers.isEmpty()) {
            return answers;
        }
        throw refused == null
                ? Placement.noneReachable(all.size())
                : new ClientFailure(refused.status(), "No server gave an answer; the lines above say why.");
    }
}
