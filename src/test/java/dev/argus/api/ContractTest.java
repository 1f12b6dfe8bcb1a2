package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class ContractTest {
    private final Contract contract = Contract.load();

    /** The library refuses the media types of problems in responses, which is about the library: so they are left out for it. */
    @Test
    void thePublishedContractIsValidOpenApi() throws Exception {
        Map<String, Object> yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(contract.yaml());
        var json = new JsonObject(new JsonObject(yaml).encode());
        json.getJsonObject("components").remove("responses");
        var paths = json.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            for (String method : paths.getJsonObject(path).fieldNames()) {
                if (!method.equals("parameters")) {
                    paths.getJsonObject(path)
                            .getJsonObject(method)
                            .put(
                                    "responses",
                                    new JsonObject().put("default", new JsonObject().put("description", "x")));
                }
            }
        }
        var vertx = Vertx.vertx();
        try {
            var parsed = OpenAPIContract.from(vertx, json)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            assertThat(parsed.operations()).hasSameSizeAs(contract.operations());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void everyOperationHasAnIdOfItsOwnAndOnlySigningInIsOpen() {
        Set<String> ids = new HashSet<>();
        for (Contract.Operation operation : contract.operations()) {
            assertThat(ids.add(operation.id())).as(operation.id()).isTrue();
            assertThat(operation.role().isEmpty())
                    .as(operation.id())
                    .isEqualTo(operation.id().equals("login"));
        }
    }

    @Test
    void referencesAreFollowedSoThatASchemaStandsAlone() {
        var deploy = contract.operations().stream()
                .filter(operation -> operation.id().equals("deploy"))
                .findFirst()
                .orElseThrow();
        assertThat(deploy.body()).isPresent();
        assertThat(deploy.body().orElseThrow().encode()).contains("repository").doesNotContain("$ref");
        assertThat(deploy.parameters()).extracting(Contract.Parameter::name).containsExactly("name");
    }
}
