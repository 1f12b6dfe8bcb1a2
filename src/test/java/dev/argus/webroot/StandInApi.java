package dev.argus.webroot;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Not the server: a stand-in that serves the page and answers with the shapes of the REST API, out of a state that a test
 * scripts. It starts, builds and watches nothing.
 */
final class StandInApi implements AutoCloseable {
    private final HttpServer server;
    private final HttpContext context;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final StandInStreams streams = new StandInStreams();
    private final Map<String, JsonObject> users = new ConcurrentHashMap<>();
    private final Map<String, String> links = new ConcurrentHashMap<>();
    private final Map<String, String> sessions = new ConcurrentHashMap<>();
    private final Map<String, JsonObject> services = new ConcurrentSkipListMap<>();
    private final Map<String, JsonObject> deployments = new ConcurrentSkipListMap<>();
    private final Map<String, Set<String>> secrets = new ConcurrentHashMap<>();
    private final Map<String, List<JsonObject>> timelines = new ConcurrentHashMap<>();
    private final Map<String, List<String>> outputs = new ConcurrentHashMap<>();
    private final Map<String, List<String>> logs = new ConcurrentHashMap<>();
    private final Map<String, Refused> refusals = new ConcurrentHashMap<>();
    private final Map<String, HeldRequest> held = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger(100);
    private volatile boolean away;

    /** A request that would change something, as it came; the path is without {@code /api/v1}. */
    record Request(String method, String path, @Nullable JsonObject body) {}

    StandInApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        context = server.createContext("/", new StandInAnswers(this, streams)::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
        streams.endAll();
        server.stop(0);
        threads.shutdownNow();
    }

    /** Makes the server silent, or heard again. */
    void setAway(boolean nowAway) {
        away = nowAway;
        streams.endAll();
    }

    /** Lets every answer carry that warning, or none when it is null. */
    void warn(@Nullable String warning) {
        if (warning == null) {
            context.getAttributes().remove("warning");
        } else {
            context.getAttributes().put("warning", warning);
        }
    }

    boolean isAway() {
        return away;
    }

    /** Makes the next request of that method and path (without {@code /api/v1}) fail. */
    void refuseNext(String methodAndPath, int status, String detail, @Nullable String field) {
        refusals.put(methodAndPath, new Refused(status, detail, field));
    }

    void refuseIfScripted(String methodAndPath) throws Refused {
        Refused refused = refusals.remove(methodAndPath);
        if (refused != null) {
            throw refused;
        }
    }

    /** Lets the next request of that method and path (without {@code /api/v1}) wait for an answer that the test gives. */
    HeldRequest holdNext(String methodAndPath) {
        var request = new HeldRequest();
        held.put(methodAndPath, request);
        return request;
    }

    /** The answer of the test to a request that it holds, or null. */
    @Nullable
    Object answerIfHeld(String methodAndPath) {
        HeldRequest request = held.remove(methodAndPath);
        return request == null ? null : request.awaitAnswer();
    }

    void note(Request request) {
        requests.add(request);
    }

    /** What was asked for that changes something, but sign-ins and questions for branches. */
    List<Request> requests() {
        return requests.stream()
                .filter(request -> !Set.of("/login", "/refs").contains(request.path()))
                .toList();
    }

    // people

    /** Adds somebody; {@code seen} are all the services that may be seen, when any are named. */
    void addUser(String name, String password, String role, String... seen) {
        users.put(
                name,
                new JsonObject()
                        .put("password", password)
                        .put("role", role)
                        .put("services", seen.length == 0 ? null : new JsonArray(List.of(seen))));
    }

    /** Makes a one-time sign-in link. */
    String addLink(String code, String user) {
        links.put(code, user);
        return url() + "#signin=" + code;
    }

