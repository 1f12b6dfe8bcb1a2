package dev.argus.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schema of config.json says what {@link ConfigLoader} does. */
class ConfigSchemaTest {
    private static final Path SHIPPED = Path.of("config.json");
    private final ConfigSchema schema = ConfigSchema.shipped();

    @TempDir
    Path directory;

    @Test
    void theLoaderKnowsTheKeysOfTheSchemaAndNoOthers() throws IOException {
        for (String path : schema.paths()) {
            if (!path.contains("[]")) {
                String unknown = path.isEmpty() ? "nonsense" : path + ".nonsense";
                assertThat(known(problems(with(unknown, true))))
                        .as("keys at \"%s\"", path)
                        .isEqualTo(schema.keys(path));
            }
        }
    }

    private static Set<String> known(List<String> problems) {
        assertThat(problems).hasSize(1);
        String list = problems.getFirst().replaceFirst(".*; known are ", "");
        return new TreeSet<>(List.of(list.substring(0, list.length() - 1).split(", ", -1)));
    }

    @Test
    void theDefaultsOfTheSchemaAreThoseOfTheServer() throws IOException {
        JsonObject defaults = schema.defaultsBelow("server");
        assertThat(defaults.getJsonObject("server").fieldNames()).hasSize(12);
        assertThat(ConfigLoader.load(file(defaults))).isEqualTo(ServerConfig.DEFAULT);
        assertThat(ConfigLoader.load(file(new JsonObject()))).isEqualTo(ServerConfig.DEFAULT);
    }

    @Test
    void theSchemaRefusesTheValuesThatTheLoaderRefuses() throws IOException {
        for (var leaf : schema.leaves().entrySet()) {
            if (leaf.getKey().startsWith("$")) {
                continue;
            }
            for (Object value : candidates(leaf.getValue())) {
                JsonObject config = with(leaf.getKey(), value);
                List<String> problems = new ArrayList<>(problems(config));
                problems.addAll(problemsOfTheClient(config));
                assertThat(schema.allows(config))
                        .as("the schema on %s, of which the loader says %s", config, problems)
                        .isEqualTo(problems.isEmpty());
            }
        }
    }

    /** Values on both sides of each bound that a schema can express, and of every other type. */
    private static List<Object> candidates(JsonObject field) {
        var values = new ArrayList<Object>(List.of(
                true,
                "",
                " ",
                "x",
                "/x",
                "5",
                "2s",
                "1.5m",
                "1h 2m",
                5,
                1.5,
                -1,
                new JsonObject(),
                new JsonArray(),
                "/a b",
                "//x",
                "/" + "x".repeat(1024),
                "256MiB",
                new JsonArray().add(new JsonObject().put("url", "http://127.0.0.1:8080")),
                new JsonArray().add(new JsonObject().put("url", "gopher://127.0.0.1")),
                new JsonArray()
                        .add(new JsonObject()
                                .put("url", "http://127.0.0.1:8080")
                                .put("nam", "x")),
                new JsonArray().add(new JsonObject().put("name", "x")),
                new JsonArray().add("https"),
                new JsonArray().add("gopher"),
                new JsonArray().add(1024).add(65535),
                new JsonArray().add(1023).add(65535),
                new JsonArray().add(1024).add(65536),
                new JsonArray().add(1024),
                new JsonArray().add(1024).add(1025).add(1026)));
        ConfigSchema.choices(field).forEach(values::add);
        for (String bound : List.of("minimum", "maximum")) {
            Integer at = field.getInteger(bound);
            if (at != null) {
                values.addAll(List.of(at - 1, at, at + 1));
            }
        }
        return values;
    }

    @Test
    void theShippedFileFitsTheSchemaAndLoads() throws IOException {
        assertThat(schema.allows(new JsonObject(Files.readString(SHIPPED)))).isTrue();
        assertThat(ConfigLoader.read(SHIPPED).problems()).isEmpty();
        assertThat(ConfigLoader.load(SHIPPED)).isEqualTo(ServerConfig.DEFAULT);
    }

    @Test
    void aDataDirectoryThatCannotBeAPathIsAProblemOfItsField() throws IOException {
        assertThat(problems(with("server.dataDir", "a\0b")))
                .singleElement()
                .asString()
                .startsWith("server.dataDir: ");
    }

    private List<String> problems(JsonObject config) throws IOException {
        return ConfigLoader.read(file(config)).problems();
    }

    private List<String> problemsOfTheClient(JsonObject config) throws IOException {
        return ConfigLoader.read(file(config)).problemsOfTheClient();
    }

    private Path file(JsonObject config) throws IOException {
        return Files.writeString(directory.resolve("config.json"), config.encode());
    }

    private static JsonObject with(String path, Object value) {
        var config = new JsonObject();
        ConfigSchema.put(config, path, value);
        return config;
    }
}
