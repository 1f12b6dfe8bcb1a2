package dev.argus.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs commands in this JVM, with a home, a working directory and an environment of their own. */
final class Client {
    /** What came of a command. */
    record Result(int status, String out, String err) {}

    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();
    private Terminal terminal = Terminal.NONE;
    private String input = "";

    Client(Path directory) {
        this.directory = directory;
        environment.put("HOME", directory.resolve("home").toString());
    }

    Client with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Client input(String text) {
        input = text;
        return this;
    }

    Client terminal(Terminal other) {
        terminal = other;
        return this;
    }

    /** Writes ./config.json. */
    Client configuration(String json) {
        try {
            Files.writeString(directory.resolve("config.json"), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Writes a ./config.json with these servers, called app1, app2 and so on. */
    Client servers(String... urls) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < urls.length; i++) {
            list.append(i == 0 ? "" : ",").append("{\"name\":\"app").append(i + 1);
            list.append("\",\"url\":\"").append(urls[i]).append("\"}");
        }
        return configuration("{\"client\":{\"servers\":[" + list + "]}}");
    }

    Path credentials() {
        return directory.resolve("home/.config/argus/credentials.json");
    }

    Result run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = ArgusClient.run(
                args,
                new Surroundings(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        environment,
                        directory,
                        terminal));
        return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