    /** The new session for a password or the code of a link. */
    String logIn(JsonObject body) throws Refused {
        String code = body.getString("code");
        String user = code == null ? body.getString("user") : links.remove(code);
        if (user == null) {
            throw new Refused(401, "This sign-in link was used or has ended; make a new one.", null);
        }
        JsonObject known = users.get(user);
        boolean right =
                known != null && (code != null || known.getString("password").equals(body.getString("password")));
        Refused.unless(right, 401, "The user or the password is wrong.");
        String session = "session-" + numbers.incrementAndGet();
        sessions.put(session, user);
        return session;
    }

    void logOut(String session) {
        sessions.remove(session);
    }

    /** Ends every session, as when its time is over. */
    void endSessions() {
        sessions.clear();
        streams.endAll();
    }

    @Nullable
    String userOf(String session) {
        return sessions.get(session);
    }

    JsonObject whoami(String name) {
        JsonObject user = Optional.ofNullable(users.get(name)).orElseThrow();
        return new JsonObject()
                .put("name", name)
                .put("role", user.getString("role"))
                .put("services", user.getValue("services"))
                .put("expiresAt", "2099-01-01T00:00:00Z");
    }

    // services

    /** All services by name. */
    List<JsonObject> services() {
        return List.copyOf(services.values());
    }

    JsonObject service(String name) {
        return Optional.ofNullable(services.get(name)).orElseThrow();
    }

    boolean hasService(String name) {
        return services.containsKey(name);
    }

    /** Puts a service there, or another state of it, and tells. */
    void putService(JsonObject service) {
        String name = service.getString("name");
        services.put(name, service.copy());
        JsonObject data = event(name).put("status", service.getString("status"));
        streams.tell("events", "service-changed", data.put("desired", service.getString("desired")));
    }

    /** Changes a service that is there, and tells. */
    void changeService(String name, Consumer<JsonObject> change) {
        JsonObject service = service(name).copy();
        change.accept(service);
        putService(service);
    }

    void removeService(String name) {
        services.remove(name);
        streams.tell("events", "service-removed", event(name));
    }

    /** What the page asks for now and then: the machine, and every service over the last hour. */
    JsonObject overview() {
        var all = new JsonArray();
        services().forEach(service -> all.add(StandInShapes.hour(service.getString("name"))));
        return new JsonObject().put("node", StandInShapes.node(services.size())).put("services", all);
    }

    /** The branches and tags of any repository, or a refusal where its address has {@code away} in it. */
    JsonObject refs(String repository) throws Refused {
        Refused.unless(!repository.contains("away"), 503, "The host away.example.com does not answer.");
        return new JsonObject()
                .put("default", "main")
                .put("branches", new JsonArray().add("main").add("next"))
                .put("tags", new JsonArray().add("v1.2"));
    }

    /** The names of the secrets of a service. */
    Set<String> secrets(String service) {
        return secrets.computeIfAbsent(service, made -> new ConcurrentSkipListSet<>());
    }

    /** Sets variables, and removes those that are null. */
    JsonObject patchEnv(String service, JsonObject changes) {
        JsonObject spec = service(service).getJsonObject("spec");
        JsonObject env = spec.getJsonObject("env", new JsonObject()).copy();
        changes.forEach(change -> {
            if (change.getValue() == null) {
                env.remove(change.getKey());
            } else {
                env.put(change.getKey(), change.getValue());
            }
        });
        changeService(service, changed -> changed.getJsonObject("spec").put("env", env));
        return env;
    }

    /** Adds an entry to the timeline of a service, and tells that something has happened to it. */
    void happened(String service, JsonObject entry) {
        timelines
                .computeIfAbsent(service, made -> new CopyOnWriteArrayList<>())
                .addFirst(entry.put("id", numbers.incrementAndGet()));
        putService(service(service));
    }

    /** A page of the timeline of a service, newest first. */
    JsonArray timeline(String service, String query) {
        Matcher limit = Pattern.compile("limit=(\\d+)").matcher(query);
        Matcher before = Pattern.compile("before=(\\d+)").matcher(query);
        int oldest = before.find() ? Integer.parseInt(before.group(1)) : Integer.MAX_VALUE;
        return new JsonArray(timelines.getOrDefault(service, List.of()).stream()
                .filter(entry -> entry.getInteger("id") < oldest)
                .limit(limit.find() ? Integer.parseInt(limit.group(1)) : 100)
                .toList());
    }

