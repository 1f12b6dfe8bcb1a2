package dev.argus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "[01]",
                "[1.]",
                "[.5]",
                "[+1]",
                "[1e]",
                "[-]",
                "nul",
                "[\"\\x\"]",
                "[\"\\u00g0\"]",
                "[\"\\u00\"]",
                "[\"a\nb\"]",
                "\"a",
                "1 2",
                "[1]]",
                "{\"a\":1,\"a\":2}",
                "'a'",
                "NaN",
                "[1 2]",
                "{\"a\" 1}"
            })
    void whatIsNotJsonIsAnError(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void theErrorSaysWhereAndWhy() {
        JsonException error =
                catchThrowableOfType(JsonException.class, () -> Json.read("{\n  \"a\": 1\n  \"b\": 2\n}"));
        assertThat(error).hasMessage("',' is missing");
        assertThat(error.line()).isEqualTo(3);
        assertThat(error.column()).isEqualTo(3);
    }

    @Test
    void whatIsNestedTooDeeplyIsAnErrorAndNoOverflow() {
        assertThatThrownBy(() -> Json.read("[".repeat(100_000))).hasMessage("it is nested too deeply");
    }

    @Test
    void numbersKeepTheirValue() throws Exception {
        Json json = Json.read("{\"a\":999999999999999999,\"b\":-0.5e2,\"c\":12345678901234567890}");
        assertThat(json.number("a", 0)).isEqualTo(999_999_999_999_999_999L);
        assertThat(json.decimal("b", 0)).isEqualTo(-50);
        assertThat(json.decimal("c", 0)).isEqualTo(1.2345678901234567e19);
    }

    @Test
    void whatIsNotThereIsNullOrEmpty() throws Exception {
        Json json = Json.read("{\"a\":null,\"b\":\"x\"}");
        assertThat(json.text("a")).isNull();
        assertThat(json.text("z", "otherwise")).isEqualTo("otherwise");
        assertThat(json.at("z").at("y").items()).isEmpty();
        assertThat(json.at("b").keys()).isEmpty();
        assertThat(json.number("b", 7)).isEqualTo(7);
        assertThat(json.flag("b")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anyRandomValueIsReadAsItWasWrittenAndAsJacksonReadsIt(long seed) throws Exception {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 500; i++) {
            Object value = value(random, 4);
            String text = Json.write(value);
            assertThat(Json.read(text).plain()).isEqualTo(value);
            assertThat(jackson(text)).as(text).isEqualTo(value);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void ofAnyDamagedTextJacksonThinksTheSame(long seed) {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        String characters = "{}[]\",:\\ \n01.-+eEtrufalsn/\u0001";
        for (int i = 0; i < 4_000; i++) {
            StringBuilder text = new StringBuilder(Json.write(value(random, 3)));
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                text.setCharAt(at, characters.charAt(random.nextInt(characters.length())));
            }
            assertThat(isJson(text.toString())).as(text.toString()).isEqualTo(isJacksons(text.toString()));
        }
    }

    private static @Nullable Object value(RandomGenerator random, int depth) {
        int kinds = depth == 0 ? 5 : 7;
        return switch (random.nextInt(kinds)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong(-1_000_000_000_000L, 1_000_000_000_000L);
            case 3 -> random.nextDouble() * Math.pow(10, random.nextInt(-20, 20));
            case 4 -> text(random);
            case 5 -> {
                List<@Nullable Object> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(value(random, depth - 1));
                }
                yield items;
            }
            default -> {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    fields.put(text(random), value(random, depth - 1));
                }
                yield fields;
            }
        };
    }

    private static String text(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> text.append((char) random.nextInt(0x20));
                case 1 -> text.append("\"\\/bu".charAt(random.nextInt(5)));
                case 2 -> text.appendCodePoint(0x1f600 + random.nextInt(40));
                default -> text.append((char) random.nextInt(0x20, 0x3000));
            }
        }
        return text.toString();
    }

    private static boolean isJson(String text) {
        try {
            Json.read(text);
            return true;
        } catch (JsonException e) {
            return false;
        }
    }

    private static boolean isJacksons(String text) {
        try {
            jackson(text);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static @Nullable Object jackson(String text) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
            if (parser.nextToken() == null) {
                throw new IOException("empty");
            }
            Object value = jackson(parser);
            if (parser.nextToken() != null) {
                throw new IOException("more");
            }
            return value;
        }
    }

    private static @Nullable Object jackson(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_ARRAY -> {
                List<@Nullable Object> items = new ArrayList<>();
                while (parser.nextToken() != com.fasterxml.jackson.core.JsonToken.END_ARRAY) {
                    items.add(jackson(parser));
                }
                yield items;
            }
            case START_OBJECT -> {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                String key;
                while ((key = parser.nextFieldName()) != null) {
                    parser.nextToken();
                    fields.put(key, jackson(parser));
                }
                yield fields;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue().longValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }
}
