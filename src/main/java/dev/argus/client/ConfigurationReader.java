package dev.argus.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds config.json and reads the client's section; the server's is not judged here. */
final class ConfigurationReader {
    private final Path file;

    private ConfigurationReader(Path file) {
        this.file = file;
    }

    /**
     * Reads the first file there is: the one of {@code --config}, $ARGUS_CONFIG, ./config.json,
     * ~/.config/argus/config.json.
     *
     * @throws ClientFailure (wrong usage) if a named file is missing, or if the file is wrong, with the path of the key
     */
    static Configuration find(Globals globals, Surroundings surroundings) {
        String named = globals.config != null ? globals.config : surroundings.variable("ARGUS_CONFIG");
        if (named != null) {
            Path file = surroundings.directory().resolve(named);
            if (!Files.exists(file)) {
                throw ClientFailure.usage("The configuration " + file + " does not exist: give another file with "
                        + (globals.config != null ? "--config." : "$ARGUS_CONFIG."));
            }
            return new ConfigurationReader(file).read();
        }
        Path here = surroundings.directory().resolve("config.json");
        if (Files.exists(here)) {
            return new ConfigurationReader(here).read();
        }
        Path home = surroundings.home().resolve("config.json");
        return Files.exists(home) ? new ConfigurationReader(home).read() : Configuration.DEFAULT;
    }

    private Configuration read() {
        Json whole;
        try {
            whole = Json.read(Files.readString(file));
        } catch (JsonException e) {
            throw ClientFailure.usage(file + " is not JSON (line " + e.line() + ", column " + e.column() + "): "
                    + Text.line(String.valueOf(e.getMessage())) + ".");
        } catch (IOException e) {
            throw ClientFailure.usage(file + " cannot be read (" + Text.line(String.valueOf(e.getMessage())) + ").");
        }
        object(whole, "the file");
        known(whole, "", "server", "client", "$schema");
        Json client = whole.at("client");
        if (client.isNull()) {
            return Configuration.DEFAULT;
        }
        object(client, "client");
        known(client, "client.", "servers", "requirements");
        Json servers = client.at("servers");
        return new Configuration(
                servers.isNull() ? Configuration.DEFAULT.servers() : servers(servers),
                requirements(client.at("requirements")));
    }

    private List<Server> servers(Json array) {
        if (!array.isArray() || array.items().isEmpty()) {
            throw wrong("client.servers", "wants a list of at least one {\"name\", \"url\"}");
        }
        List<Server> servers = new ArrayList<>();
        for (Json item : array.items()) {
            String path = "client.servers[" + servers.size() + "]";
            object(item, path);
            known(item, path + ".", "name", "url");
            String url = item.at("url").string();
            if (url == null) {
                throw wrong(path + ".url", "wants a URL such as \"http://127.0.0.1:8080\"");
            }
            String name = item.at("name").isNull() ? url : item.at("name").string();
            if (name == null || name.isEmpty()) {
                throw wrong(path + ".name", "wants a text");
            }
            for (Server other : servers) {
                if (other.name().equals(name)) {
                    throw wrong(path + ".name", "is the name of another server too: \"" + Text.line(name) + "\"");
                }
            }
            try {
                servers.add(Server.of(name, url));
            } catch (ClientFailure e) {
                throw wrong(path + ".url", "wants a URL such as \"http://127.0.0.1:8080\"");
            }
        }
        return servers;
    }

    private Requirements requirements(Json object) {
        if (object.isNull()) {
            return Requirements.DEFAULT;
        }
        object(object, "client.requirements");
        known(object, "client.requirements.", "memory", "disk", "cpus");
        Requirements otherwise = Requirements.DEFAULT;
        if (!object.at("cpus").isNull() && !(object.decimal("cpus", -1) >= 0)) {
            throw wrong("client.requirements.cpus", "wants a number of cores such as 0.1");
        }
        return new Requirements(
                size(object, "memory", otherwise.memory()),
                size(object, "disk", otherwise.disk()),
                object.decimal("cpus", otherwise.cpus()));
    }

    private long size(Json object, String key, long otherwise) {
        String text = object.text(key);
        if (text == null) {
            return otherwise;
        }
        Long size = Units.size(text);
        if (size == null) {
            throw wrong("client.requirements." + key, "wants a size such as \"256MiB\"");
        }
        return size;
    }

    private void object(Json value, String path) {
        if (!value.isObject()) {
            throw wrong(path, "wants an object");
        }
    }

    private void known(Json object, String path, String... keys) {
        for (String key : object.keys()) {
            if (!List.of(keys).contains(key)) {
                throw wrong(
                        path + Text.line(key),
                        "is not known (known here: " + String.join(", ", keys)
                                + "); if this file is not Argus's, name yours with --config");
            }
        }
    }

    private ClientFailure wrong(String path, String what) {
        return ClientFailure.usage(file + ": " + path + " " + what + ".");
    }
}
