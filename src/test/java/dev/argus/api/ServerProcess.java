package dev.argus.api;

import dev.argus.config.ServerConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code argus-server serve} in a process of its own, which may be killed. Its log is added to {@code server.log} beside the data directory. */
final class ServerProcess implements RunningArgus.Server {
    private static final String READY = "ready http://127.0.0.1:";

    private final Process process;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts the server and waits until it is ready. */
    static ServerProcess start(ServerConfig config) {
        return start(config, List.of(), "dev.argus.Main");
    }

    /** Starts the server by a command that becomes it after it has prepared something. */
    static ServerProcess startBy(List<String> command, ServerConfig config) {
        return start(config, command, "dev.argus.Main");
    }

    /** Starts one whose deployments are held where {@link HeldServer#holdAt} says. */
    static ServerProcess startHeld(ServerConfig config) {
        return start(config, List.of(), HeldServer.class.getName());
    }

    private static ServerProcess start(ServerConfig config, List<String> before, String mainClass) {
        Path beside = config.dataDirectory().resolveSibling("server");
        try {
            Files.createDirectories(beside);
            Path file = Files.writeString(
                    beside.resolve("config.json"), json(config).encode());
            List<String> command = new ArrayList<>(before);
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseCompactObjectHeaders",
                    "-Xmx256m",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    mainClass,
                    "serve",
                    "--config",
                    file.toString()));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            log(config.dataDirectory()).toFile()))
                    .start();
            return new ServerProcess(process, ready(process, config));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the server with this data directory writes what it does. */
    static Path log(Path dataDirectory) {
        return dataDirectory.resolveSibling("server").resolve("server.log");
    }

    private static int ready(Process process, ServerConfig config) {
        CompletableFuture<Integer> port = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (BufferedReader out = process.inputReader()) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (line.startsWith(READY)) {
                        port.complete(Integer.valueOf(line.substring(READY.length())));
                    }
                }
                port.completeExceptionally(new IllegalStateException(
                        "the server ended; see its log:\n" + Files.readString(log(config.dataDirectory()))));
            } catch (IOException e) {
                port.completeExceptionally(e);
            }
        });
        try {
            return port.orTimeout(60, TimeUnit.SECONDS).join();
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static JsonObject json(ServerConfig config) {
        var health = config.health();
        var deploy = config.deploy();
        return new JsonObject()
                .put(
                        "server",
                        new JsonObject()
                                .put("host", config.host())
                                .put("port", config.port())
                                .put("dataDir", config.dataDirectory().toString())
                                .put(
                                        "portRange",
                                        new JsonArray()
                                                .add(config.portRange().first())
                                                .add(config.portRange().last()))
                                .put(
                                        "git",
                                        new JsonObject()
                                                .put("protocols", new JsonArray(List.copyOf(config.gitProtocols()))))
                                .put(
                                        "proxy",
                                        new JsonObject()
                                                .put("kind", config.proxy().kind())
                                                .put("host", config.proxy().host())
                                                .put("httpPort", config.proxy().httpPort())
                                                .put("domain", config.proxy().domain()))
                                .put(
                                        "health",
                                        new JsonObject()
                                                .put("path", health.path())
                                                .put("interval", text(health.interval()))
                                                .put("timeout", text(health.timeout()))
                                                .put("failures", health.failures())
                                                .put("grace", text(health.grace())))
                                .put(
                                        "deploy",
                                        new JsonObject()
                                                .put("queue", deploy.queue())
                                                .put("cloneTimeout", text(deploy.cloneTimeout()))
                                                .put("buildTimeout", text(deploy.buildTimeout()))
                                                .put("healthyTimeout", text(deploy.healthyTimeout()))
                                                .put("drainTimeout", text(deploy.drainTimeout()))
                                                .put("bake", text(deploy.bake()))
                                                .put("keepReleases", deploy.keepReleases()))
                                .put(
                                        "log",
                                        new JsonObject()
                                                .put("level", config.log().level())));
    }

    private static String text(Duration duration) {
        return duration.toMillis() + "ms";
    }

    long pid() {
        return process.pid();
    }

    /** {@code kill -9}, and waits for the end. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the server did not end within a minute");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
