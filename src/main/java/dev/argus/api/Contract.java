package dev.argus.api;

import dev.argus.auth.Role;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The OpenAPI contract: the text as it is published, and what requests must be like, read from it. The role that an operation
 * needs stands there as {@code x-role}; {@code none} for the open ones.
 *
 * <p>A library could make the router of it, and does so in the tests, where it also proves that the contract is a valid one; at
 * every start that would cost half a second.
 *
 * @param yaml as it is served at {@code /openapi.yaml}
 */
record Contract(String yaml, List<Operation> operations) {
    private static final String RESOURCE = "/openapi/argus.yaml";
    private static final String PARAMETERS = "parameters";

    /** Copies the list. */
    Contract {
        operations = List.copyOf(operations);
    }

    /**
     * One operation.
     *
     * @param path as in the contract, with {@code {name}} for parameters
     * @param role what it needs; empty when it is open to everybody
     * @param body the schema of its body; empty when it takes none
     */
    record Operation(
            String id,
            HttpMethod method,
            String path,
            Optional<Role> role,
            List<Parameter> parameters,
            Optional<JsonObject> body,
            boolean bodyRequired) {}

    /** A parameter in the path or in the query. */
    record Parameter(String name, boolean inPath, boolean required, JsonObject schema) {}

    /** Reads the contract; takes a tenth of a second. */
    static Contract load() {
        String yaml = text();
        return new Reader(YamlDocument.read(yaml)).read(yaml);
    }

    static String text() {
        try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Reader {
        private final JsonObject document;

        Reader(JsonObject document) {
            this.document = document;
        }

        Contract read(String yaml) {
            List<Operation> operations = new ArrayList<>();
            JsonObject paths = document.getJsonObject("paths");
            for (String path : paths.fieldNames()) {
                JsonObject item = paths.getJsonObject(path);
                for (String method : item.fieldNames()) {
                    if (!method.equals(PARAMETERS)) {
                        operations.add(operation(path, method, item));
                    }
                }
            }
            return new Contract(yaml, operations);
        }

        private Operation operation(String path, String method, JsonObject item) {
            JsonObject json = item.getJsonObject(method);
            String id = json.getString("operationId");
            String role = json.getString("x-role");
            if (role == null) {
                throw new IllegalStateException("the operation " + id + " has no x-role");
            }
            List<Parameter> parameters = new ArrayList<>(parameters(item));
            parameters.addAll(parameters(json));
            JsonObject body = json.getJsonObject("requestBody");
            return new Operation(
                    id,
                    HttpMethod.valueOf(method.toUpperCase(java.util.Locale.ROOT)),
                    path,
                    role.equals("none") ? Optional.empty() : Optional.of(Role.of(role)),
                    List.copyOf(parameters),
                    Optional.ofNullable(body).map(this::schema),
                    body != null && body.getBoolean("required", false));
        }

        private List<Parameter> parameters(JsonObject owner) {
            List<Parameter> parameters = new ArrayList<>();
            for (Object each : owner.getJsonArray(PARAMETERS, new JsonArray())) {
                JsonObject json = (JsonObject) inlined(each);
                parameters.add(new Parameter(
                        json.getString("name"),
                        json.getString("in").equals("path"),
                        json.getBoolean("required", false),
                        json.getJsonObject("schema")));
            }
            return parameters;
        }

        private JsonObject schema(JsonObject body) {
            JsonObject media = body.getJsonObject("content").getJsonObject("application/json");
            return (JsonObject) inlined(media.getJsonObject("schema"));
        }

        /** The same with what every {@code $ref} points to in its place; requests have no schema that contains itself. */
        private Object inlined(Object value) {
            return switch (value) {
                case JsonObject object when object.containsKey("$ref") -> inlined(target(object.getString("$ref")));
                case JsonObject object -> {
                    var copy = new JsonObject();
                    object.forEach(entry ->
                            copy.put(entry.getKey(), entry.getValue() == null ? null : inlined(entry.getValue())));
                    yield copy;
                }
                case JsonArray array -> {
                    var copy = new JsonArray();
                    array.forEach(each -> copy.add(each == null ? null : inlined(each)));
                    yield copy;
                }
                case Map<?, ?> map -> {
                    var object = new JsonObject();
                    map.forEach((key, each) -> object.put(String.valueOf(key), each));
                    yield inlined(object);
                }
                case List<?> list -> inlined(new JsonArray(list));
                default -> value;
            };
        }

        private JsonObject target(String reference) {
            JsonObject at = document;
            for (String part : reference.substring("#/".length()).split("/", -1)) {
                at = Objects.requireNonNull(at.getJsonObject(part), reference);
            }
            return at;
        }
    }
}
