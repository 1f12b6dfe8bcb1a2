package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.Argus;
import dev.argus.auth.Accounts;
import dev.argus.auth.Role;
import dev.argus.auth.SigningKeys;
import dev.argus.auth.TokenRecord;
import dev.argus.auth.Tokens;
import dev.argus.config.ServerConfig;
import dev.argus.deploy.Checkpoint;
import dev.argus.store.DataDirectory;
import dev.argus.store.Database;
import dev.argus.store.NodeIdentity;
import dev.argus.store.Statement;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The real server, in this process or in one of its own, on a free port, and what tests ask of it. Leaves nothing running
 * when it is closed.
 */
final class RunningArgus implements AutoCloseable {
    /** Something that listens for requests and can be ended; its services stay. */
    interface Server extends AutoCloseable {
        int port();

        @Override
        void close();
    }

    private record InThisProcess(Argus argus) implements Server {
        @Override
        public int port() {
            return argus.port();
        }

        @Override
        public void close() {
            argus.close();
        }
    }

    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(30);
    // the first build of a Go service in a data directory compiles Go's standard library too
    private static final Duration BUILT_WITHIN = Duration.ofMinutes(5);
    private static final int PORTS = 100;
    // as many blocks of ports for each of the two processes that run tests side by side
    private static final int BLOCKS = 45;

