package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.auth.Role;
import dev.argus.config.ServerConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is secret is found nowhere: not in an answer to anything that the contract offers, to a good request or a bad one, not in a stream, the log, the audit,
 * the arguments of a process, what the commands on the host say, or a file of the data directory. The operations come from the contract, so that a new
 * one is asked too.
 */
final class CanaryTest {
    private static final String USER = "ann";

    /** These come last, since the others need what they take away; {@code events} is read all along. */
    private static final List<String> LAST =
            List.of("events", "cancelDeployment", "deleteSecret", "revokeToken", "removeUser", "undeploy", "logout");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private RunningArgus argus;

    @SuppressWarnings("NullAway.Init")
    private GitOverHttp git;

    private final String secret = canary("secret");
    private final String password = canary("password");
    private final String credential = canary("credential");
    private String token = "";

    /** Everything that was said, by whom or what. */
    private final Queue<Said> corpus = new ConcurrentLinkedQueue<>();

    private record Said(String by, String text) {}

    private static String canary(String kind) {
        byte[] bytes = new byte[12];
        ThreadLocalRandom.current().nextBytes(bytes);
        return "canary-" + kind + "-" + HexFormat.of().formatHex(bytes);
    }

    @BeforeEach
    void start() throws IOException {
        ServiceRepository.healthy(directory, "a").close();
        git = new GitOverHttp(directory.resolve("a.git"), "robot", credential);
        argus = RunningArgus.inAProcess(directory.resolve("data"), CanaryTest::talkative);
        token = argus.token(Role.ADMIN);
    }

    @AfterEach
    void end() {
        argus.close();
        git.close();
    }

    private static ServerConfig talkative(ServerConfig config) {
        return new ServerConfig(
                config.host(),
                config.port(),
                config.dataDirectory(),
                config.portRange(),
                config.gitProtocols(),
                config.proxy(),
                config.health(),
                config.deploy(),
                new ServerConfig.LogConfig("trace", "text"));
    }

