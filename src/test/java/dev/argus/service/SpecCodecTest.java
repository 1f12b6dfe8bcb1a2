package dev.argus.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecCodecTest {
    private static final String FULL = """
            { "build": "go build -o app .", "start": "./app {port}", "stop": null, "port": null, "instances": 2,
              "isalive": { "path": "/isalive", "interval": "2s", "timeout": "2s", "failures": 3, "grace": "30s" },
              "env": { "LOG_LEVEL": "info" }, "resources": { "memory": "256MiB", "cpus": 0.5, "tasks": 256 },
              "hosts": ["Simple.Example.com"], "data": ["uploads"], "stopTimeout": "10s" }
            """;

    private static ServiceSpec decode(String json) {
        return SpecCodec.decode(StrictJson.object("argus.json", json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void everyFieldOfTheContractIsReadAndWrittenBack() {
        ServiceSpec spec = decode(FULL);

        assertThat(spec.instances()).isEqualTo(2);
        assertThat(spec.isalive().interval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(spec.resources().memory()).isEqualTo(new ByteSize(256L << 20));
        assertThat(spec.hosts()).containsExactly("simple.example.com");
        assertThat(spec.stop()).isNull();
        assertThat(SpecCodec.decode(SpecCodec.encode(spec))).isEqualTo(spec);
        assertThat(SpecCodec.decode(new JsonObject(SpecCodec.encode(spec).encode())))
                .isEqualTo(spec);
    }

    @Test
    void aHostMayCarryAPath() {
        assertThat(decode("{\"hosts\": [\"Example.org/Api/v1/\", \"b/\", \"b\"]}")
                        .hosts())
                .containsExactly("example.org/Api/v1", "b");
    }

    @Test
    void anEmptyObjectSaysNothing() {
        assertThat(decode("{}")).isEqualTo(ServiceSpec.NONE);
        assertThat(SpecCodec.encode(ServiceSpec.NONE).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "nam | {\"nam\": 1}",
                "isalive.paht | {\"isalive\": {\"paht\": \"/\"}}",
                "resources.disk | {\"resources\": {\"disk\": 1}}",
                "port | {\"port\": 0}",
                "port | {\"port\": 65536}",
                "port | {\"port\": \"80\"}",
                "port | {\"port\": 80.5}",
                "port | {\"port\": 99999999999999999999}",
                "instances | {\"instances\": 65}",
                "isalive.interval | {\"isalive\": {\"interval\": \"50ms\"}}",
                "isalive.interval | {\"isalive\": {\"interval\": 2}}",
                "isalive.path | {\"isalive\": {\"path\": \"isalive\"}}",
                "isalive.path | {\"isalive\": {\"path\": \"//evil/x\"}}",
                "isalive | {\"isalive\": \"/\"}",
                "env.1A | {\"env\": {\"1A\": \"x\"}}",
                "env.PORT | {\"env\": {\"PORT\": \"1\"}}",
                "env.ARGUS_SERVICE | {\"env\": {\"ARGUS_SERVICE\": \"x\"}}",
                "env.N | {\"env\": {\"N\": 1}}",
                "resources.memory | {\"resources\": {\"memory\": \"1KiB\"}}",
                "resources.cpus | {\"resources\": {\"cpus\": 0}}",
                "resources.tasks | {\"resources\": {\"tasks\": -1}}",
                "hosts[0] | {\"hosts\": [\"a_b\"]}",
                "hosts[1] | {\"hosts\": [\"a\", \"-b\"]}",
                "hosts | {\"hosts\": \"a\"}",
                "hosts[0] | {\"hosts\": [\"a//b\"]}",
                "hosts[0] | {\"hosts\": [\"a/../b\"]}",
                "hosts[0] | {\"hosts\": [\"a/b c\"]}",
                "hosts[0] | {\"hosts\": [\"a/b?c\"]}",
                "hosts[0] | {\"hosts\": [\"a/%2e\"]}",
                "hosts[0] | {\"hosts\": [\"/b\"]}",
                "hosts[0] | {\"hosts\": [\"http://a\"]}",
                "data[0] | {\"data\": [\"../x\"]}",
                "data[0] | {\"data\": [\"/etc\"]}",
                "data[0] | {\"data\": [\"a//b\"]}",
                "data[0] | {\"data\": [1]}",
                "start | {\"start\": \"a; b\"}",
                "build | {\"build\": \"\"}",
                "stopTimeout | {\"stopTimeout\": \"2h\"}"
            })
    void whatIsWrongIsRefusedByItsPath(String path, String json) {
        assertThatThrownBy(() -> decode(json))
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        refused -> assertThat(refused.field()).isEqualTo(path))
                .hasMessageEndingWith(".");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"{\"port\": 1, \"port\": 2}", "[1]", "{\"port\": 1} x", "{\"port\": ", "{\"a\": 1e}", "''"})
    void whatIsNoStrictJsonIsRefusedInOneSentence(String json) {
        assertThatThrownBy(() -> decode(json))
                .isInstanceOf(InvalidValue.class)
                .hasMessageStartingWith("argus.json ")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void jsonThatIsNestedTooDeepIsRefused() {
        assertThatThrownBy(() -> decode("{\"env\":" + "[".repeat(100_000))).isInstanceOf(InvalidValue.class);
    }

    @Test
    void otherKeysAreTheCallersBusinessOnlyWhereTheyAreNamed() {
        var json = new JsonObject().put("repository", "x").put("port", 80);

        assertThat(SpecCodec.decode(json, Set.of("repository", "ref")).port()).isEqualTo(80);
        assertThatThrownBy(() -> SpecCodec.decode(json)).hasMessageContaining("repository");
    }

    @Test
    void aMergeTakesEachFieldByItselfAndTheEnvironmentNameByName() {
        ServiceSpec above =
                decode("{\"port\": 1, \"env\": {\"A\": \"1\"}, \"isalive\": {\"path\": \"/x\"}, \"hosts\": [\"a\"]}");
        ServiceSpec below = decode(
                "{\"port\": 2, \"start\": \"./b\", \"env\": {\"A\": \"2\", \"B\": \"2\"}, \"isalive\": {\"path\": \"/y\", \"failures\": 9}, \"hosts\": [\"b\"]}");

        ServiceSpec merged = above.orElse(below);

        assertThat(merged.port()).isEqualTo(1);
        assertThat(merged.start()).isEqualTo("./b");
        assertThat(merged.env()).isEqualTo(Map.of("A", "1", "B", "2"));
        assertThat(merged.isalive().path()).isEqualTo("/x");
        assertThat(merged.isalive().failures()).isEqualTo(9);
        assertThat(merged.hosts()).isEqualTo(List.of("a"));
        assertThat(above.orElse(ServiceSpec.NONE)).isEqualTo(above);
        assertThat(ServiceSpec.NONE.orElse(above)).isEqualTo(above);
    }

    @Test
    void theSchemaThatShipsTakesAndRefusesTheSame() throws IOException {
        Validator schema = schema();

        assertThat(isValid(schema, FULL)).isTrue();
        assertThat(isValid(schema, "{\"$schema\": \"argus.schema.json\"}")).isTrue();
        assertThat(isValid(schema, "{\"hosts\": [\"example.org/api/v1\", \"example.org/\", \"a.b\"]}"))
                .isTrue();
        for (String wrong : List.of(
                "{\"nam\": 1}",
                "{\"isalive\": {\"paht\": \"/\"}}",
                "{\"port\": 0}",
                "{\"instances\": 65}",
                "{\"isalive\": {\"interval\": \"2\"}}",
                "{\"isalive\": {\"path\": \"//x\"}}",
                "{\"env\": {\"PORT\": \"1\"}}",
                "{\"env\": {\"ARGUS_X\": \"1\"}}",
                "{\"hosts\": [\"a_b\"]}",
                "{\"hosts\": [\"a/../b\"]}",
                "{\"hosts\": [\"a//b\"]}",
                "{\"hosts\": [\"a/b c\"]}",
                "{\"data\": [\"../x\"]}",
                "{\"data\": [\"a/../x\"]}",
                "{\"data\": [\"/etc\"]}")) {
            assertThat(isValid(schema, wrong)).as(wrong).isFalse();
        }
    }

    private static Validator schema() throws IOException {
        try (InputStream in = Objects.requireNonNull(SpecCodec.class.getResourceAsStream("/argus.schema.json"))) {
            var json = new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            return Validator.create(
                    JsonSchema.of(json),
                    new JsonSchemaOptions()
                            .setBaseUri("app://argus/")
                            .setDraft(Draft.DRAFT202012)
                            .setOutputFormat(OutputFormat.Flag));
        }
    }

    private static boolean isValid(Validator schema, String json) {
        return Boolean.TRUE.equals(schema.validate(new JsonObject(json)).getValid());
    }
}
