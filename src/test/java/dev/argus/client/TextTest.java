package dev.argus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
    private static final String ESC = "\u001b";

    @Test
    void whatCouldControlATerminalIsShownInstead() {
        assertThat(Text.safe(ESC + "]0;title\u0007")).isEqualTo("\\x1b]0;title\\x07");
        assertThat(Text.safe("real\rfake")).isEqualTo("real\\rfake");
        assertThat(Text.safe("\u009b2J\u007f\u0000")).isEqualTo("\\x9b2J\\x7f\\x00");
        assertThat(Text.safe("a\u202eb\u2066c\u2069")).isEqualTo("a\\u202eb\\u2066c\\u2069");
    }

    @Test
    void ordinaryTextOfAnyLanguageStaysAsItIsWithItsTabsAndLines() {
        String text = "déjà vu\t日本語\n🚀 עברית\n";
        assertThat(Text.safe(text)).isSameAs(text);
    }

    @Test
    void aCellOfATableCannotBeginALine() {
        assertThat(Text.line("web\nfake  running\t1")).isEqualTo("web\\nfake  running\\t1");
    }

    @Test
    void tokensAndPasswordsAreHidden() {
        assertThat(Text.withoutSecrets("with abcdef12 in it", "abcdef12")).isEqualTo("with *** in it");
        assertThat(Text.withoutSecrets("a eyJhbGciOiJFZERTQSJ9.eyJzdWIi.c2ln b"))
                .isEqualTo("a *** b");
        assertThat(Text.withoutSecrets("eyJ is short")).isEqualTo("eyJ is short");
        assertThat(Text.withoutPasswords("clone https://u:p:q@h/x and ssh://a:b@c, http://h:80/y@z"))
                .isEqualTo("clone https://u:***@h/x and ssh://a:***@c, http://h:80/y@z");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noRandomTextGetsThroughWithAControlCharacter(long seed) {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(40); j > 0; j--) {
                text.append((char) (random.nextBoolean() ? random.nextInt(0x100) : random.nextInt(0x2000, 0x2080)));
            }
            assertThat(Text.safe(text.toString()))
                    .matches("[\\n\\t\\x20-\\x7e\\u00a0-\\uffff&&[^\\u202a-\\u202e\\u2066-\\u2069]]*");
            assertThat(Text.line(text.toString())).doesNotContain("\n", "\t", "\r", ESC);
            assertThat(Text.withoutSecrets(text.toString())).isNotNull();
        }
    }
}