    private Map<String, String> canaries() {
        var all = new LinkedHashMap<String, String>();
        all.put("the secret of a service", secret);
        all.put("the password of a user", password);
        all.put("the password of the repository", credential);
        all.put("the same in the header of a request", base64("robot:" + credential));
        all.put("a token", token.substring(token.lastIndexOf('.') + 1));
        return all;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Answer ask(String method, String path, String body) {
        Answer answer = argus.call(method, path, token, body.isEmpty() ? null : body);
        corpus.add(new Said(method + " " + path, answer.headers().map() + "\n" + answer.body()));
        return answer;
    }

    private void refused(String method, String path, String body) {
        Answer answer = ask(method, path, body);
        assertThat(answer.status())
                .as(method + " " + path + ": " + answer.body())
                .isBetween(400, 499);
    }

    @Test
    void whatIsSecretIsFoundNowhere() throws Exception {
        read("/events");
        people();
        deployWithEverything();
        badRequests();
        failures();
        eachOperation();
        processes();
        commandsOnTheHost();
        assertThat(filesThatHold()).isEmpty();
        lastOperations();
        argus.end();
        corpus.add(new Said("the log", Files.readString(ServerProcess.log(argus.dataDirectory()))));
        assertThat(corpus)
                .as("the build that tells its environment was read")
                .anyMatch(said -> said.text().contains("SECRET=***"));
        assertThat(corpus).as("the events were read").anyMatch(said -> said.by().equals("/events"));
        assertThat(leaks()).isEmpty();
        assertThat(filesThatHold()).isEmpty();
    }

    private List<String> leaks() {
        var found = new ArrayList<String>();
        for (Said said : corpus) {
            canaries().forEach((what, canary) -> {
                int at = said.text().indexOf(canary);
                if (at >= 0) {
                    found.add(said.by() + " has " + what + ": "
                            + said.text().substring(Math.max(0, at - 200), at + canary.length()));
                }
            });
        }
        return found;
    }

    /** Reads a stream until the server ends. */
    private void read(String path) {
        HttpRequest request = argus.request("/api/v1" + path)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream")
                .build();
        Thread.ofVirtual().start(() -> {
            try {
                argus.http()
                        .send(request, BodyHandlers.ofLines())
                        .body()
                        .forEach(line -> corpus.add(new Said(path, line)));
            } catch (IOException | UncheckedIOException theServerHasEnded) {
                corpus.add(new Said(path, "the end"));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void people() {
        assertThat(ask("POST", "/users", user(password)).status()).isEqualTo(201);
        Answer login = argus.call("POST", "/login", "", signIn(USER, password));
        assertThat(login.status()).isEqualTo(200);
        assertThat(login.body()).doesNotContain(password);
        Answer byCookie = argus.send(argus.request("/api/v1/whoami")
                .header("Cookie", login.header("Set-Cookie").split(";", 2)[0]));
        corpus.add(new Said("whoami", byCookie.headers().map() + byCookie.body()));
        refused("POST", "/login", signIn(USER, "not " + password));
        refused("POST", "/login", signIn("nobody", password));
        refused("POST", "/login", signIn(password, "in the wrong field"));
    }

    private static String user(String password) {
        return new JsonObject()
                .put("name", USER)
                .put("role", "viewer")
                .put("password", password)
                .encode();
    }

    private static String signIn(String user, String password) {
        return new JsonObject().put("user", user).put("password", password).encode();
    }

    private String repository() {
        return git.url("robot:" + credential + "@");
    }

    private void deployWithEverything() {
        argus.deployed("web", new JsonObject().put("repository", repository()));
        assertThat(ask("PUT", "/services/web/secrets/SECRET", value(secret)).status())
                .isEqualTo(204);
        argus.deployed("web", new JsonObject());
        assertThat(argus.ask("web", "/env").body()).as("it has its secret").contains(secret);
        read("/services/web/logs?follow=true");
    }

    private static String value(Object value) {
        return new JsonObject().put("value", value).encode();
    }

    /** Errors like to repeat what they are about. */
    private void badRequests() {
        String key = "/services/web/secrets/SECRET";
        for (Object value : List.of(
                new JsonArray().add(secret),
                new JsonObject().put(secret, secret),
                secret + "\0",
                secret + "x".repeat(40_000))) {
            refused("PUT", key, value(value));
            refused(
                    "PATCH",
                    "/services/web/env",
                    new JsonObject().put("A", value).encode());
            refused(
                    "POST",
                    "/services/web/deploy",
                    new JsonObject()
                            .put("env", new JsonObject().put("A", value))
                            .encode());
        }
        refused("PUT", key, "{\"value\":\"" + secret);
        refused("PUT", key, "{\"value\":\"" + secret + "\",\"value\":\"" + secret + "\"}");
        refused("PUT", key, "{\"value\":" + secret + "}");
        refused("PUT", key, "\"" + secret + "\"");
        refused(
                "PUT",
                key,
                new JsonObject().put("value", secret).put("more", secret).encode());
        refused("PUT", "/services/web/secrets/1A", value(secret));
        refused("PUT", "/services/web/secrets/PORT", value(secret));
        refused("PUT", "/services/none/secrets/SECRET", value(secret));
        refused("POST", "/users", user(password.substring(0, 5)));
        refused(
                "POST",
                "/users",
                new JsonObject(user(password)).put("role", "god").encode());
        refused(
                "POST",
                "/users",
                new JsonObject(user(password))
                        .put("password", new JsonArray().add(password))
                        .encode());
        refused("POST", "/login", "{\"user\":\"ann\",\"password\":[\"" + password + "\"]}");
        refused("POST", "/login", "{\"user\":\"ann\",\"password\":\"" + password);
        refused("POST", "/login", "{\"code\":\"" + token + "\"}");
        for (String bad : List.of(
                repository().replace("http:", "gopher:"),
                repository() + "?a=b",
                repository().replace("127.0.0.1", "bad_host%zz"),
                repository().replaceFirst(":\\d+/", ":99999/"))) {
            refused(
                    "POST",
                    "/services/web/deploy",
                    new JsonObject().put("repository", bad).encode());
            refused("POST", "/refs", new JsonObject().put("repository", bad).encode());
        }
        refused("GET", "/services?token=" + token, "");
        for (String authorization : List.of("Bearer x" + token, "Basic " + base64("ann:" + password), token)) {
            HttpRequest.Builder request = argus.request("/api/v1/services").header("Authorization", authorization);
            Answer answer = argus.send(request);
            assertThat(answer.status()).isEqualTo(401);
            corpus.add(new Said("a bad token", answer.headers().map() + answer.body()));
        }
        corpus.add(new Said(
                "a form",
                argus.send(argus.request("/api/v1/login")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("user=ann&password=" + password)))
                        .body()));
    }

    /** What goes wrong by itself: fetches with the password, a build, a crash, a hang. */
    private void failures() {
        failed("elsewhere", new JsonObject().put("repository", repository().replace("/a.git", "/b.git")));
        failed("nobody", new JsonObject().put("repository", repository().replaceFirst(":\\d+/", ":1/")));
        failed("stranger", new JsonObject().put("repository", git.url("robot:" + credential + "x@")));
        ask(
                "POST",
                "/refs",
                new JsonObject()
                        .put("repository", git.url("robot:" + credential + "x@"))
                        .encode());
        failed("web", new JsonObject().put("build", "env").put("start", "false"));
        failed("web", new JsonObject().put("build", "sh -c 'env; exit 3'"));
        ask(
                "POST",
                "/services/web/deploy",
                new JsonObject()
                        .put("build", "true")
                        .put("start", ServiceRepository.start("{port}"))
                        .encode());
        argus.awaitStatus("web", "running");
        long pid = argus.pid("web");
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await("an incident")
                .atMost(RunningArgus.PATIENCE)
                .until(() -> !argus.get("/services/web/incidents").array().isEmpty());
    }

    private void failed(String service, JsonObject body) {
        JsonObject deployment = argus.deploy(service, body);
        assertThat(deployment.getString("outcome")).isNotEqualTo("succeeded");
        String id = deployment.getString("id");
        for (String path : List.of("", "/log", "/events")) {
            ask("GET", "/deployments/" + id + path, "");
        }
    }

    private void eachOperation() {
        for (Contract.Operation operation : Contract.load().operations()) {
            if (!LAST.contains(operation.id())) {
                each(operation);
            }
        }
        ask("GET", "/services/web/logs?tail=1000", "");
        for (String path : List.of("/", "/metrics", "/isalive", "/healthz", "/openapi.yaml", "/no-such-page")) {
            corpus.add(new Said(path, argus.send(argus.request(path)).body()));
        }
    }

    private void lastOperations() {
        Contract.load().operations().stream()
                .filter(operation -> LAST.indexOf(operation.id()) > 0)
                .sorted(Comparator.comparingInt(operation -> LAST.indexOf(operation.id())))
                .forEach(this::each);
    }

    private void each(Contract.Operation operation) {
        String id =
                operation.path().startsWith("/services") ? newest("/services/web/incidents") : newest("/deployments");
        String path = operation
                .path()
                .replace("{name}", "web")
                .replace("{key}", "SECRET")
                .replace("{user}", USER)
                .replace("{id}", operation.path().startsWith("/tokens") ? "none" : id);
        Answer answer = ask(operation.method().name(), path, body(operation.id()));
        if (operation.id().equals("login")) {
            return;
        }
        assertThat(answer.status()).as(operation.id() + ": " + answer.body()).isNotIn(401, 403);
    }

    private String newest(String list) {
        return argus.get(list).array().getJsonObject(0).getString("id");
    }

    private String body(String operation) {
        return switch (operation) {
            case "login" -> signIn(USER, "not " + password);
            case "deploy" -> new JsonObject().put("repository", repository()).encode();
            case "scale" -> "{\"instances\":1}";
            case "listRefs" -> new JsonObject().put("repository", repository()).encode();
            case "patchEnv" -> "{\"A\":\"b\"}";
            case "putSecret" -> value(secret);
            case "createToken" -> "{\"name\":\"another\",\"role\":\"viewer\"}";
            case "putUser" -> user(password);
            default -> "";
        };
    }

    private void processes() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            all.filter(path -> path.getFileName().toString().matches("\\d+")).forEach(path -> {
                try {
                    corpus.add(new Said(
                            "the arguments of " + path,
                            Files.readString(path.resolve("cmdline"), StandardCharsets.ISO_8859_1)));
                } catch (IOException gone) {
                    corpus.add(new Said(path.toString(), "gone"));
                }
            });
        }
    }

    private void commandsOnTheHost() throws Exception {
        for (List<String> command : List.of(
                List.of("doctor"),
                List.of("doctor", "-o", "json"),
                List.of("token", "list"),
                List.of("user", "list"),
                List.of("audit", "verify"),
                List.of("keys", "list"))) {
            corpus.add(new Said("argus-server " + command, said(command)));
        }
    }

    private String said(List<String> command) throws Exception {
        Path out = Files.createTempFile(directory, "said", ".txt");
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.argus.Main"));
        line.addAll(command);
        line.addAll(List.of("--config", directory.resolve("server/config.json").toString()));
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(command + " did not end within a minute");
        }
        String said = Files.readString(out);
        assertThat(process.exitValue()).as(command + ": " + said).isIn(0, 1);
        assertThat(said).isNotEmpty();
        return said;
    }

    /** Of all that Argus has written; what is in memory of processes is no file. */
    private List<String> filesThatHold() throws IOException {
        var found = new ArrayList<String>();
        try (Stream<Path> all = Files.walk(argus.dataDirectory())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                canaries().forEach((what, canary) -> {
                    if (content.contains(canary)) {
                        found.add(file + " has " + what);
                    }
                });
            }
        }
        return found;
    }
}
