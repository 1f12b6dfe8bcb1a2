package dev.argus.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code token create|list|revoke}: tokens for programs and people. */
final class TokenCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                        "token",
                        "Makes, lists and revokes tokens: token create --name N --role R, token list, token revoke ID."
                                + " A new token is printed alone and never shown again.")
                .argument("create|list|revoke", "what to do")
                .optionalArgument("ID", "the token to revoke")
                .option("--name", "NAME", "what it is for")
                .option("--role", "ROLE", "viewer, operator or admin")
                .options("--service", "NAME", "a service it is limited to; may be repeated")
                .option("--expires", "TIME", "how long it is good, such as 30d");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String id = arguments.optionalArgument(1);
        String verb = arguments.argument(0);
        boolean revokes = verb.equals("revoke");
        if (revokes == (id == null)) {
            throw ClientFailure.usage(revokes ? "Say which one: token revoke ID." : "There are too many arguments.");
        }
        switch (verb) {
            case "create" -> create(session, arguments);
            case "list" -> list(session);
            case "revoke" -> {
                session.api(session.only()).order("DELETE", "/tokens/" + Api.segment(String.valueOf(id)), null);
                if (!session.json()) {
                    session.out().println("Revoked " + session.line(String.valueOf(id)) + ".");
                }
            }
            default -> throw ClientFailure.usage("token takes create, list or revoke.");
        }
        return ExitStatus.DONE;
    }

    private static void create(Session session, Arguments arguments) {
        String name = arguments.option("--name");
        String role = arguments.option("--role");
        if (name == null || role == null) {
            throw ClientFailure.usage("A token wants a name and a role: token create --name N --role viewer.");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("role", role);
        List<String> services = arguments.options("--service");
        if (!services.isEmpty()) {
            body.put("services", services);
        }
        String expires = arguments.option("--expires");
        if (expires != null) {
            body.put("expires", expires);
        }
        Api api = session.api(session.only());
        String answer = api.order("POST", "/tokens", body);
        session.out()
                .println(
                        session.json()
                                ? answer
                                : session.line(api.parsed(answer).text("token", "")));
    }

    private static void list(Session session) {
        Api api = session.api(session.only());
        String answer = api.get("/tokens");
        if (session.json()) {
            session.out().println(answer);
            return;
        }
        List<Json> tokens = api.parsed(answer).items();
        if (tokens.isEmpty()) {
            session.out().println("No tokens yet. Make one: argus-client token create --name N --role viewer");
            return;
        }
        Table table = new Table("ID", "NAME", "ROLE", "SERVICES", "CREATED", "EXPIRES", "LAST USED");
        for (Json token : tokens) {
            Json services = token.at("services");
            StringBuilder names = new StringBuilder(services.isNull() ? "all" : "");
            for (Json service : services.items()) {
                names.append(names.isEmpty() ? "" : ",").append(service.shown());
            }
            table.row(
                    session.line(token.text("id", "")),
                    session.line(token.text("name", "")),
                    session.line(token.text("role", "")),
                    session.line(names.toString()),
                    session.line(Units.moment(token.text("createdAt"))),
                    session.line(Units.moment(token.text("expiresAt"))),
                    token.at("lastUsedAt").isNull() ? "never" : session.line(Units.moment(token.text("lastUsedAt"))));
        }
        session.out().print(table);
    }
}
