package dev.argus.webroot;

import com.sun.net.httpserver.HttpExchange;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The answers of the stand-in to the routes of the REST API that the page uses. */
final class StandInAnswers {
    private static final String PREFIX = "/api/v1";
    private final StandInApi api;
    private final StandInStreams streams;

    StandInAnswers(StandInApi api, StandInStreams streams) {
        this.api = api;
        this.streams = streams;
    }

    void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (api.isAway()) {
                return;
            }
            String path = exchange.getRequestURI().getPath();
            if (path.startsWith(PREFIX + "/")) {
                answer(exchange, path.substring(PREFIX.length()));
            } else {
                StandInHttp.page(exchange, path.equals("/") ? "/index.html" : path);
            }
        }
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        try {
            JsonObject body = StandInHttp.body(exchange);
            String method = exchange.getRequestMethod();
            if (!method.equals("GET")) {
                String query = StandInHttp.query(exchange);
                api.note(new StandInApi.Request(method, query.isEmpty() ? path : path + "?" + query, body));
                boolean own = exchange.getRequestHeaders().getFirst("X-Argus-Request") != null;
                Refused.unless(own, 403, "It comes from elsewhere.");
            }
            if (path.equals("/login")) {
                logIn(exchange, required(body));
                return;
            }
            String user = api.userOf(StandInHttp.session(exchange));
            if (user == null) {
                throw new Refused(401, "Sign in first, or send a token.", null);
            }
            api.refuseIfScripted(method + " " + path);
            Object held = api.answerIfHeld(method + " " + path);
            if (held != null) {
                StandInHttp.json(exchange, 200, held);
                return;
            }
            route(exchange, path.substring(1).split("/", -1), user, body);
        } catch (Refused refused) {
            StandInHttp.json(exchange, refused.status(), refused.problem());
        }
    }

    private void logIn(HttpExchange exchange, JsonObject body) throws IOException, Refused {
        String session = api.logIn(body);
        StandInHttp.setSession(exchange, session);
        StandInHttp.json(
                exchange, 200, new JsonObject().put("token", session).put("expiresAt", "2099-01-01T00:00:00Z"));
    }

    private void route(HttpExchange exchange, String[] parts, String user, @Nullable JsonObject body)
            throws IOException, Refused {
        switch (parts[0]) {
            case "whoami" -> StandInHttp.json(exchange, 200, api.whoami(user));
            case "logout" -> {
                api.logOut(StandInHttp.session(exchange));
                exchange.sendResponseHeaders(204, -1);
            }
            case "getserverstats" ->
                StandInHttp.json(
                        exchange, 200, StandInShapes.node(api.services().size()));
            case "overview" -> StandInHttp.json(exchange, 200, api.overview());
            case "refs" ->
                StandInHttp.json(exchange, 200, api.refs(required(body).getString("repository")));
            case "events" -> streams.serve(exchange, "events", false);
            case "services" -> {
                if (parts.length == 1) {
                    StandInHttp.json(exchange, 200, new JsonArray(api.services()));
                } else {
                    String what = parts.length == 2 ? "" : parts[2];
                    service(exchange, parts[1], what, parts.length == 4 ? parts[3] : "", user, body);
                }
            }
            case "deployments" -> {
                if (parts.length == 1) {
                    List<JsonObject> newest = api.newestDeployment(StandInHttp.query(exchange));
                    StandInHttp.json(exchange, 200, new JsonArray(newest));
                } else {
                    deployment(exchange, parts[1], parts.length == 3 ? parts[2] : "");
                }
            }
            default -> throw new Refused(404, "There is nothing here.", null);
        }
    }

    private void service(
            HttpExchange exchange, String name, String what, String which, String user, @Nullable JsonObject body)
            throws IOException, Refused {
        String method = exchange.getRequestMethod();
        if (what.equals("deploy") || what.equals("rollback") || what.equals("scale")) {
            String id = api.deploy(name, required(body), user);
            StandInHttp.json(exchange, 202, new JsonObject().put("deployment", api.deployment(id)));
            return;
        }
        Refused.unless(api.hasService(name), 404, "There is no service " + name + ".");
        switch (method + " " + what) {
            case "GET " -> StandInHttp.json(exchange, 200, api.service(name));
            case "GET env" ->
                StandInHttp.json(
                        exchange, 200, api.service(name).getJsonObject("spec").getJsonObject("env", new JsonObject()));
            case "PATCH env" -> StandInHttp.json(exchange, 200, api.patchEnv(name, required(body)));
            case "GET secrets" -> StandInHttp.json(exchange, 200, new JsonArray(List.copyOf(api.secrets(name))));
            case "PUT secrets" -> {
                api.secrets(name).add(which);
                exchange.sendResponseHeaders(204, -1);
            }
            case "DELETE secrets" -> {
                api.secrets(name).remove(which);
                exchange.sendResponseHeaders(204, -1);
            }
            case "GET releases" -> StandInHttp.json(exchange, 200, StandInShapes.releases());
            case "GET metrics" -> StandInHttp.json(exchange, 200, StandInShapes.metrics());
            case "GET timeline" -> StandInHttp.json(exchange, 200, api.timeline(name, StandInHttp.query(exchange)));
            case "GET incidents" -> StandInHttp.json(exchange, 200, StandInShapes.incident(which));
            case "GET logs" -> {
                if (StandInHttp.query(exchange).contains("follow=true")) {
                    streams.serve(exchange, "logs:" + name, false);
                } else {
                    StandInHttp.text(exchange, api.written(name));
                }
            }
            case "DELETE " -> {
                StandInHttp.json(
                        exchange, 200, new JsonObject().put("service", name).put("removed", true));
                api.removeService(name);
            }
            case "POST start", "POST restart" -> {
                api.changeService(name, StandInShapes::starting);
                StandInHttp.json(exchange, 202, api.service(name));
            }
            case "POST stop" -> {
                api.changeService(name, service -> StandInShapes.stopped(service, user));
                StandInHttp.json(exchange, 202, api.service(name));
            }
            default -> throw new Refused(404, "There is nothing here.", null);
        }
    }

    private void deployment(HttpExchange exchange, String id, String what) throws IOException, Refused {
        JsonObject deployment = api.deployment(id);
        boolean over = deployment.getString("outcome") != null;
        if (what.equals("events")) {
            streams.serve(exchange, "deployment:" + id, over);
        } else if (what.equals("log")) {
            StandInHttp.json(exchange, 200, new JsonObject().put("lines", api.outputOf(id)));
        } else if (exchange.getRequestMethod().equals("DELETE")) {
            Refused.unless(!over, 409, "The deployment " + id + " has ended already.");
            api.finish(id, "cancelled", "Cancelled by hand.");
            StandInHttp.json(exchange, 202, deployment);
        } else {
            StandInHttp.json(exchange, 200, deployment);
        }
    }

    private static JsonObject required(@Nullable JsonObject body) throws Refused {
        return Optional.ofNullable(body).orElseThrow(() -> new Refused(400, "The body is missing.", null));
    }
}
