package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class YamlDocumentTest {

    @Test
    void theContractIsReadAsByTheLibraryItself() {
        assertThat(YamlDocument.read(Contract.text())).isEqualTo(byTheLibrary(Contract.text()));
    }

    @Test
    void everyKindOfValueIsReadAsByTheLibraryItself() {
        String yaml = """
                numbers: [1, -7, 4294967296, 0.5]
                truths: {yes: true, 'no': false}
                texts: ["1", 'true', plain words, '']
                nothing: [null, ~, ]
                200: the key is a number
                folded: >-
                  one
                  line
                one: &one {a: 1}
                again: *one
                """;
        assertThat(YamlDocument.read(yaml).encode()).isEqualTo("""
                {"numbers":[1,-7,4294967296,0.5],"truths":{"yes":true,"no":false},"texts":["1","true","plain words",""],\
                "nothing":[null,null],"200":"the key is a number","folded":"one line","one":{"a":1},"again":{"a":1}}""");
    }

    private static JsonObject byTheLibrary(String yaml) {
        Map<?, ?> content = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        var read = new JsonObject();
        content.forEach((key, value) -> read.put(String.valueOf(key), value));
        return new JsonObject(read.encode());
    }
}