    // each server has others than the one before, which may still run
    private static final AtomicInteger block =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(BLOCKS));

    static {
        // not every resolver knows the names below localhost, so they are only said to the proxy
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    }

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ServerConfig config;
    private final String admin;
    private final Function<ServerConfig, Server> starter;
    private @Nullable Server argus;

    private RunningArgus(ServerConfig config, String admin, Function<ServerConfig, Server> starter) {
        this.config = config;
        this.admin = admin;
        this.starter = starter;
    }

    /** Starts a server with short deadlines in a data directory of its own. */
    static RunningArgus start(Path dataDirectory) {
        return start(dataDirectory, config -> config);
    }

    static RunningArgus start(Path dataDirectory, UnaryOperator<ServerConfig> change) {
        return start(dataDirectory, change, RunningArgus::inThisProcess);
    }

    /** Starts a server in a process of its own, which may be {@linkplain #kill() killed}. */
    static RunningArgus inAProcess(Path dataDirectory, UnaryOperator<ServerConfig> change) {
        return start(dataDirectory, change, ServerProcess::start);
    }

    /** Starts a server in a process of its own by a command that becomes it after it has prepared something. */
    static RunningArgus inAProcessBy(List<String> command, Path dataDirectory, UnaryOperator<ServerConfig> change) {
        return start(dataDirectory, change, config -> ServerProcess.startBy(command, config));
    }

    /** Starts a server in a process of its own, which may be killed where {@link HeldServer#holdAt} holds a deployment. */
    static RunningArgus inAHeldProcess(Path dataDirectory, UnaryOperator<ServerConfig> change) {
        return start(dataDirectory, change, ServerProcess::startHeld);
    }

    /** Starts a server whose deployments pass {@code checkpoint}. */
    static RunningArgus passing(Path dataDirectory, Checkpoint checkpoint, UnaryOperator<ServerConfig> change) {
        return start(dataDirectory, change, config -> new InThisProcess(Argus.start(config, checkpoint)));
    }

    private static Server inThisProcess(ServerConfig config) {
        return new InThisProcess(Argus.start(config));
    }

    private static RunningArgus start(
            Path dataDirectory, UnaryOperator<ServerConfig> change, Function<ServerConfig, Server> starter) {
        ServerConfig config = change.apply(quick(dataDirectory));
        var running = new RunningArgus(config, adminToken(dataDirectory), starter);
        running.begin();
        return running;
    }

    private static ServerConfig quick(Path dataDirectory) {
        int fork = Integer.getInteger("tests.fork", 1);
        int first = 20_000 + ((fork - 1) * BLOCKS + Math.floorMod(block.getAndIncrement(), BLOCKS)) * PORTS;
        ServerConfig d = ServerConfig.DEFAULT;
        return new ServerConfig(
                "127.0.0.1",
                0,
                dataDirectory,
                new ServerConfig.PortRange(first, first + PORTS - 1),
                Set.of("https", "ssh", "http", "file"),
                new ServerConfig.ProxyConfig("embedded", "127.0.0.1", 0, "localhost"),
                new ServerConfig.HealthConfig(
                        "/isalive", Duration.ofMillis(200), Duration.ofSeconds(2), 3, Duration.ofSeconds(20)),
                new ServerConfig.DeployConfig(
                        2,
                        Duration.ofSeconds(20),
                        BUILT_WITHIN,
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(5),
                        Duration.ZERO,
                        3),
                d.log());
    }

    /** This configuration with another limit for becoming healthy. */
    static ServerConfig healthyWithin(ServerConfig config, Duration limit) {
        var deploy = config.deploy();
        return new ServerConfig(
                config.host(),
                config.port(),
                config.dataDirectory(),
                config.portRange(),
                config.gitProtocols(),
                config.proxy(),
                config.health(),
                new ServerConfig.DeployConfig(
                        deploy.queue(),
                        deploy.cloneTimeout(),
                        deploy.buildTimeout(),
                        limit,
                        deploy.drainTimeout(),
                        deploy.bake(),
                        deploy.keepReleases()),
                config.log());
    }

    /** This configuration with another bake time. */
    static ServerConfig baking(ServerConfig config, Duration bake) {
        var deploy = config.deploy();
        return new ServerConfig(
                config.host(),
                config.port(),
                config.dataDirectory(),
                config.portRange(),
                config.gitProtocols(),
                config.proxy(),
                config.health(),
                new ServerConfig.DeployConfig(
                        deploy.queue(),
                        deploy.cloneTimeout(),
                        deploy.buildTimeout(),
                        deploy.healthyTimeout(),
                        deploy.drainTimeout(),
                        bake,
                        deploy.keepReleases()),
                config.log());
    }

    /** This configuration with that proxy, on a free port. */
    static ServerConfig behind(ServerConfig config, String kind) {
        return new ServerConfig(
                config.host(),
                config.port(),
                config.dataDirectory(),
                config.portRange(),
                config.gitProtocols(),
                new ServerConfig.ProxyConfig(kind, "127.0.0.1", 0, "localhost"),
                config.health(),
                config.deploy(),
                config.log());
    }

    private static String adminToken(Path dataDirectory) {
        try (var directory = DataDirectory.open(dataDirectory);
                var database = Database.open(directory.path())) {
            return makeToken(directory, database, "tester", Role.ADMIN, Duration.ofHours(1));
        }
    }

    /** Makes a token as {@code argus-server token create} does: on the files, beside the server. */
    String tokenOnTheHost(String name, Role role, Duration validity) {
        try (var directory = DataDirectory.open(config.dataDirectory());
                var database = Database.open(directory.path())) {
            return makeToken(directory, database, name, role, validity);
        }
    }

    private static String makeToken(
            DataDirectory directory, Database database, String name, Role role, Duration validity) {
        var vertx = Vertx.vertx();
        try {
            var tokens = new Tokens(vertx, SigningKeys.in(directory.directory("keys")), NodeIdentity.of(database));
            TokenRecord record = tokens.record(TokenRecord.Kind.API, name, role, null, Instant.now(), validity);
            database.write(List.of(Accounts.add(record)));
            return tokens.sign(record);
        } finally {
            vertx.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
        }
    }

    /** Writes to the store from another connection, as the commands on the host do. */
    void writeOnTheHost(Statement... statements) {
        try (var database = Database.open(config.dataDirectory())) {
            database.write(List.of(statements));
        }
    }

    ServerConfig config() {
        return config;
    }

    Path dataDirectory() {
        return config.dataDirectory();
    }

    Path serviceDirectory(String name) {
        return dataDirectory().resolve("services").resolve(name);
    }

    String adminToken() {
        return admin;
    }

    /** Starts Argus, which has been ended, on the same data. */
    void begin() {
        argus = starter.apply(config);
    }

    /** {@code kill -9} of a server in a process of its own. */
    void kill() {
        process().kill();
        argus = null;
    }

    /** The pid of a server in a process of its own. */
    long ownPid() {
        return process().pid();
    }

    private ServerProcess process() {
        if (!(running() instanceof ServerProcess process)) {
            throw new IllegalStateException("only a server in a process of its own can be killed");
        }
        return process;
    }

    /** Ends Argus, leaves the services running and starts it again on the same data. */
    void restart() {
        end();
        begin();
    }

    /** Ends Argus and leaves the services running. */
    void end() {
        running().close();
        argus = null;
    }

    private Server running() {
        Server now = argus;
        if (now == null) {
            throw new IllegalStateException("the server does not run");
        }
        return now;
    }

    String url() {
        return "http://127.0.0.1:" + running().port();
    }

    int port() {
        return running().port();
    }

    HttpClient http() {
        return http;
    }

    // requests

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(60));
    }

    Answer send(HttpRequest.Builder request) {
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A request below {@code /api/v1} with a token (none when empty) and a JSON body (none when null). */
    Answer call(String method, String path, String token, @Nullable String body) {
        HttpRequest.Builder request = request("/api/v1" + path);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        return send(request);
    }

    Answer get(String path) {
        return call("GET", path, admin, null);
    }

    Answer post(String path) {
        return call("POST", path, admin, null);
    }

    Answer post(String path, JsonObject body) {
        return call("POST", path, admin, body.encode());
    }

    Answer delete(String path) {
        return call("DELETE", path, admin, null);
    }

    /** A new token of that role, limited to these services if any are given. */
    String token(Role role, String... services) {
        var body = new JsonObject().put("name", "test-" + role.word()).put("role", role.word());
        if (services.length > 0) {
            body.put("services", List.of(services));
        }
        Answer made = post("/tokens", body);
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        return made.json().getString("token");
    }

    // services

    JsonObject service(String name) {
        Answer answer = get("/services/" + name);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    JsonObject instance(String name) {
        return service(name).getJsonArray("instances").getJsonObject(0);
    }

    long pid(String name) {
        return instance(name).getLong("pid");
    }

    JsonObject awaitStatus(String name, String status) {
        return await("status " + status + " of " + name)
                .atMost(PATIENCE)
                .pollInterval(LOOK_EVERY)
                .until(() -> service(name), service -> status.equals(service.getString("status")));
    }

    /** Until a service that was stopped by hand is called so, which it is at once, and nothing of it runs any more. */
    void awaitStopped(String name) {
        awaitStatus(name, "stopped");
        await("nothing of " + name + " runs")
                .atMost(PATIENCE)
                .pollInterval(LOOK_EVERY)
                .until(() -> processesOf(name).isEmpty());
    }

    /** Begins a deployment and gives its id. */
    String beginDeploy(String name, JsonObject body) {
        Answer answer = post("/services/" + name + "/deploy", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.json().getJsonObject("deployment").getString("id");
    }

    JsonObject deployment(String id) {
        return get("/deployments/" + id).json();
    }

    /** The deployment when it has ended. */
    JsonObject ended(String id) {
        return await("end of deployment " + id)
                .atMost(BUILT_WITHIN.plus(PATIENCE))
                .pollInterval(LOOK_EVERY)
                .until(() -> deployment(id), deployment -> deployment.getString("outcome") != null);
    }

    JsonObject deploy(String name, JsonObject body) {
        return ended(beginDeploy(name, body));
    }

    /** Deploys, which must succeed. */
    JsonObject deployed(String name, JsonObject body) {
        JsonObject deployment = deploy(name, body);
        assertThat(deployment.getString("outcome"))
                .as(deployment.encodePrettily())
                .isEqualTo("succeeded");
        return deployment;
    }

    JsonObject deployed(String name, ServiceRepository repository) {
        return deployed(name, new JsonObject().put("repository", repository.url()));
    }

    static JsonObject step(JsonObject deployment, String name) {
        return deployment.getJsonArray("steps").stream()
                .map(JsonObject.class::cast)
                .filter(step -> name.equals(step.getString("name")))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until a step of the deployment is under way. */
    void awaitStep(String id, String step) {
        await(step + " of " + id)
                .atMost(PATIENCE)
                .pollInterval(LOOK_EVERY)
                .until(() -> "running".equals(step(deployment(id), step).getString("state")));
    }

    /** The deployment when its release is in service, its bake time perhaps going on, or when it has ended. */
    JsonObject live(String id) {
        return await("deployment " + id + " is live")
                .atMost(PATIENCE)
                .pollInterval(LOOK_EVERY)
                .until(
                        () -> deployment(id),
                        deployment -> deployment.getString("outcome") != null
                                || step(deployment, "bake").getString("state").equals("running"));
    }

    /** What {@link ServiceRepository#healthy} says it is, as visitors see it. */
    String version(String name) {
        return ask(name, "/version").body().strip();
    }

    /** What the service itself answers to a visitor, whom the proxy lets in. */
    Answer ask(String name, String path) {
        URI url = URI.create(service(name).getString("url") + path);
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + url.getPort() + path))
                .header("Host", url.getAuthority())
                .timeout(Duration.ofSeconds(15)));
    }

    /** The processes that work in the data directory: all that belongs to its services and builds. */
    List<Long> processes() {
        return processesIn(dataDirectory());
    }

    List<Long> processesOf(String service) {
        return processesIn(serviceDirectory(service));
    }

    private static List<Long> processesIn(Path directory) {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .filter(path -> worksIn(path, directory))
                    .map(path -> Long.valueOf(path.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean worksIn(Path process, Path directory) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).startsWith(directory);
        } catch (IOException gone) {
            return false;
        }
    }

    @Override
    public void close() {
        if (!(argus instanceof InThisProcess)) {
            if (argus != null) {
                end();
            }
            argus = inThisProcess(config);
        }
        try {
            if (argus instanceof InThisProcess(Argus here)) {
                here.stopServices();
            }
        } finally {
            end();
        }
        await("no process is left").atMost(PATIENCE).until(() -> processes().isEmpty());
    }
}
