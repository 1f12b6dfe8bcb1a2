package dev.argus.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The schema of config.json that ships with Argus, as tests look at it. */
public final class ConfigSchema {
    private final JsonObject schema;

    private ConfigSchema(JsonObject schema) {
        this.schema = schema;
    }

    /** The one in the jar. */
    public static ConfigSchema shipped() {
        try (InputStream in = ConfigSchema.class.getResourceAsStream("/config.schema.json")) {
            return new ConfigSchema(
                    new JsonObject(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it allows {@code config}. */
    public boolean allows(JsonObject config) {
        var options = new JsonSchemaOptions()
                .setDraft(Draft.DRAFT202012)
                .setBaseUri("urn:argus:test")
                .setOutputFormat(OutputFormat.Flag);
        return Boolean.TRUE.equals(Validator.create(JsonSchema.of(schema), options)
                .validate(config)
                .getValid());
    }

    /** The keys that the object at {@code path} may have. */
    public Set<String> keys(String path) {
        JsonObject object = Objects.requireNonNull(objects().get(path), path);
        return new TreeSet<>(object.getJsonObject("properties").fieldNames());
    }

    /** The paths of all objects that it describes: {@code ""} for the whole, those in arrays as {@code servers[]}. */
    public Set<String> paths() {
        return objects().keySet();
    }

    private Map<String, JsonObject> objects() {
        Map<String, JsonObject> found = new LinkedHashMap<>();
        collect("", schema, found);
        return found;
    }

    /** Every field that holds no object, by its path, definitions filled in. */
    public Map<String, JsonObject> leaves() {
        Map<String, JsonObject> leaves = new LinkedHashMap<>();
        objects()
                .forEach((path, object) -> object.getJsonObject("properties").forEach(property -> {
                    var field = (JsonObject) property.getValue();
                    if (!field.containsKey("properties")) {
                        leaves.put(join(path, property.getKey()), filledIn(field));
                    }
                }));
        return leaves;
    }

    /** A file that says what holds where nothing is said, in the section and below it. */
    public JsonObject defaultsBelow(String section) {
        var config = new JsonObject();
        leaves().forEach((path, field) -> {
            if (path.startsWith(section + ".") && field.containsKey("default")) {
                put(config, path, field.getValue("default"));
            }
        });
        return config;
    }

    /** Puts a value where {@code path} says, making the objects on the way. */
    public static void put(JsonObject into, String path, Object value) {
        String[] names = path.split("\\.", -1);
        JsonObject at = into;
        for (int i = 0; i < names.length - 1; i++) {
            if (!at.containsKey(names[i])) {
                at.put(names[i], new JsonObject());
            }
            at = at.getJsonObject(names[i]);
        }
        at.put(names[names.length - 1], value);
    }

    private JsonObject filledIn(JsonObject field) {
        String reference = field.getString("$ref");
        if (reference == null) {
            return field;
        }
        String name = reference.substring(reference.lastIndexOf('/') + 1);
        return schema.getJsonObject("$defs").getJsonObject(name).copy().mergeIn(field);
    }

    private static void collect(String path, JsonObject at, Map<String, JsonObject> found) {
        if (!at.containsKey("properties")) {
            return;
        }
        found.put(path, at);
        for (Map.Entry<String, Object> property : at.getJsonObject("properties")) {
            var field = (JsonObject) property.getValue();
            String below = join(path, property.getKey());
            collect(below, field, found);
            if (field.getValue("items") instanceof JsonObject item) {
                collect(below + "[]", item, found);
            }
        }
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The values of an enumeration, empty where there is none. */
    public static JsonArray choices(JsonObject field) {
        return field.getJsonArray("enum", new JsonArray());
    }
}