    /** The log of a service as text. */
    String written(String service) {
        return String.join("", logs.getOrDefault(service, List.of()));
    }

    /** Writes a line to the log of a service. */
    void log(String service, String instance, String text) {
        logs.computeIfAbsent(service, made -> new CopyOnWriteArrayList<>()).add(text + "\n");
        streams.tellAndKeep(
                "logs:" + service,
                "log",
                new JsonObject().put("instance", instance).put("text", text));
    }

    /** Forgets what was written to the log of a service, as a rotation does. */
    void forgetLog(String service) {
        streams.forget("logs:" + service);
    }

    /** How many streams are open. */
    long listeners() {
        return streams.listeners();
    }

    // deployments

    /** Configures a service and begins a deployment of it; gives its id. */
    String deploy(String name, JsonObject request, String by) {
        services.computeIfAbsent(name, made -> StandInShapes.newService(name, request));
        String id = addDeployment(name, by);
        changeService(
                name,
                service -> service.put("status", "deploying").put("reason", "Deployment " + id + " is under way."));
        return id;
    }

    /** Makes a deployment as a request for it would. */
    String addDeployment(String service, String by) {
        String id = "d" + numbers.incrementAndGet();
        deployments.put(id, StandInShapes.deployment(id, service(service), by));
        return id;
    }

    JsonObject deployment(String id) {
        return Optional.ofNullable(deployments.get(id)).orElseThrow();
    }

    /** The newest deployment of the service that the query names, if there is any. */
    List<JsonObject> newestDeployment(String query) {
        Set<String> asked = Set.of(query.split("&", -1));
        return deployments.values().stream()
                .filter(deployment -> asked.contains("service=" + deployment.getString("service")))
                .max((a, b) -> a.getString("id").compareTo(b.getString("id")))
                .stream()
                .toList();
    }

    /** Tells that a step of a deployment has begun or ended. */
    void step(String id, String name, String state, @Nullable String detail) {
        JsonObject deployment = deployment(id);
        for (Object each : deployment.getJsonArray("steps")) {
            JsonObject step = (JsonObject) each;
            if (step.getString("name").equals(name)) {
                String time = state.equals("running") ? "startedAt" : "finishedAt";
                step.put("state", state)
                        .put("detail", detail)
                        .put(time, Instant.now().toString());
            }
        }
        JsonObject data =
                event(deployment).put("step", name).put("state", state).put("detail", detail);
        streams.tellAndKeep("deployment:" + id, "deployment-progress", data);
        streams.tell("events", "deployment-progress", data);
    }

    /** Tells a line that the build has written. */
    void output(String id, String line) {
        outputs.computeIfAbsent(id, made -> new CopyOnWriteArrayList<>()).add(line);
        streams.tellAndKeep(
                "deployment:" + id, "deployment-output", event(deployment(id)).put("line", line));
    }

    /** What the build of a deployment has written. */
    JsonArray outputOf(String id) {
        var lines = new JsonArray();
        outputs.getOrDefault(id, List.of())
                .forEach(line ->
                        lines.add(new JsonObject().put("source", "build").put("text", line)));
        return lines;
    }

    /** Tells that a deployment has ended. */
    void finish(String id, String outcome, @Nullable String cause) {
        JsonObject deployment = deployment(id).put("outcome", outcome).put("cause", cause);
        deployment.put("finishedAt", Instant.now().toString());
        JsonObject data = event(deployment).put("outcome", outcome).put("cause", cause);
        streams.tellAndKeep("deployment:" + id, "deployment-finished", data);
        streams.tell("events", "deployment-finished", data);
        streams.end("deployment:" + id);
    }

    private static JsonObject event(String service) {
        return new JsonObject().put("at", Instant.now().toString()).put("service", service);
    }

    private static JsonObject event(JsonObject deployment) {
        return event(deployment.getString("service")).put("deployment", deployment.getString("id"));
    }
}
