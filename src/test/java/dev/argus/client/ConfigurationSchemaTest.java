package dev.argus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argus.config.ConfigSchema;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schema of config.json says what the client reads. */
class ConfigurationSchemaTest {
    private static final Pattern KNOWN = Pattern.compile("\\(known here: ([^)]*)\\)");
    private final ConfigSchema schema = ConfigSchema.shipped();

    @TempDir
    Path directory;

    @Test
    void theClientKnowsTheKeysOfTheSchemaAndNoOthers() {
        assertThat(known(new JsonObject().put("nonsense", 1))).isEqualTo(schema.keys(""));
        assertThat(known(client(new JsonObject().put("nonsense", 1)))).isEqualTo(schema.keys("client"));
        assertThat(known(client(new JsonObject().put("requirements", new JsonObject().put("nonsense", 1)))))
                .isEqualTo(schema.keys("client.requirements"));
        assertThat(known(client(new JsonObject()
                        .put("servers", new JsonArray().add(new JsonObject().put("nonsense", 1))))))
                .isEqualTo(schema.keys("client.servers[]"));
    }

    @Test
    void theDefaultsOfTheSchemaAreThoseOfTheClient() throws IOException {
        assertThat(read(schema.defaultsBelow("client"))).isEqualTo(Configuration.DEFAULT);
        assertThat(read(client(new JsonObject()))).isEqualTo(Configuration.DEFAULT);
    }

    @Test
    void theSchemaRefusesTheSizesThatTheClientRefuses() {
        for (Object size : List.of(
                "256MiB", "1GiB", "1.5GiB", "10 MB", "3kB", "3KB", "3kiB", "3k", "5", "5B", "", "MiB", "x", 5, -5,
                true)) {
            JsonObject config = client(new JsonObject().put("requirements", new JsonObject().put("memory", size)));
            assertThat(schema.allows(config)).as("%s", config).isEqualTo(isRead(config));
        }
    }

    @Test
    void theSchemaRefusesTheServersThatTheClientRefuses() {
        for (JsonArray servers : List.of(
                new JsonArray(),
                new JsonArray().add("http://127.0.0.1:8080"),
                new JsonArray().add(new JsonObject().put("name", "a")),
                new JsonArray().add(new JsonObject().put("url", "http://127.0.0.1:8080")),
                new JsonArray().add(new JsonObject().put("url", "HTTPS://argus.example.com/below")),
                new JsonArray().add(new JsonObject().put("url", "ftp://127.0.0.1")),
                new JsonArray().add(new JsonObject().put("name", "").put("url", "http://127.0.0.1")))) {
            JsonObject config = client(new JsonObject().put("servers", servers));
            assertThat(schema.allows(config)).as("%s", config).isEqualTo(isRead(config));
        }
    }

    @Test
    void theShippedFileIsRead() throws IOException {
        var config = new JsonObject(Files.readString(Path.of("config.json")));
        assertThat(read(config).requirements()).isEqualTo(Requirements.DEFAULT);
        assertThat(read(config).servers()).extracting(Server::name).containsExactly("app1");
    }

    private static JsonObject client(JsonObject section) {
        return new JsonObject().put("client", section);
    }

    private Set<String> known(JsonObject config) {
        Set<String> keys = new TreeSet<>();
        assertThatThrownBy(() -> read(config)).isInstanceOfSatisfying(ClientFailure.class, failure -> {
            Matcher known = KNOWN.matcher(failure.sentence());
            assertThat(known.find()).as(failure.sentence()).isTrue();
            keys.addAll(List.of(known.group(1).split(", ", -1)));
        });
        return keys;
    }

    private boolean isRead(JsonObject config) {
        try {
            read(config);
            return true;
        } catch (ClientFailure refused) {
            return false;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Configuration read(JsonObject config) throws IOException {
        Files.writeString(directory.resolve("config.json"), config.encode());
        var nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return ConfigurationReader.find(
                new Globals(),
                new Surroundings(InputStream.nullInputStream(), nowhere, nowhere, Map.of(), directory, Terminal.NONE));
    }
}
