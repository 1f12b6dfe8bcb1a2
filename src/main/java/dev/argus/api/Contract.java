package dev.argus.api;

import dev.argus.auth.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The OpenAPI contract: the published text, the form that the router understands, and the role that each operation needs
 * ({@code x-role}; {@code none} for the open ones).
 *
 * @param yaml as it is served at {@code /openapi.yaml}
 * @param roles by operation id; empty for operations that need none
 */
record Contract(String yaml, OpenAPIContract openApi, Map<String, Optional<Role>> roles) {
    private static final String RESOURCE = "/openapi/argus.yaml";

    /** Takes some tenths of a second of one core, on a worker. */
    static Future<Contract> load(Vertx vertx) {
        String yaml = text();
        return vertx.executeBlocking(() -> {
                    var json = new JsonObject(
                            new Yaml(new SafeConstructor(new LoaderOptions())).<Map<String, Object>>load(yaml));
                    Map<String, Optional<Role>> roles = roles(json);
                    keepOnlyRequests(json);
                    return OpenAPIContract.from(vertx, json).map(openApi -> new Contract(yaml, openApi, roles));
                })
                .compose(Objects::requireNonNull);
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

    private static Map<String, Optional<Role>> roles(JsonObject json) {
        Map<String, Optional<Role>> roles = new HashMap<>();
        forEachOperation(json, operation -> {
            String word = operation.getString("x-role");
            String id = operation.getString("operationId");
            if (word == null) {
                throw new IllegalStateException("the operation " + id + " has no x-role");
            }
            roles.put(id, word.equals("none") ? Optional.empty() : Optional.of(Role.of(word)));
        });
        return Map.copyOf(roles);
    }

    /**
     * Takes the responses out: the library refuses contracts with the media types of problems and event streams, and Argus
     * validates what comes in, not what it says itself. Authentication is left to {@link Gate}.
     */
    private static void keepOnlyRequests(JsonObject json) {
        json.remove("security");
        JsonObject components = json.getJsonObject("components");
        components.remove("responses");
        components.remove("securitySchemes");
        forEachOperation(json, operation -> {
            operation.remove("security");
            operation.put(
                    "responses",
                    new JsonObject().put("default", new JsonObject().put("description", "see the published contract")));
        });
    }

    private static void forEachOperation(JsonObject json, java.util.function.Consumer<JsonObject> visit) {
        JsonObject paths = json.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            JsonObject item = paths.getJsonObject(path);
            for (String method : item.fieldNames()) {
                if (!method.equals("parameters")) {
                    visit.accept(item.getJsonObject(method));
                }
            }
        }
    }
}
